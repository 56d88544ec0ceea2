"""Processes are killed, ended and frozen while people use the system; then all is counted."""

import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import psutil

from tests.drills.chaos.crowd import Crowd, Ledger
from tests.drills.chaos.laptop import DrillFailed, Laptop
from tests.drills.invariants import Watch
from tests.drills.picture import plain, rows
from tests.drills.world import World
from tests.in_memory_aws.tables import Held

FROZEN_SECONDS = 10.0
BETWEEN_SECONDS = 6.0
REST_WITHIN_SECONDS = 900.0
"""A request whose worker was killed comes back after six of the worker's timeouts."""

TABLES = ("members", "invitations", "candidates", "recommendations", "matches", "outbox", "photos")
FUNCTIONS = ("match_worker", "profile_indexer")


@dataclass(frozen=True)
class Outcome:
    blows: list[str]
    ledger: Ledger
    seconds_to_rest: float
    recommendations: int


def chaos(laptop: Laptop, rounds: int) -> Outcome:
    """Raises AssertionError: something was lost or doubled."""
    before = len(laptop.items("invitations"))
    crowd = Crowd(laptop)
    crowd.start()
    blows = []
    try:
        for _ in range(rounds):
            for name, blow in _blows(laptop):
                time.sleep(BETWEEN_SECONDS)
                blow()
                blows.append(name)
        time.sleep(BETWEEN_SECONDS)
    finally:
        crowd.stop()
    rested = _come_to_rest(laptop)
    world = _as_world(laptop)
    Watch(world).always()
    _check_ledger(world, crowd.ledger, before)
    return Outcome(blows, crowd.ledger, rested, len(rows(world, "recommendations")))


def _blows(laptop: Laptop) -> Iterator[tuple[str, Callable[[], None]]]:
    victims: dict[str, Callable[[], list[psutil.Process]]] = {"service": lambda: [laptop.task()]}
    victims |= {function: partial(laptop.workers, function) for function in FUNCTIONS}
    for victim, find in victims.items():
        for number in (signal.SIGKILL, signal.SIGTERM):
            yield f"{number.name} {victim}", partial(_signal, find, number)
        yield f"frozen {victim}", partial(_freeze, find)


def _signal(find: Callable[[], list[psutil.Process]], number: signal.Signals) -> None:
    for process in find():
        process.send_signal(number)


def _freeze(find: Callable[[], list[psutil.Process]]) -> None:
    frozen = find()
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
    lost = set(ledger.invitations.values()) - codes
    assert not lost, f"{len(lost)} invitations were answered and are gone"
    asked = {key for key in ledger.keys if "-invites-" in key}
    made = len(codes) - invitations_before
    assert len(ledger.invitations) <= made <= len(asked), f"{made} made of {len(asked)} asked for"
    ids = {row["recommendation_id"] for row in rows(world, "recommendations")}
    gone = set(ledger.recommendations.values()) - ids
    assert not gone, f"{len(gone)} recommendations were accepted and are gone"
    jobs = {row["nickname"]: row["job"] for row in rows(world, "candidates")}
    for nickname, possible in ledger.jobs.items():
        assert jobs[nickname] in possible, f"{nickname}'s last saved profile is gone"
