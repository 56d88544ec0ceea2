"""Settings refuse what cannot work; the brake is believed for half a minute."""

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from pydantic import ValidationError

from match_worker.adapters.ssm_brake import MAX_AGE_SECONDS, SsmBrake
from match_worker.settings import Settings

FIELDS: dict[str, Any] = {
    "env": "dev",
    "recommendations_table": "r",
    "candidates_table": "c",
    "matches_table": "m",
    "knowledge_base_id": "KB12345678",
    "model_arn": "arn",
    "model_id": "apac.amazon.nova-lite-v1:0",
    "matchmaker": "retrieve_and_generate",
    "shortlist": 8,
    "near_in_meaning": 2,
    "temperature": 0,
    "max_tokens": 1500,
    "bedrock_timeout_seconds": 20,
    "prompt_version": "v1",
    "brake_parameter": "/b",
    "match_requests_queue_url": "https://sqs/match-requests",
    "idempotency_table": "i",
}


def test_the_stand_in_is_refused_outside_of_local() -> None:
    with pytest.raises(ValidationError, match="stand-in of local"):
        Settings.model_validate(FIELDS | {"model_id": "cufit.simulated-v1"})
    assert Settings.model_validate(FIELDS | {"model_id": "cufit.simulated-v1", "env": "local"})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("matchmaker", "guess"),
        ("shortlist", 4),
        ("shortlist", 41),
        ("near_in_meaning", -1),
        ("temperature", 1.5),
        ("max_tokens", 10),
        ("prompt_version", "../v1"),
        ("prompt_version", "latest"),
    ],
)
def test_values_out_of_range_are_refused(field: str, value: Any) -> None:
    with pytest.raises(ValidationError, match=field):
        Settings.model_validate(FIELDS | {field: value})


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def brake(stub_values: list[str | None]) -> tuple[SsmBrake, Clock]:
    client = boto3.client("ssm")
    stub = Stubber(client)
    for value in stub_values:
        if value is None:
            stub.add_client_error("get_parameter", "ParameterNotFound")
        else:
            stub.add_response("get_parameter", {"Parameter": {"Value": value}}, {"Name": "/b"})
    stub.activate()
    clock = Clock()
    at = timedelta(seconds=clock.now)
    return SsmBrake(client, "/b", clock, lambda: NOON - at + timedelta(seconds=clock.now)), clock


def test_the_brake_is_read_again_when_its_value_is_old() -> None:
    subject, clock = brake(["off", "rules", "off"])
    assert not subject.is_on()
    clock.now += MAX_AGE_SECONDS - 1
    assert not subject.is_on(), "from memory"
    clock.now += 1
    assert subject.is_on()
    clock.now += MAX_AGE_SECONDS
    assert not subject.is_on()


def test_an_unreadable_brake_stays_as_it_was() -> None:
    subject, clock = brake([None, "rules", None])
    assert not subject.is_on()
    clock.now += MAX_AGE_SECONDS
    assert subject.is_on()
    clock.now += MAX_AGE_SECONDS
    assert subject.is_on()


def test_an_automatic_brake_ends_by_itself_even_from_memory() -> None:
    subject, clock = brake(["rules until 2026-11-28T12:00:10Z"])
    assert subject.is_on()
    clock.now += 9
    assert subject.is_on()
    clock.now += 1
    assert not subject.is_on()


def test_what_nobody_can_read_holds() -> None:
    subject, _ = brake(["rules until next tuesday"])
    assert subject.is_on()
