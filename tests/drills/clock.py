"""The one clock of a drill: `datetime.now` and `time.time` stand still for all until it moves."""

import time
from datetime import UTC, datetime
from types import TracebackType

import time_machine

MORNING = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
"""Nine o'clock of a Monday in Seoul."""


class DrillClock:
    def __init__(self) -> None:
        self._travel = time_machine.travel(MORNING, tick=False)
        self._traveller: time_machine.Traveller | None = None

    def __enter__(self) -> "DrillClock":
        self._traveller = self._travel.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._travel.stop()
        self._traveller = None

    def seconds(self) -> float:
        """Since the epoch."""
        return time.time()

    def advance(self, seconds: float) -> None:
        assert self._traveller is not None, "the clock runs inside of its context only"
        self._traveller.shift(seconds)

    def set(self, seconds: float) -> None:
        assert self._traveller is not None, "the clock runs inside of its context only"
        self._traveller.move_to(seconds)
