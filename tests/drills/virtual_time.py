"""Threads on the drill's clock: one runs at a time, and whoever sleeps lets the clock run on to the
next who wakes. So an hour of waiting takes as long as the work in it, and repeats exactly."""

import heapq
import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.drills.clock import DrillClock


@dataclass(order=True)
class _Sleeper:
    until: float
    order: int
    wakes: threading.Semaphore = field(compare=False)


class VirtualTime:
    def __init__(self, clock: DrillClock) -> None:
        self._clock = clock
        self._sleepers: list[_Sleeper] = []
        self._order = itertools.count()
        self._all_asleep = threading.Semaphore(0)
        self._failure: BaseException | None = None

    def sleep(self, seconds: float) -> None:
        """To be called by a thread of `start`."""
        sleeper = self._sleeper(seconds)
        self._all_asleep.release()
        sleeper.wakes.acquire()

    def start(self, work: Callable[[], None], after: float = 0.0) -> None:
        """Have `work` done by a thread of its own, so many seconds from now."""
        sleeper = self._sleeper(after)

        def run() -> None:
            sleeper.wakes.acquire()
            try:
                work()
            except BaseException as error:
                self._failure = error
            self._all_asleep.release()

        threading.Thread(target=run, daemon=True).start()

    def run(self) -> None:
        """Until nobody sleeps any more. Raises what a thread raised."""
        while self._sleepers and self._failure is None:
            soonest = heapq.heappop(self._sleepers)
            self._clock.advance(max(0.0, soonest.until - self._clock.seconds()))
            soonest.wakes.release()
            self._all_asleep.acquire()
        if self._failure:
            raise self._failure

    def _sleeper(self, seconds: float) -> _Sleeper:
        until = self._clock.seconds() + seconds
        sleeper = _Sleeper(until, next(self._order), threading.Semaphore(0))
        heapq.heappush(self._sleepers, sleeper)
        return sleeper
