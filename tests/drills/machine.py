"""Hypothesis makes histories: one rule per step of History, all of them always allowed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from tests.drills.enumeration import Stages
from tests.drills.histories import ARGUMENTS, LUCK, History

LENGTH = 14
"""Steps of one history, not counting those that bring it to an end."""

SMALL = st.integers(0, 5)
"""Chooses among people and messages; whoever has fewer counts around."""

TWICE_AS_LIKELY = ("answer", "ask", "deliver", "photo", "repeat", "save", "suggest")


def search(stages: Stages, count: int, drawn_from: int) -> None:
    """Play `count` histories, the same ones for the same seed.

    Raises:
        AssertionError: with the shortest history found that breaks an invariant, as JSON.
    """
    found = settings(
        max_examples=count,
        stateful_step_count=LENGTH,
        deadline=None,
        database=None,  # what was found is kept as JSON instead
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    run_state_machine_as_test(seed(drawn_from)(_machine(stages)), settings=found)


def _machine(stages: Stages) -> type[RuleBasedStateMachine]:
    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.history = History(stages.world, stages.town_at_rest)

        def teardown(self) -> None:
            with _told(self.history):
                self.history.end()

    for name, arguments in ARGUMENTS.items():
        for copy in ("", "_too") if name in TWICE_AS_LIKELY else ("",):
            setattr(Machine, name + copy, _rule(name, arguments))
    return Machine


def _rule(name: str, arguments: int) -> Any:
    def step(machine: Any, luck: int, **numbers: int) -> None:
        with _told(machine.history):
            machine.history.play(name, luck, *numbers.values())

    step.__name__ = name
    make: Any = rule
    numbers = {f"n{number}": SMALL for number in range(arguments)}
    return make(luck=st.integers(0, LUCK - 1), **numbers)(step)


@contextmanager
def _told(history: History) -> Iterator[None]:
    """What goes wrong is told with the history that led to it."""
    try:
        yield
    except AssertionError as error:
        raise AssertionError(f"{error}\n{history.as_json()}") from error
