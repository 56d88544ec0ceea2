"""The circuit around Bedrock, its state in the idempotency table (moto)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import boto3
import pytest
import time_machine
from aws_lambda_powertools.utilities.circuit_breaker.persistence import (
    CircuitBreakerDynamoDBPersistence,
)

from match_worker.adapters.powertools_circuit_breaker import (
    CONFIG,
    NEARNESS_CIRCUIT,
    CircuitBrokenModel,
    CircuitBrokenNearness,
)
from match_worker.errors import (
    MatchingError,
    ModelMisconfigured,
    ModelOverloaded,
    ModelResting,
    ModelUnavailable,
    ModelUnreachable,
)
from match_worker.ports import ModelReply, Search
from tests.unit.lambdas.match_worker.people import FakeModel, search

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

START = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.fixture
def circuit(idempotency: "Table") -> str:
    """A name of its own: Powertools counts per name for as long as the process lives."""
    return f"test-{uuid4()}"


def guarded(model: FakeModel, circuit: str) -> CircuitBrokenModel:
    store = CircuitBreakerDynamoDBPersistence("idempotency", boto3_client=boto3.client("dynamodb"))
    return CircuitBrokenModel(model, store, circuit)


def fail(
    subject: CircuitBrokenModel, times: int, kind: type[ModelUnavailable] = ModelUnreachable
) -> None:
    for _ in range(times):
        with pytest.raises(kind):
            subject.ask(search(), None)


def failures(
    times: int, kind: type[ModelUnavailable] = ModelUnreachable
) -> list[MatchingError | ModelReply | str]:
    return [kind("SomeException") for _ in range(times)]


def test_a_healthy_model_writes_nothing(circuit: str, idempotency: "Table") -> None:
    subject = guarded(FakeModel(["{}"]), circuit)
    assert subject.ask(search(), None).text == "{}"
    assert idempotency.scan()["Items"] == []


def test_after_failures_in_a_row_nobody_is_asked_also_by_other_copies(circuit: str) -> None:
    model = FakeModel([*failures(CONFIG.failure_threshold), "{}"])
    fail(guarded(model, circuit), CONFIG.failure_threshold)
    for copy in (guarded(model, circuit), guarded(model, circuit)):
        with pytest.raises(ModelResting, match="CIRCUIT_OPEN"):
            copy.ask(search(), None)
    assert model.answers == ["{}"]


def test_one_success_starts_the_count_again(circuit: str) -> None:
    few = CONFIG.failure_threshold - 1
    model = FakeModel([*failures(few), "{}", *failures(few), "{}"])
    subject = guarded(model, circuit)
    fail(subject, few)
    subject.ask(search(), None)
    fail(subject, few)
    assert subject.ask(search(), None).text == "{}"


@pytest.mark.parametrize("kind", [ModelOverloaded, ModelMisconfigured])
def test_who_answers_with_a_refusal_is_not_broken(
    circuit: str, idempotency: "Table", kind: type[ModelUnavailable]
) -> None:
    model = FakeModel([*failures(20, kind), "{}"])
    subject = guarded(model, circuit)
    fail(subject, 20, kind)
    assert subject.ask(search(), None).text == "{}"
    assert idempotency.scan()["Items"] == []


def test_a_throttle_between_failures_neither_counts_nor_forgives(circuit: str) -> None:
    few = CONFIG.failure_threshold - 1
    answers = [*failures(few), *failures(1, ModelOverloaded), *failures(1)]
    subject = guarded(FakeModel(answers), circuit)
    fail(subject, few)
    fail(subject, 1, ModelOverloaded)
    fail(subject, 1)
    fail(subject, 1, ModelResting)


def test_a_throttled_probe_neither_closes_the_circuit_nor_opens_it_for_another_minute(
    circuit: str, idempotency: "Table"
) -> None:
    threshold, rest = CONFIG.failure_threshold, timedelta(seconds=CONFIG.recovery_timeout + 6)
    model = FakeModel([*failures(threshold), *failures(2, ModelOverloaded), "{}", "{}"])
    subject = guarded(model, circuit)
    with time_machine.travel(START, tick=False) as clock:
        fail(subject, threshold)
        clock.shift(rest)
        fail(subject, 2, ModelOverloaded)
        [state] = idempotency.scan()["Items"]
        assert state["state"] == "HALF_OPEN", "the probe is still to be made"
        clock.shift(timedelta(seconds=1))
        assert subject.ask(search(), None).text == "{}", "by the same copy at once"
        [state] = idempotency.scan()["Items"]
        assert state["state"] == "CLOSED"


def test_another_copy_probes_when_the_one_whose_probe_was_throttled_is_gone(circuit: str) -> None:
    threshold, rest = CONFIG.failure_threshold, timedelta(seconds=CONFIG.recovery_timeout + 6)
    model = FakeModel([*failures(threshold), *failures(1, ModelOverloaded), "{}"])
    subject = guarded(model, circuit)
    with time_machine.travel(START, tick=False) as clock:
        fail(subject, threshold)
        clock.shift(rest)
        fail(subject, 1, ModelOverloaded)

        def asked() -> str:
            return guarded(model, circuit).ask(search(), None).text

        with ThreadPoolExecutor(1) as other:  # Powertools tells copies apart by their threads
            with pytest.raises(ModelResting):
                other.submit(asked).result()
            clock.shift(rest)
            assert other.submit(asked).result() == "{}"


def test_after_a_rest_one_probe_closes_it_or_opens_it_again(circuit: str) -> None:
    threshold, rest = CONFIG.failure_threshold, timedelta(seconds=CONFIG.recovery_timeout + 6)
    model = FakeModel([*failures(threshold), ModelUnreachable("ReadTimeoutError"), "{}", "{}"])
    subject = guarded(model, circuit)
    with time_machine.travel(START, tick=False) as clock:
        fail(subject, threshold)
        clock.shift(rest)
        with pytest.raises(ModelUnreachable):
            subject.ask(search(), None)
        with pytest.raises(ModelResting):
            subject.ask(search(), None)
        clock.shift(rest)
        assert subject.ask(search(), None).text == "{}"
        assert subject.ask(search(), None).text == "{}"


class Broken:
    """A knowledge base that answers nobody."""

    def __init__(self) -> None:
        self.asked = 0

    def nearest(self, search: Search, limit: int) -> list[str]:
        assert search.recommendation_id
        assert limit
        self.asked += 1
        raise ModelUnreachable("ReadTimeoutError")


def test_nearness_rests_by_itself_and_leaves_the_model_alone(idempotency: "Table") -> None:
    store = CircuitBreakerDynamoDBPersistence("idempotency", boto3_client=boto3.client("dynamodb"))
    broken = Broken()
    subject = CircuitBrokenNearness(broken, store)
    kinds = []
    for _ in range(CONFIG.failure_threshold + 2):
        with pytest.raises(ModelUnavailable) as raised:
            subject.nearest(search(), 20)
        kinds.append(raised.type)
    assert kinds == [ModelUnreachable] * CONFIG.failure_threshold + [ModelResting] * 2
    assert broken.asked == CONFIG.failure_threshold
    assert CircuitBrokenModel(FakeModel(["{}"]), store).ask(search(), None).text == "{}"
    assert [item["id"] for item in idempotency.scan()["Items"]] == [NEARNESS_CIRCUIT]
