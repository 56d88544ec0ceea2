"""Every flow × every call × every fault, and what must come of it."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

from cufit_service.application.reconcile import QUIET
from tests.drills.boundary import Call, Fault, Strike
from tests.drills.days import lost_places
from tests.drills.flows import Flow
from tests.drills.invariants import Watch
from tests.drills.picture import COUNTED, Picture, differences, picture
from tests.drills.preparations import Ids
from tests.drills.service import Reply
from tests.drills.town import Lost, Town
from tests.drills.world import World
from tests.in_memory_aws.cloud import Snapshot

LOST_BY_A_CRASH = 2
"""Places of a day: one of either side of a suggestion."""

LATER = 6
"""Calls after the usual last one: a first fault makes more of them."""


@dataclass(frozen=True)
class Stage:
    """A flow about to happen, and how it goes when nothing interferes."""

    flow: Flow
    start: Snapshot
    ids: Ids
    before: Picture
    afters: tuple[Picture, ...]
    """As it should be; the second, if any, after a request that has no key was made twice."""
    statuses: tuple[int | None, ...]
    calls: tuple[Call, ...]
    lost: int
    """Places of a day that are taken for what is gone again."""


@dataclass(frozen=True)
class Run:
    """One way for a flow to go wrong."""

    flow: Flow
    faults: Mapping[int, Fault]
    patient: bool = True
    """Whether the client asks again."""

    def __str__(self) -> str:
        what = ", ".join(f"{fault} at #{number}" for number, fault in self.faults.items())
        return f"{self.flow}: {what}{'' if self.patient else ', client gone'}"


@dataclass
class Stages:
    """Prepares each flow once; later it is only put back to its start."""

    world: World
    town_at_rest: Snapshot
    _made: dict[str, Stage] = field(default_factory=dict)

    @classmethod
    def build(cls, world: World) -> "Stages":
        Town(world, name="builder").build()  # keys of its own: nobody repeats its requests
        return cls(world, world.cloud.snapshot())

    def of(self, flow: Flow) -> Stage:
        if flow.name not in self._made:
            self._made[flow.name] = self.prepared(flow)
        return self._made[flow.name]

    def prepared(self, flow: Flow) -> Stage:
        """Prepare and act once without faults.

        Raises:
            AssertionError: the flow does not go well by itself.
        """
        world, town = self.world, Town(self.world)
        world.restore(self.town_at_rest)
        ids = flow.prepare(Town(world, name="before"))
        start = world.cloud.snapshot()
        world.settle()
        before = picture(world)
        world.restore(start)
        with world.boundary.watch() as calls:
            replies = [flow.act(town, ids)]
            world.settle()
        assert replies[0] is None or replies[0].is_success, f"{flow}: {replies[0]}"
        Watch(world, lost=flow.lost).at_rest()
        afters, lost = [picture(world)], lost_places(world)
        if flow.repeats:
            replies.append(flow.act(town, ids))
            world.settle()
            afters.append(picture(world))
        statuses = tuple(None if reply is None else reply.status for reply in replies)
        return Stage(flow, start, ids, before, tuple(afters), statuses, tuple(calls), lost)

    def runs(self, flow: Flow, *, beyond: int = 0) -> Iterator[Run]:
        """One fault at every call, with a client that asks again and one that does not; also at
        calls `beyond` the last, for code that was made to do more."""
        numbers = range(len(self.of(flow).calls) + beyond)
        for number, fault, patient in product(numbers, Fault, (True, False)):
            yield Run(flow, {number: fault}, patient)

    def pairs(self, flow: Flow, count: int, draw: random.Random) -> Iterator[Run]:
        """Two faults in one run, drawn."""
        calls = len(self.of(flow).calls)
        for _ in range(count if calls > 1 else 0):
            first, second = sorted(draw.sample(range(calls + LATER), 2))
            faults = {first: draw.choice(tuple(Fault)), second: draw.choice(tuple(Fault))}
            yield Run(flow, faults)

    def go(self, run: Run) -> None:
        """Raises AssertionError, naming the run."""
        stage = self.of(run.flow)
        self.world.restore(stage.start)
        try:
            _went_well(self.world, stage, run.faults, run.patient)
        except AssertionError as error:
            calls = self.world.boundary.calls
            struck = [str(call) for call in calls if call.number in run.faults]
            raise AssertionError(f"{run} [{'; '.join(struck)}]: {error}") from error


def _went_well(world: World, stage: Stage, faults: Mapping[int, Strike], patient: bool) -> None:
    watch = Watch(world, lost=stage.flow.lost)
    reply = acted(world, stage, faults, patient=patient, watch=watch)
    world.settle()
    if stage.flow.lost:
        find_what_is_lost(world)
    watch.at_rest()
    world.deliver_everything_again()
    world.settle()
    watch.at_rest()
    assert not any(queue.dead_letters for queue in world.cloud.sqs.queues.values())
    assert not world.cloud.s3.given_up
    reached = picture(world)
    # Only a client that asks again may be told what a second request is told.
    asked = 2 if patient and Fault.SENT_TWICE not in faults.values() else 1
    expected = list(stage.afters[:asked])
    if stage.flow.repeats and len(faults) > 1:
        return  # a client that asked three times may have made three
    if reply is None and stage.statuses != (None,):
        broke = stage.flow.waits or set(faults.values()) != {Fault.SENT_TWICE}
        assert broke, "nothing broke, and no answer came"
        if stage.flow.halves:
            return
        expected.append(stage.before)
    else:
        status = None if reply is None else reply.status
        assert status in stage.statuses[:asked], f"the client was told {reply}"
    loose = stage.flow.loose
    if not patient:
        # A place is taken before what it is for: who never asks again may lose it until midnight.
        loose = (*loose, COUNTED)
        assert lost_places(world) <= stage.lost + LOST_BY_A_CRASH, "places of the day are lost"
    found = [differences(one, reached, but=loose) for one in expected]
    assert {} in found, f"it ended elsewhere: {found[0]}"


def find_what_is_lost(world: World) -> None:
    """The reconciler runs again and again."""
    for _ in range(2):
        world.clock.advance(QUIET.total_seconds() + 1)
        world.reconcile()
        world.settle()


def acted(
    world: World,
    stage: Stage,
    plan: Mapping[int, Strike],
    *,
    patient: bool,
    watch: Watch,
) -> Reply | None:
    """Act and come to rest under faults; the client's answer, None when it never got one."""
    town = Town(world, patient=patient)
    with world.boundary.watch(plan):
        try:
            reply = stage.flow.act(town, stage.ids)
        except Lost:
            reply = None
        watch.always()
        world.settle()
    return reply
