"""How fast one member may ask, so that nobody crowds out the others.

Kept in this process: with several tasks a member gets as many times the rate. What must hold
exactly, such as suggestions a day, is a condition in the tables instead.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from cufit_service.domain.errors import RateLimited

MEMBERS_KEPT = 10_000
"""Of the most recent; about 2 MB. Who is forgotten starts with a full bucket."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A token bucket: `burst` requests at once, then `per_second`."""

    burst: int
    per_second: float


READS = Rate(burst=120, per_second=30)
WRITES = Rate(burst=60, per_second=10)
"""A maker who invites a whole party, or an app that saves at every keystroke, stays below."""


@dataclass(slots=True)
class _Bucket:
    left: float
    filled_at: float


class RateLimits:
    def __init__(
        self,
        reads: Rate = READS,
        writes: Rate = WRITES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rates = {False: reads, True: writes}
        self._clock = clock
        self._buckets: OrderedDict[tuple[str, bool], _Bucket] = OrderedDict()

    def admit(self, member_id: str, *, writes: bool) -> None:
        """Raises RateLimited, which says when the next request would be admitted."""
        rate, now = self._rates[writes], self._clock()
        key = (member_id, writes)
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = _Bucket(float(rate.burst), now)
            if len(self._buckets) > MEMBERS_KEPT:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(key)
        filled = bucket.left + (now - bucket.filled_at) * rate.per_second
        bucket.left, bucket.filled_at = min(float(rate.burst), filled), now
        if bucket.left < 1:
            raise RateLimited(again_in_seconds=math.ceil((1 - bucket.left) / rate.per_second))
        bucket.left -= 1
