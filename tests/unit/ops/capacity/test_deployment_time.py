"""How long a deployment takes: each part by hand."""

from dataclasses import replace

import pytest

from cufit_ops.capacity.deployment_time import ASSUMED, deployment
from cufit_ops.capacity.measured import ServiceLoad
from cufit_ops.capacity.shape import Balancer, HealthCheck, Shape
from tests.unit.ops.capacity.examples import LOAD, SHAPE

FIXED = sum(
    ASSUMED[name].range.typical
    for name in ("change set", "launch", "pull", "deprovision", "steady")
)
POLL = 5


def typical(shape: Shape) -> float:
    found = deployment(shape, LOAD)
    assert found
    return found.seconds.typical


def test_behind_cloud_map() -> None:
    """A start of 400/256 × 1.5 = 2.3 s is seen by the check at 8 s."""
    assert typical(SHAPE) == pytest.approx(FIXED + 8 + POLL + 76)


def test_without_a_health_check_ecs_waits_forty_seconds() -> None:
    assert typical(replace(SHAPE, health=None)) == pytest.approx(FIXED + 40 + POLL + 76)


@pytest.mark.parametrize(
    ("interval", "unhealthy", "ready"),
    [
        (1, 2, 4 + (7 + 4) * 1),  # known after 4 s of 11; seven failed: unhealthy, five in a row
        (5, 3, 4 + 2 * 5),  # two failed, one good is enough
        (5, 2, 4 + (2 + 4) * 5),
        (30, 2, 4 + 30),
    ],
)
def test_behind_a_balancer(interval: float, unhealthy: int, ready: float) -> None:
    """A start of 11 s."""
    balancer = Balancer(interval=interval, healthy=5, unhealthy=unhealthy, deregistration=300)
    shape = replace(SHAPE, entry="alb", balancer=balancer, health=HealthCheck(1, 3, 0))
    found = deployment(shape, starting_in(11 / 1.5))
    assert found
    expected = FIXED + max(11, ready) + POLL + 300 + 76
    assert found.seconds.typical == pytest.approx(expected)


def starting_in(seconds: float) -> ServiceLoad:
    return LOAD.model_copy(
        update={
            "rounds": tuple(
                one.model_copy(update={"first_answer_seconds": seconds}) for one in LOAD.rounds
            )
        }
    )


def test_a_slow_start_takes_as_many_checks_as_it_needs() -> None:
    found = deployment(SHAPE, starting_in(11))
    assert found
    ready = next(part for part in found.parts if part.name == "ready")
    assert (ready.seconds.least, ready.seconds.typical, ready.seconds.most) == (18, 29, 50)


def test_a_stop_is_over_with_sigkill() -> None:
    found = deployment(replace(SHAPE, stop_timeout=20), LOAD)
    assert found
    stop = next(part for part in found.parts if part.name == "stop")
    assert (stop.seconds.least, stop.seconds.most) == (0, 20)


@pytest.mark.parametrize(
    ("tasks", "least", "most", "rounds"),
    [(4, 100, 200, 1), (4, 100, 150, 2), (4, 100, 125, 4), (4, 50, 100, 2), (1, 0, 100, 1)],
)
def test_rounds_follow_the_percents(tasks: int, least: int, most: int, rounds: int) -> None:
    found = deployment(replace(SHAPE, tasks=tasks, min_percent=least, max_percent=most), LOAD)
    assert found
    assert found.rounds == rounds


@pytest.mark.parametrize(("tasks", "least", "most"), [(0, 100, 200), (1, 100, 100), (1, 50, 150)])
def test_where_nothing_can_be_replaced_there_is_no_time(tasks: int, least: int, most: int) -> None:
    shape = replace(SHAPE, tasks=tasks, min_percent=least, max_percent=most)
    assert deployment(shape, LOAD) is None


def test_parts_add_up_and_every_range_is_one() -> None:
    shape = replace(SHAPE, health=HealthCheck(5, 3, 0))
    found = deployment(shape, LOAD)
    assert found
    for part in found.parts:
        assert part.seconds.least <= part.seconds.typical <= part.seconds.most
        assert part.why
    assert sum(part.seconds.most for part in found.parts) == found.seconds.most
