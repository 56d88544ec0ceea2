"""Asking a real model, as far as it can be tried without one: botocore's Stubber answers.

Nothing here shows that AWS accepts the requests; their shapes are botocore's."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from cufit_contracts.results import TokenUsage
from cufit_ops.evaluation import live
from cufit_ops.evaluation.bench import Stopped
from cufit_ops.evaluation.contract import CRASHES
from cufit_ops.evaluation.golden_set import NOW
from cufit_ops.evaluation.live import Clients, Terms
from cufit_ops.evaluation.purse import PricedModel, Purse, worst_price
from cufit_ops.evaluation.subject import Subject
from match_worker.ports import Correction, ModelReply, Search
from tests.unit.evaluation import small

CONVERSE = replace(small.SUBJECT, matchers=("retrieve_and_converse",))
SETUP = small.setup("retrieve_and_converse")
SHOWN = re.compile(r'^{"id":"([a-z0-9]{6})"', re.MULTILINE)
WORST = worst_price(SETUP, small.golden())


def answer(read: int = 3000, wrote: int = 400) -> dict[str, Any]:
    """Converse's response: the first two shown are judged by the forced tool."""
    entries = [
        {
            "id": "",
            "parts": {"hobbies": 9, "values": 8, "introduction": 5},
            "reason": "둘 다 산을 좋아해요.",
        }
        for _ in range(2)
    ]
    use = {"toolUseId": "tool_1", "name": "submit_scores", "input": {"candidates": entries}}
    return {
        "output": {"message": {"role": "assistant", "content": [{"toolUse": use}]}},
        "stopReason": "tool_use",
        "usage": {"inputTokens": read, "outputTokens": wrote, "totalTokens": read + wrote},
        "metrics": {"latencyMs": 700},
    }


class Reading:
    """A stubbed client that reads whom the message shows and names the first two of them."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def converse(self, **request: Any) -> Any:
        response = self._client.converse(**request)
        text = request["messages"][0]["content"][0]["text"]
        entries = response["output"]["message"]["content"][0]["toolUse"]["input"]["candidates"]
        for entry, alias in zip(entries, SHOWN.findall(text), strict=False):
            entry["id"] = alias
        return response


@pytest.fixture
def stubbed(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Clients, Stubber]]:
    monkeypatch.setattr(live, "load", small.golden)
    monkeypatch.setattr(live, "ATTACKS", small.PLAN.attacks[:2])
    runtime = boto3.client("bedrock-runtime", region_name="ap-northeast-2")
    with Stubber(runtime) as stubber:
        yield Clients(agent_runtime=None, runtime=Reading(runtime)), stubber


def silent(_: str) -> None:
    return None


def test_a_whole_evaluation_is_priced_by_counted_tokens(
    stubbed: tuple[Clients, Stubber],
) -> None:
    clients, stubber = stubbed
    terms = Terms(Decimal(1), repeats=1, knowledge_base_id=None)
    asked = live.questions(CONVERSE, terms)
    for _ in range(asked):
        stubber.add_response("converse", answer())
    report = live.evaluated(CONVERSE, terms, clients, silent)
    assert report.live
    assert report.notes == []
    trial = report.trials[0]
    assert trial.crashes == []
    assert trial.cost is not None
    assert trial.cost.counted
    assert trial.cost.input_tokens.mean == 3000
    assert trial.cost.usd_per_match.mean == pytest.approx(0.00029, abs=0.00004)
    assert trial.model_ms is not None
    assert trial.rungs["strict"] == small.SEEKERS
    assert 0 < report.spent_usd < asked * 0.0004


def test_it_stops_before_it_could_spend_more(stubbed: tuple[Clients, Stubber]) -> None:
    clients, stubber = stubbed
    for _ in range(3):
        stubber.add_response("converse", answer())
    # Room for the worst of one question after two answers were paid.
    terms = Terms(WORST + Decimal("0.0007"), repeats=1, knowledge_base_id=None)
    report = live.evaluated(CONVERSE, terms, clients, silent)
    assert report.trials[0].agreement.seekers in (2, 3)
    assert Decimal(str(report.spent_usd)) <= terms.max_usd
    assert "stopped at" in report.notes[0]
    assert report.trials[0].stability.over_repeats is None


def test_without_money_nothing_is_asked(stubbed: tuple[Clients, Stubber]) -> None:
    clients, _ = stubbed  # any call would fail: there is no response
    report = live.evaluated(CONVERSE, Terms(Decimal(0), 1, None), clients, silent)
    assert report.trials == []
    assert report.spent_usd == 0
    assert report.broken == []


def test_a_throttle_is_ranked_by_rules_and_no_crash(stubbed: tuple[Clients, Stubber]) -> None:
    clients, stubber = stubbed
    stubber.add_client_error("converse", "ThrottlingException", http_status_code=429)
    terms = Terms(WORST + Decimal("0.0001"), repeats=1, knowledge_base_id=None)
    report = live.evaluated(CONVERSE, terms, clients, silent)
    trial = report.trials[0]
    assert trial.rungs["rules"] == 1
    assert trial.must_be_zero[CRASHES] == 0
    assert report.spent_usd == pytest.approx(float(WORST)), "a failed question counts at its worst"


class OneQuestion:
    def ask(self, search: Search, correction: Correction | None) -> ModelReply:
        usage = TokenUsage(input_tokens=1000, output_tokens=100, counted=True)
        return ModelReply("{}", usage)


def test_a_purse_pays_what_was_used_and_keeps_the_rest() -> None:
    purse = Purse(limit_usd=WORST)
    model = PricedModel(OneQuestion(), purse, SETUP, small.golden())
    search = Search("rec_1", small.golden().seekers[0].profile, NOW, lambda: 60.0)
    model.ask(search, None)
    assert Decimal("0.0000882") <= purse.spent_usd <= Decimal("0.0002")
    with pytest.raises(Stopped, match="the limit is"):
        model.ask(search, None)


def test_the_worst_price_covers_the_longest_prompt() -> None:
    """More than the estimate of any prompt the stand-ins were shown."""
    trial = small.tried("retrieve_and_generate")
    assert trial.cost is not None
    assert float(WORST) > 2 * trial.cost.usd_per_match.mean


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        (small.SUBJECT, "--knowledge-base"),
        (replace(small.SUBJECT, matchers=("rules",)), "rules ask none"),
        (
            replace(
                CONVERSE, matching=small.MATCHING.model_copy(update={"model_id": "some.model-v1:0"})
            ),
            "no price of some.model-v1:0",
        ),
    ],
)
def test_terms_that_do_not_fit_are_refused(subject: Subject, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        live.checked(subject, Terms(Decimal(1), 1, None))


def test_clients_do_not_retry_what_would_be_paid_again() -> None:
    clients = Clients.of("ap-northeast-2", 20)
    for client in (clients.agent_runtime, clients.runtime):
        assert client.meta.config.retries["total_max_attempts"] == 1
        assert client.meta.config.read_timeout == 20
        assert client.meta.region_name == "ap-northeast-2"
