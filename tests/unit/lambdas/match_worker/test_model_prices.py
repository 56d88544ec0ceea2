"""What a result's tokens cost, and that it is kept with the result."""

from decimal import Decimal

import pytest

from cufit_contracts.results import TokenUsage
from cufit_contracts.stored import written
from match_worker.model.model_prices import cost_micro_usd, model_prices
from tests.unit.lambdas.match_worker.people import (
    GOOD,
    USAGE,
)
from tests.unit.lambdas.match_worker.world import World

NOVA_LITE = "apac.amazon.nova-lite-v1:0"


def usage(read: int, written: int) -> TokenUsage:
    return TokenUsage(input_tokens=read, output_tokens=written, counted=True)


def test_dollars_per_million_tokens() -> None:
    million = usage(1_000_000, 1_000_000)
    assert model_prices()[NOVA_LITE].usd(million) == Decimal("0.315")
    assert cost_micro_usd(million, NOVA_LITE) == 315_000


def test_a_part_of_a_millionth_counts_as_one() -> None:
    assert cost_micro_usd(usage(1, 0), NOVA_LITE) == 1
    assert cost_micro_usd(usage(0, 0), NOVA_LITE) == 0


@pytest.mark.parametrize(
    ("tokens", "model_id"),
    [(None, NOVA_LITE), (usage(1, 1), None), (usage(1, 1), "cufit.simulated-v1")],
)
def test_nothing_is_said_without_tokens_or_a_price(
    tokens: TokenUsage | None, model_id: str | None
) -> None:
    assert cost_micro_usd(tokens, model_id) is None


def test_it_is_kept_with_the_result() -> None:
    world = World(GOOD, model_id=NOVA_LITE)
    world.deliver()
    result = world.recommendations.item.result
    assert result is not None
    assert result.usage == USAGE
    assert result.cost_micro_usd == 89  # 1,000 tokens read at 0.063, 100 written at 0.252
    assert written(result)["cost_micro_usd"] == 89
