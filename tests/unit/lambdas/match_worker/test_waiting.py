"""A model in trouble is waited for, but not for ever."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cufit_contracts.items import Step, StepSource, StepState
from cufit_contracts.vocabulary import RecommendationStatus
from match_worker.answer_recommendation import Ending
from match_worker.errors import (
    ModelOverloaded,
    ModelResting,
    ModelUnavailable,
    ModelUnreachable,
)
from match_worker.waiting import DELAYS, LAST_BEGINS
from tests.unit.lambdas.match_worker.people import GOOD, NOW, RECOMMENDATION_ID
from tests.unit.lambdas.match_worker.world import World

PENDING, READY, DEGRADED, FAILED = (
    RecommendationStatus.PENDING,
    RecommendationStatus.READY,
    RecommendationStatus.DEGRADED,
    RecommendationStatus.FAILED,
)


PASSING = [
    ModelOverloaded("ThrottlingException"),
    ModelUnreachable("ReadTimeoutError"),
    ModelResting("CIRCUIT_OPEN"),
]


@pytest.mark.parametrize("error", PASSING)
def test_a_model_that_may_be_back_soon_is_asked_again_later(error: ModelUnavailable) -> None:
    world = World(error, error, GOOD)
    for attempt, shortest in enumerate(DELAYS, start=1):
        assert world.deliver(attempt) == Ending(PENDING, error.code, error)
        assert world.recommendations.item.status is PENDING
        recommendation_id, next_attempt, delay = world.later.put[-1]
        assert (recommendation_id, next_attempt) == (RECOMMENDATION_ID, attempt + 1)
        assert shortest <= delay <= shortest * 1.5
    assert world.deliver(3) == Ending(READY)
    assert world.recommendations.states == [
        *("STARTED", "DELAYED"),
        *("STARTED", "DELAYED"),
        *("STARTED", "READY"),
    ]
    assert error.code in (world.recommendations.item.timeline[1].detail or "")


@pytest.mark.parametrize("error", PASSING)
def test_a_model_that_does_not_come_back_is_replaced_by_rules(error: ModelUnavailable) -> None:
    world = World(error)
    assert world.deliver(len(DELAYS) + 1) == Ending(DEGRADED, error.code, error)
    assert world.later.put == []


def late(error: ModelUnavailable, waited: timedelta) -> World:
    """One that reaches the worker so long after it was asked for."""
    return World(error, now=NOW + waited)


@pytest.mark.parametrize("error", PASSING[1:])
def test_a_broken_model_is_waited_for_until_somebody_has_waited_two_minutes(
    error: ModelUnavailable,
) -> None:
    world = late(error, LAST_BEGINS - timedelta(seconds=7))
    world.deliver()
    assert [delay for _, _, delay in world.later.put] == [7]
    assert late(error, LAST_BEGINS).deliver() == Ending(DEGRADED, error.code, error)


def test_a_throttle_is_waited_out_by_a_request_that_had_to_queue_as_well() -> None:
    world = late(ModelOverloaded("ThrottlingException"), 10 * LAST_BEGINS)
    world.deliver()
    assert [delay >= DELAYS[0] for _, _, delay in world.later.put] == [True]


def test_an_upgrade_is_waited_for_from_when_it_was_asked_for() -> None:
    error = ModelUnreachable("ReadTimeoutError")
    world = late(error, timedelta(days=3))
    asked = Step(NOW + timedelta(days=3), StepSource.API, StepState.UPGRADE_ASKED)
    items = world.recommendations.items
    items[RECOMMENDATION_ID] = replace(world.recommendations.item, timeline=(asked,))
    assert world.deliver() == Ending(PENDING, error.code, error)
