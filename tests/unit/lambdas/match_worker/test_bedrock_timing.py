"""What a question may take of the function's time, and what is left for its second try."""

from collections.abc import Callable
from typing import Any

import pytest

from match_worker.adapters import bedrock_timing
from match_worker.adapters.bedrock_timing import (
    CONNECT,
    PAUSE,
    Allowance,
    client_config,
    question_seconds,
    tried_twice,
)
from match_worker.errors import ModelMisconfigured, ModelOverloaded, ModelUnreachable
from match_worker.question_time import LEAST_SECONDS, RESERVE_SECONDS

TIMEOUT = 20


class Function:
    """One with so many seconds left; its clock runs as it is told."""

    def __init__(self, seconds: float) -> None:
        self.left = seconds
        self.allowance = Allowance.of(lambda: self.left, TIMEOUT)
        self.reads: list[int] = []

    def calls(self, *outcomes: tuple[float, Exception | str]) -> Callable[[int], str]:
        """Each after so many seconds, an error or an answer."""
        given = iter(outcomes)

        def call(read: int) -> str:
            self.reads.append(read)
            seconds, outcome = next(given)
            self.left -= seconds
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        return call


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    paused: list[float] = []
    monkeypatch.setattr(bedrock_timing, "sleep", paused.append)
    return paused


def test_a_question_is_given_what_is_configured() -> None:
    assert Function(60).allowance.read == TIMEOUT


@pytest.mark.parametrize("left", [20.0, 29.9, 13.5])
def test_or_what_the_function_has_without_its_reserve(left: float) -> None:
    assert Function(left).allowance.read == int(left - RESERVE_SECONDS - CONNECT)


def test_its_time_is_one_for_all_its_calls() -> None:
    function = Function(60)
    function.left -= 7.5
    assert function.allowance.read == int(TIMEOUT - 7.5)


@pytest.mark.parametrize("error", [ModelOverloaded("a"), ModelUnreachable("b")])
def test_what_fails_in_passing_is_tried_again_with_what_is_left(
    error: Exception, pauses: list[float]
) -> None:
    function = Function(60)
    assert tried_twice(function.calls((6, error), (1, "{}")), function.allowance) == "{}"
    assert function.reads == [TIMEOUT, TIMEOUT - 6]
    assert 0 <= pauses[0] <= PAUSE


def test_what_took_all_its_time_is_not_tried_again(pauses: list[float]) -> None:
    function = Function(60)
    most = question_seconds(TIMEOUT) - LEAST_SECONDS - PAUSE
    late = (most + 0.1, ModelUnreachable("ReadTimeoutError"))
    with pytest.raises(ModelUnreachable):
        tried_twice(function.calls(late, (0, "{}")), function.allowance)
    assert pauses == []


@pytest.mark.parametrize("error", [ModelMisconfigured("c"), KeyError("d")])
def test_nothing_else_is_tried_again(error: Exception) -> None:
    function = Function(60)
    with pytest.raises(type(error)):
        tried_twice(function.calls((0, error), (0, "{}")), function.allowance)


def test_the_second_failure_is_told() -> None:
    function = Function(60)
    calls = function.calls((0, ModelOverloaded("first")), (0, ModelUnreachable("second")))
    with pytest.raises(ModelUnreachable, match="second"):
        tried_twice(calls, function.allowance)


def test_a_client_waits_as_long_as_it_is_told_and_tries_once() -> None:
    config: Any = client_config(7)
    assert (config.read_timeout, config.connect_timeout) == (7, CONNECT)
    assert config.retries == {"mode": "standard", "total_max_attempts": 1}
