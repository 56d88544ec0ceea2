"""What models are asked is counted in dollars, answer by answer."""

from types import SimpleNamespace
from typing import Any

import pytest

from cufit_contracts.results import TokenUsage
from match_worker.adapters import metered_model
from match_worker.adapters.metered_model import MeteredModel
from match_worker.model.model_prices import model_prices
from match_worker.ports import ModelReply

USAGE = TokenUsage(input_tokens=3500, output_tokens=600, counted=True)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    counter = SimpleNamespace(add_metric=lambda **metric: told.append(metric))
    monkeypatch.setattr(metered_model, "metrics", counter)
    return told


def ask(model_id: str) -> ModelReply:
    reply = ModelReply("not even JSON", USAGE)
    model: Any = SimpleNamespace(ask=lambda _search, _correction: reply)
    metered = MeteredModel(model, model_id)
    search: Any = None
    assert metered.ask(search, None) is reply
    return reply


def test_an_answer_is_paid_for_whether_it_is_usable_or_not(told: list[dict[str, Any]]) -> None:
    ask("apac.amazon.nova-lite-v1:0")
    assert [metric["name"] for metric in told] == ["AiSpend"]
    assert told[0]["value"] == pytest.approx((3500 * 0.063 + 600 * 0.252) / 1e6)


def test_a_model_without_a_price_counts_as_the_dearest(told: list[dict[str, Any]]) -> None:
    ask("apac.somebody.new-v1:0")
    assert told[0]["value"] == float(max(price.usd(USAGE) for price in model_prices().values()))


def test_the_stand_in_costs_nothing(told: list[dict[str, Any]]) -> None:
    ask("cufit.simulated-v1")
    assert told[0]["value"] == 0
