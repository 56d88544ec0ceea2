"""Runs races and holds them to the two orders in which nothing happens at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.drills.boundary import Call, Crash, Fault, Strike
from tests.drills.enumeration import find_what_is_lost
from tests.drills.invariants import Watch
from tests.drills.picture import Picture, differences, picture
from tests.drills.preparations import Act, Ids
from tests.drills.race import REASONS, Race
from tests.drills.service import Reply
from tests.drills.town import Lost, Town
from tests.drills.world import World
from tests.in_memory_aws.cloud import Snapshot

Told = tuple[int | None, int | None]
"""Statuses of the two replies, the first one's first."""


@dataclass(frozen=True)
class Start:
    """A race about to begin, and what may come of it."""

    snapshot: Snapshot
    ids: Ids
    outcomes: tuple[tuple[Told, Picture], ...]
    calls: tuple[Call, ...]
    """Of the first when it is alone."""


@dataclass
class Races:
    world: World
    town_at_rest: Snapshot
    _prepared: dict[str, Start] = field(default_factory=dict)

    def tries(self, race: Race) -> Iterator[tuple[Race, int]]:
        """Each way round and each call before which the other cuts in."""
        for turned in race.either_first():
            for number in range(len(self.start(turned).calls)):
                yield turned, number

    def start(self, race: Race) -> Start:
        if race.name not in self._prepared:
            self._prepared[race.name] = self._prepare(race)
        return self._prepared[race.name]

    def run(self, race: Race, number: int) -> None:
        """Raises AssertionError, naming race and call."""
        world, watch = self.world, self._watch(race)
        told = self.cut_in(race, number, watch)
        where = f"{race} at {world.boundary.calls[number]}"
        try:
            watch.always()
            world.settle()
            watch.at_rest()
            world.deliver_everything_again()
            world.settle()
            watch.at_rest()
        except AssertionError as error:
            raise AssertionError(f"{where}: {error}") from error
        reached = told, picture(world)
        gaps = [_gap(outcome, reached, race) for outcome in self.start(race).outcomes]
        assert {} in gaps, f"{where} is neither order: {gaps}"

    def cut_in(
        self,
        race: Race,
        number: int,
        watch: Watch | None = None,
        faults: Mapping[int, Strike] | None = None,
    ) -> Told:
        """Begin the race anew; before call `number` of the first the other does all it wants."""
        start, world = self.start(race), self.world
        world.restore(start.snapshot)
        told: list[int | None] = []

        def other() -> None:
            if watch is not None:
                watch.always()
            with world.beside():
                told.append(_status(race.other, world, start.ids, "other"))
            if watch is not None:
                watch.always()

        with world.boundary.watch({**(faults or {}), number: other}):
            one = _status(race.one, world, start.ids, "one")
        return one, told[0] if told else None

    def run_with_fault(self, race: Race, number: int, later: int, fault: Fault) -> None:
        """As `run`, and call `later` of the first goes wrong besides: the invariants must hold,
        whatever the two are told.

        Raises:
            AssertionError: names race, call and fault.
        """
        world, watch = self.world, self._watch(race)
        try:
            self.cut_in(race, number, watch, {later: fault})
            world.settle()
            if race.lost:
                find_what_is_lost(world)
            watch.at_rest()
        except AssertionError as error:
            call = world.boundary.calls[number]
            raise AssertionError(f"{race} at {call}, {fault} at #{later}: {error}") from error

    def _watch(self, race: Race) -> Watch:
        """On the world as it is when the race begins."""
        self.world.restore(self.start(race).snapshot)
        return Watch(self.world, lost=race.lost)

    def _prepare(self, race: Race) -> Start:
        world = self.world
        world.restore(self.town_at_rest)
        ids = race.prepare(Town(world, name="before"))
        snapshot = world.cloud.snapshot()
        with world.boundary.watch() as calls:
            one = _status(race.one, world, ids, "one")
        alone = tuple(calls)
        outcomes = [((one, _status(race.other, world, ids, "other")), self._rest())]
        world.restore(snapshot)
        other = _status(race.other, world, ids, "other")
        outcomes.append(((_status(race.one, world, ids, "one"), other), self._rest()))
        return Start(snapshot, ids, tuple(outcomes), alone)

    def _rest(self) -> Picture:
        self.world.settle()
        return picture(self.world)


def _status(act: Act, world: World, ids: Ids, who: str) -> int | None:
    try:
        reply: Reply | None = act(Town(world, name=who), ids)
    except (Lost, Crash):
        return None
    return None if reply is None else reply.status


def _gap(
    expected: tuple[Told, Picture], reached: tuple[Told, Picture], race: Race
) -> dict[str, Any]:
    found: dict[str, Any] = differences(expected[1], reached[1], but=race.loose)
    told = [outcome[0] for outcome in (expected, reached)]
    if REASONS in race.loose:
        told = [(_kind(one), _kind(other)) for one, other in told]
    same = told[0] == told[1] or "told" in race.loose
    return found if same else {"told": (expected[0], reached[0])} | found


def _kind(status: int | None) -> int | None:
    return None if status is None else status // 100
