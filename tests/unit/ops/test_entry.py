"""What an entry that hears late of tasks does to requests during a deployment."""

from random import Random

import pytest

from cufit_ops.laptop.platform.entry import ROUTERS, Entry, KnownTasks, played
from cufit_ops.workspace import WorkspaceError
from cufit_service import lifetimes
from tests.drills.chaos.entries import ENTRIES, SPEED, quicker


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def known(clock: Clock, **delays: float) -> KnownTasks[str]:
    return KnownTasks(Entry(**delays), clock, Random(1))  # noqa: S311


def chosen(tasks: KnownTasks[str]) -> set[str | None]:
    """By every router."""
    return {tasks.choose() for _ in range(20 * ROUTERS)}


def test_without_delays_it_knows_at_once() -> None:
    tasks = known(Clock())
    assert chosen(tasks) == {None}
    tasks.add("old")
    assert chosen(tasks) == {"old"}
    tasks.add("new")
    assert chosen(tasks) == {"old", "new"}
    tasks.remove("old")
    assert chosen(tasks) == {"new"}


def test_a_list_is_kept_whatever_becomes_of_its_tasks() -> None:
    clock = Clock()
    tasks = known(clock, cached=60)
    tasks.add("old")
    assert chosen(tasks) == {"old"}
    tasks.remove("old")
    tasks.add("new")
    clock.now = 30
    assert chosen(tasks) == {"old", "new"}, "routers look at times of their own"
    clock.now = 60
    assert chosen(tasks) == {"new"}


def test_a_new_task_is_listed_late() -> None:
    clock = Clock()
    tasks = known(clock, seen_late=10)
    tasks.add("new")
    clock.now = 9.9
    assert chosen(tasks) == {None}
    clock.now = 10
    assert chosen(tasks) == {"new"}


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        (
            "CUFIT_LOCAL_ENTRY",
            '{"cached": -1}',
            "CUFIT_LOCAL_ENTRY.cached = -1: Input should be gre",
        ),
        ("CUFIT_LOCAL_ENTRY", '{"cache": 1}', "CUFIT_LOCAL_ENTRY.cache = 1: Extra inputs are not"),
        (
            "CUFIT_LOCAL_TASKS",
            "0",
            "CUFIT_LOCAL_TASKS = '0': Input should be greater than or equal",
        ),
    ],
)
def test_what_is_wrong_with_a_delay_is_told(variable: str, value: str, said: str) -> None:
    with pytest.raises(WorkspaceError) as refused:
        played({variable: value})
    assert said in str(refused.value)


def lost(entry: Entry, deployments: int = 50, per_second: int = 10) -> float:
    """Requests a deployment that find no task, or one that has ended. It begins with one task."""
    failed = 0
    for seed in range(deployments):
        clock = Clock()
        tasks: KnownTasks[str] = KnownTasks(entry, clock, Random(seed))  # noqa: S311
        tasks.add("old")
        clock.now = begins = 1000.0
        chosen(tasks)
        tasks.add("new")
        gone = begins + (entry.seen_late if entry.old_waits else 0)
        ended = gone + entry.told_after + entry.lame_duck
        for number in range(200 * per_second):
            clock.now = begins + number / per_second
            if clock.now >= gone:
                tasks.remove("old")
            found = tasks.choose()
            failed += found is None or (found == "old" and clock.now >= ended)
    return failed / deployments


@pytest.mark.parametrize("name", ENTRIES)
def test_no_request_is_lost_by_either_entry(name: str) -> None:
    assert lost(ENTRIES[name]) == 0


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"lame_duck": 45.0}, id="a shorter lame duck"),
        pytest.param({"cached": lifetimes.LAME_DUCK_SECONDS + 15}, id="an older cache"),
        pytest.param({"seen_late": 5.0}, id="the old task forgotten before the new one is known"),
    ],
)
def test_by_cloud_map_that_hangs_on_the_assumptions(change: dict[str, float]) -> None:
    assert lost(ENTRIES["cloudmap"].model_copy(update=change)) > 0


def test_a_drill_plays_the_same_delays_quicker() -> None:
    quick = quicker(ENTRIES["cloudmap"], SPEED)
    assert quick.cached / quick.lame_duck == pytest.approx(60 / lifetimes.LAME_DUCK_SECONDS)
    assert quicker(ENTRIES["alb"], SPEED).old_waits
