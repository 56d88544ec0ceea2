"""Looks for a run that goes wrong once something that protects an invariant is missing."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from tests.drills.boundary import Call
from tests.drills.conditions import Condition, conditions_of
from tests.drills.enumeration import Run, Stages
from tests.drills.flows import Flow
from tests.drills.race import Race
from tests.drills.serial import Races
from tests.drills.twists import Wrong
from tests.drills.world import World

Attempt = Callable[[], None]
"""Raises when it goes wrong."""


MORE_CALLS = 3
"""That a transaction taken apart may make."""


@dataclass
class Hunt:
    stages: Stages
    races: Races
    flows_known: Collection[Flow]
    races_known: Collection[Race]

    def prepare(self) -> None:
        """How everything goes while nothing is missing; to be called before anything is."""
        for flow in self.flows_known:
            self.stages.of(flow)
        for race in self.races_known:
            for turned in race.either_first():
                self.races.start(turned)

    def conditions(self) -> set[Condition]:
        """Every condition that any of this puts on a write."""
        calls = [call for flow in self.flows_known for call in self.stages.of(flow).calls]
        for turned in self._turned():
            calls += self.races.start(turned).calls
        return {condition for call in calls for condition in _of(call)}

    def without(self, condition: Condition) -> Iterator[Attempt]:
        """Runs in which `condition` is asked for, the most telling first: somebody cuts in right
        before it is. Then the other places, then the faults."""
        concerned = [
            (turned, [c.number for c in self.races.start(turned).calls if condition in _of(c)])
            for turned in self._turned()
        ]
        for turned, numbers in concerned:
            for number in numbers:
                yield self._cut_in(turned, number)
        for turned, numbers in concerned:
            for number in range(len(self.races.start(turned).calls) if numbers else 0):
                yield self._cut_in(turned, number)
        for flow in self.flows_known:
            if any(condition in _of(call) for call in self.stages.of(flow).calls):
                for run in self.stages.runs(flow):
                    yield self._fault(run)

    def within(self, names: Collection[str]) -> Iterator[Attempt]:
        """All runs of the flows and races of these names."""
        for race in self.races_known:
            if race.name in names:
                for turned, number in self.races.tries(race):
                    yield self._cut_in(turned, number)
        for flow in self.flows_known:
            if flow.name in names:
                for run in self.stages.runs(flow, beyond=MORE_CALLS):
                    yield self._fault(run)

    def _turned(self) -> list[Race]:
        turned = [turned for race in self.races_known for turned in race.either_first()]
        return sorted(turned, key=lambda race: len(self.races.start(race).calls))

    def _cut_in(self, race: Race, number: int) -> Attempt:
        return lambda: self.races.run(race, number)

    def _fault(self, run: Run) -> Attempt:
        return lambda: self.stages.go(run)


def caught_by(attempts: Iterator[Attempt], world: World, wrong: Wrong) -> str | None:
    """What goes wrong first with `wrong`: an invariant, or the code or the drill stumbling."""
    for attempt in attempts:
        try:
            with wrong(world):
                attempt()
        except Exception as error:
            return f"{type(error).__name__}: {error}"
    return None


def _of(call: Call) -> set[Condition]:
    if call.service != "dynamodb":
        return set()
    return set(conditions_of(call.operation, call.request))
