"""Runs races and holds them to the two orders in which nothing happens at once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.drills.flows import Act, Ids
from tests.drills.in_memory_aws.cloud import Snapshot
from tests.drills.invariants import Watch
from tests.drills.picture import Picture, differences, picture
from tests.drills.races import Race
from tests.drills.service import Reply
from tests.drills.town import Town
from tests.drills.world import World

Told = tuple[int | None, int | None]
"""Statuses of the two replies, the first one's first."""


@dataclass(frozen=True)
class Start:
    """A race about to begin, and what may come of it."""

    snapshot: Snapshot
    ids: Ids
    outcomes: tuple[tuple[Told, Picture], ...]
    calls: int
    """Of the first when it is alone."""


@dataclass
class Races:
    world: World
    town_at_rest: Snapshot
    _prepared: dict[str, Start] = field(default_factory=dict)

    def tries(self, race: Race) -> Iterator[tuple[Race, int]]:
        """Each way round and each call before which the other cuts in."""
        for turned in race.either_first():
            for number in range(self.start(turned).calls):
                yield turned, number

    def start(self, race: Race) -> Start:
        if race.name not in self._prepared:
            self._prepared[race.name] = self._prepare(race)
        return self._prepared[race.name]

    def run(self, race: Race, number: int) -> None:
        """Raises AssertionError, naming race and call."""
        start, world = self.start(race), self.world
        world.restore(start.snapshot)
        told: dict[str, int | None] = {}
        watch = Watch(world)

        def cut_in() -> None:
            with world.beside():
                told["other"] = _status(race.other, world, start.ids, "other")

        with world.boundary.watch({number: cut_in}) as calls:
            told["one"] = _status(race.one, world, start.ids, "one")
        if "other" not in told:
            return  # it went another way this time and made fewer calls
        where = f"{race} at {calls[number]}"
        try:
            watch.always()
            world.settle()
            watch.at_rest()
            world.deliver_everything_again()
            world.settle()
            watch.at_rest()
        except AssertionError as error:
            raise AssertionError(f"{where}: {error}") from error
        reached = (told["one"], told["other"]), picture(world)
        gaps = [_gap(outcome, reached, race) for outcome in start.outcomes]
        assert {} in gaps, f"{where} is neither order: {gaps}"

    def _prepare(self, race: Race) -> Start:
        world = self.world
        world.restore(self.town_at_rest)
        ids = race.prepare(Town(world))
        snapshot = world.cloud.snapshot()
        with world.boundary.watch() as calls:
            one = _status(race.one, world, ids, "one")
        count = len(calls)
        outcomes = [((one, _status(race.other, world, ids, "other")), self._rest())]
        world.restore(snapshot)
        other = _status(race.other, world, ids, "other")
        outcomes.append(((_status(race.one, world, ids, "one"), other), self._rest()))
        return Start(snapshot, ids, tuple(outcomes), count)

    def _rest(self) -> Picture:
        self.world.settle()
        return picture(self.world)


def _status(act: Act, world: World, ids: Ids, who: str) -> int | None:
    reply: Reply | None = act(Town(world, name=who), ids)
    return None if reply is None else reply.status


def _gap(
    expected: tuple[Told, Picture], reached: tuple[Told, Picture], race: Race
) -> dict[str, Any]:
    found: dict[str, Any] = differences(expected[1], reached[1], but=race.loose)
    return found if expected[0] == reached[0] else {"told": (expected[0], reached[0])} | found
