"""How long a question may take, all its calls together, so that it fits into the function's time.

A client has one read timeout, so there is one client for each whole second (`client_config`), and
botocore tries once: it would try again for as long as the first time, whatever is left. What fails
before its time is over is tried again here. Values are seconds.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from time import sleep
from typing import TYPE_CHECKING, Self, TypeVar

from match_worker.errors import ModelOverloaded, ModelUnreachable
from match_worker.question_time import LEAST_SECONDS, RESERVE_SECONDS

if TYPE_CHECKING:
    from botocore.config import Config

CONNECT = 2.0
PAUSE = 1.0
"""Before the second try, at most: as botocore's standard mode waits before its second."""

QUESTIONS = 2
"""A first one, and one that corrects its answer."""

RETRIEVE_READ = 4
"""A retrieval without generation answers in well under a second."""

AnswerT = TypeVar("AnswerT")


def client_config(read: int) -> "Config":
    """For a client that waits `read` seconds for an answer. botocore's own default is 60 s in up to
    five attempts."""
    from botocore.config import Config  # noqa: PLC0415 - the stacks read the numbers alone

    return Config(
        connect_timeout=CONNECT,
        read_timeout=read,
        retries={"mode": "standard", "total_max_attempts": 1},
    )


def question_seconds(timeout: int) -> float:
    """Longest that one question takes, with `timeout` as configured."""
    return CONNECT + timeout


@dataclass(frozen=True, slots=True)
class Allowance:
    """The time one question may still take, by the clock of the function that asks."""

    _seconds_left: Callable[[], float]
    """Of the function."""
    _kept: float
    """Of these, for what comes after the question."""

    @classmethod
    def of(cls, seconds_left: Callable[[], float], timeout: int) -> Self:
        """`timeout` as configured, less when the function has less."""
        left = seconds_left()
        return cls(seconds_left, max(RESERVE_SECONDS, left - question_seconds(timeout)))

    @property
    def read(self) -> int:
        """Read timeout of a call made now."""
        return max(1, int(self._left - CONNECT))

    @property
    def has_time(self) -> bool:
        """Whether a model asked now may answer."""
        return self._left >= LEAST_SECONDS

    @property
    def has_time_for_another(self) -> bool:
        return self._left >= PAUSE + LEAST_SECONDS

    @property
    def _left(self) -> float:
        return self._seconds_left() - self._kept


def tried_twice(call: Callable[[int], AnswerT], allowance: Allowance) -> AnswerT:
    """`call` is given its read timeout, and called again when it failed in passing and there is
    time for it.

    Raises: what the last call raised.
    """
    try:
        return call(allowance.read)
    except (ModelOverloaded, ModelUnreachable):
        if not allowance.has_time_for_another:
            raise
    sleep(PAUSE * random.random())  # noqa: S311 - spreads load
    return call(allowance.read)
