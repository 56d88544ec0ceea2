"""No more requests at once than can be answered in time; who comes on top is told at once.

Without this a burst makes everybody wait, until nobody is answered in time. It counts the whole
process, rate_limits one member. A place is for the work itself: who sends a body slowly, or waits
for the issuer's keys, holds none.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from cufit_service.domain.errors import Overloaded

MAX_UNDER_WAY: Final = 128
"""At the 70 requests a second of the smallest task the last one waits 1.8 s (docs/performance.md);
API Gateway gives up after 15 (stacks/components/entry.py)."""

AGAIN_IN_SECONDS: Final = 1
"""By then the requests under way are answered."""


class Admission:
    def __init__(self, limit: int = MAX_UNDER_WAY) -> None:
        self._limit = limit
        self._under_way = 0

    @contextmanager
    def place(self) -> Iterator[None]:
        """For as long as a request is worked on. Raises Overloaded: none is free."""
        if self._under_way >= self._limit:
            raise Overloaded(again_in_seconds=AGAIN_IN_SECONDS)
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1
