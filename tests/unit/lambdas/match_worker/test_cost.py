"""What a recommendation cost counts every question that was answered."""

from math import ceil
from typing import Any

import pytest

from cufit_contracts.results import TokenUsage
from match_worker.errors import (
    ModelMisconfigured,
    ModelOverloaded,
)
from match_worker.ports import ModelReply
from tests.unit.lambdas.match_worker.people import GOOD, USAGE
from tests.unit.lambdas.match_worker.world import World

NOVA = "apac.amazon.nova-lite-v1:0"
ONCE = 1000 * 0.063 + 100 * 0.252
"""Millionths of a dollar that an answer of Nova Lite costs here."""


@pytest.mark.parametrize(
    ("answers", "times"),
    [
        ((GOOD,), 1),
        (("아니요", GOOD), 2),
        (("아니요", "싫어요"), 2),
        (("아니요", ModelMisconfigured("AccessDeniedException")), 1),
        ((ModelReply("", USAGE, fault="REFUSAL"),), 1),
    ],
)
def test_a_recommendation_costs_what_all_its_questions_cost(
    answers: tuple[Any, ...], times: int
) -> None:
    world = World(*answers, model_id=NOVA)
    world.deliver()
    result = world.recommendations.item.result
    assert result is not None
    assert result.usage == TokenUsage(1000 * times, 100 * times, counted=True)
    assert result.cost_micro_usd == ceil(ONCE * times)


def test_what_was_paid_before_a_request_was_put_off_counts_too() -> None:
    world = World("아니요", ModelOverloaded("ThrottlingException"), "아니요", GOOD, model_id=NOVA)
    world.deliver()
    assert world.later.spent == [USAGE]
    world.deliver(2, usage=USAGE)
    result = world.recommendations.item.result
    assert result is not None
    assert result.usage == TokenUsage(3000, 300, counted=True)
    assert result.cost_micro_usd == ceil(ONCE * 3)


@pytest.mark.parametrize("broke", [{"brake": True}, {"configured": "rules"}])
def test_neither_brake_nor_another_configuration_forgets_what_was_paid(broke: Any) -> None:
    world = World(model_id=NOVA, **broke)
    world.deliver(2, usage=USAGE)
    result = world.recommendations.item.result
    assert result is not None
    assert result.usage == USAGE


@pytest.mark.parametrize("attempt", [2, 3])
def test_what_was_paid_before_an_attempt_in_vain_is_not_forgotten(attempt: int) -> None:
    """Neither when it ends in rules nor when it is put off again."""
    error = ModelOverloaded("ThrottlingException")
    world = World("아니요", error, model_id=NOVA)
    world.deliver(attempt, usage=USAGE)
    result = world.recommendations.item.result
    spent = world.later.spent if result is None else [result.usage]
    assert spent == [TokenUsage(2000, 200, counted=True)]
