"""Whether, and for how long, a request waits for a model in trouble."""

import random
from datetime import datetime, timedelta

from match_worker.errors import MatchingError, ModelOverloaded, ModelResting, ModelUnreachable

DELAYS = (20, 60)
"""Seconds a request is put off after its first and its second attempt without an answer; the third
ends in rules."""

JITTER = 0.5
"""Share of a delay added at random, lest everything throttled comes back at one moment."""

LAST_BEGINS = timedelta(seconds=120)
"""After it was asked for, when the last attempt at a broken model is due: no delay ends later. When
it begins is up to the queue. With free workers its question and the rules take another minute at
most: three minutes together (tests/drills/test_patience.py plays it for 20 at once). A throttle
ends an attempt at once, so it is waited out over all DELAYS however long a request had to wait for
its first."""

_PASSING = (ModelOverloaded, ModelUnreachable, ModelResting)


def delay_after(
    error: MatchingError, attempt: int, asked_at: datetime, now: datetime
) -> int | None:
    """Seconds until the attempt after this one; None when there is to be none."""
    if not isinstance(error, _PASSING) or attempt > len(DELAYS):
        return None
    delay = round(DELAYS[attempt - 1] * (1 + JITTER * random.random()))  # noqa: S311 - spreads load
    if isinstance(error, ModelOverloaded):
        return delay
    left = int((asked_at + LAST_BEGINS - now).total_seconds())
    return min(delay, left) if left > 0 else None
