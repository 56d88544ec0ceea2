"""Processes are killed, ended and frozen while people use the system; then all is counted."""

import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import psutil

from cufit_ops.laptop import processes
from cufit_ops.laptop.embedded_aws import NAME as EMBEDDED_AWS
from cufit_ops.laptop.platform.tasks_left import PLATFORM
from tests.drills.chaos.crowd import Crowd, Ledger
from tests.drills.chaos.laptop import DrillFailed, Laptop
from tests.drills.invariants import Watch
from tests.drills.picture import plain, rows
from tests.drills.world import World
from tests.in_memory_aws.tables import Held

FROZEN_SECONDS = 10.0
BETWEEN_SECONDS = 6.0
VICTIM_WITHIN_SECONDS = 60.0
REST_WITHIN_SECONDS = 900.0
"""A request whose worker was killed comes back after six of the worker's timeouts."""

TABLES = (
    "members",
    "invitations",
    "candidates",
    "recommendations",
    "matches",
    "outbox",
    "photos",
    "idempotency",
)
FUNCTIONS = ("match_worker", "profile_indexer")
VICTIMS = ("service", *FUNCTIONS, PLATFORM, EMBEDDED_AWS)
BROUGHT_UP_AGAIN = (PLATFORM, EMBEDDED_AWS)
"""By a person with `cufit up`, not by themselves; the platform ends with its task."""

Blow = tuple[str, Callable[[], None]]
"""What it is called, and what does it."""


@dataclass(frozen=True)
class Outcome:
    blows: Counter[str]
    ledger: Ledger
    seconds_to_rest: float
    recommendations: int


def chaos(laptop: Laptop, plan: Sequence[Blow]) -> Outcome:
    """Raises AssertionError: something was lost or doubled."""
    before = len(laptop.items("invitations"))
    crowd = Crowd(laptop)
    crowd.start()
    done = Counter[str]()
    try:
        for name, blow in plan:
            time.sleep(BETWEEN_SECONDS)
            blow()
            done[name] += 1
            if name.endswith(BROUGHT_UP_AGAIN):
                if name.endswith(EMBEDDED_AWS):
                    crowd.ledger.loses_writes_now()
                laptop.repair()
        time.sleep(BETWEEN_SECONDS)
    except BaseException:
        crowd.abandon()
        raise
    finally:
        crowd.stop()
    rested = _come_to_rest(laptop)
    world = _as_world(laptop)
    Watch(world, may_be_uncounted=crowd.ledger.may_be_uncounted).always()
    _check_ledger(world, crowd.ledger, before)
    return Outcome(done, crowd.ledger, rested, len(rows(world, "recommendations")))


def blows(laptop: Laptop, victims: Sequence[str], rounds: int, kills: int) -> Iterator[Blow]:
    """In turns: `kills` SIGKILLs of each victim, or `rounds` of everything."""
    find: dict[str, Callable[[], list[psutil.Process]]] = {
        "service": lambda: [laptop.task()],
        **{function: partial(laptop.workers, function) for function in FUNCTIONS},
        **{name: partial(_alone, laptop, name) for name in BROUGHT_UP_AGAIN},
    }
    for _ in range(kills or rounds):
        for victim in victims:
            yield f"SIGKILL {victim}", partial(_signal, find[victim], signal.SIGKILL)
            if not kills and victim not in BROUGHT_UP_AGAIN:
                yield f"SIGTERM {victim}", partial(_signal, find[victim], signal.SIGTERM)
                yield f"frozen {victim}", partial(_freeze, find[victim])


def _alone(laptop: Laptop, name: str) -> list[psutil.Process]:
    return [laptop.daemon(name)]


def _signal(find: Callable[[], list[psutil.Process]], number: signal.Signals) -> None:
    struck = _found(find)
    for process in struck:
        with suppress(psutil.NoSuchProcess):  # it ended just now, by itself
            process.send_signal(number)
    while number == signal.SIGKILL and not all(processes.has_ended(one) for one in struck):
        time.sleep(0.01)  # or `up` would take it for running


def _found(find: Callable[[], list[psutil.Process]]) -> list[psutil.Process]:
    """At least one: a blow at nobody is none. Raises DrillFailed."""
    deadline = time.monotonic() + VICTIM_WITHIN_SECONDS
    while not (found := find()):
        if time.monotonic() > deadline:
            raise DrillFailed("there is nobody to strike")
        time.sleep(0.2)
    return found


def _freeze(find: Callable[[], list[psutil.Process]]) -> None:
    frozen = _found(find)
    for process in frozen:
        process.send_signal(signal.SIGSTOP)
    time.sleep(FROZEN_SECONDS)
    for process in frozen:
        if process.is_running():
            process.send_signal(signal.SIGCONT)


def _come_to_rest(laptop: Laptop) -> float:
    """Seconds until nothing waits any more. Raises DrillFailed."""
    began = time.monotonic()
    while True:
        pending = [i for i in laptop.items("recommendations") if "open" in i]
        behind = [i for i in laptop.items("candidates") if not _is_indexed(i)]
        left = [*pending, *behind, *laptop.items("outbox")]
        queues = {name: depth for name, depth in laptop.queues().items() if depth}
        if not left and not queues:
            return time.monotonic() - began
        if time.monotonic() - began > REST_WITHIN_SECONDS:
            raise DrillFailed(
                f"not at rest: {len(pending)} pending, {len(behind)} not indexed, queues {queues}"
            )
        time.sleep(2)


def _is_indexed(item: dict[str, dict[str, str]]) -> bool:
    state = plain(item["index_state"]) if "index_state" in item else "PENDING"
    version = plain(item["index_version"]) if "index_version" in item else 0
    return (state, version) == ("INDEXED", plain(item["version"]))


def _as_world(laptop: Laptop) -> World:
    """The system's tables where the invariants look for them."""
    world = World()
    for name in TABLES:
        table = world.cloud.dynamodb.tables[name]
        items = {item[table.key]["S"]: item for item in laptop.items(name)}
        table.hold(Held(items, ()))
    return world


def _check_ledger(world: World, ledger: Ledger, invitations_before: int) -> None:
    codes = {row["code"] for row in rows(world, "invitations")}
    lost = ledger.must_be_there(ledger.invitations.values()) - codes
    assert not lost, f"{len(lost)} invitations were answered and are gone"
    asked = {key for key in ledger.keys if "-invites-" in key}
    made = len(codes) - invitations_before
    answered = len(ledger.must_be_there(ledger.invitations.values()))
    assert answered <= made <= len(asked), f"{made} made of {len(asked)} asked for"
    ids = {row["recommendation_id"] for row in rows(world, "recommendations")}
    gone = ledger.must_be_there(ledger.recommendations.values()) - ids
    assert not gone, f"{len(gone)} recommendations were accepted and are gone"
    jobs = {row["nickname"]: row["job"] for row in rows(world, "candidates")}
    for nickname in ledger.jobs:
        possible = ledger.possible_jobs(nickname)
        assert jobs[nickname] in possible, f"{nickname}'s last saved profile is gone"
