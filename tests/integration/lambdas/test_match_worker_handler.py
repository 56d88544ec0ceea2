"""match_worker from the SQS event to the item, over moto and a stubbed Bedrock."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import Stubber

from cufit_contracts.items import RecommendationItem
from cufit_contracts.messages import MatchRequested
from cufit_contracts.stored import read
from match_worker import bootstrap, handler
from match_worker.adapters import sqs_delayed_requests
from match_worker.model.shadow import Shadow
from tests.integration.lambdas.context import context, sqs_event
from tests.integration.lambdas.items import candidate_item, recommendation_item, seeker_item
from tests.integration.lambdas.parameters import Parameters
from tests.unit.lambdas.match_worker.people import GOOD, NOW

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

ENVIRONMENT = {
    "CUFIT_ENV": "local",
    "CUFIT_RECOMMENDATIONS_TABLE": "recommendations",
    "CUFIT_CANDIDATES_TABLE": "candidates",
    "CUFIT_MATCHES_TABLE": "matches",
    "CUFIT_KNOWLEDGE_BASE_ID": "KB12345678",
    "CUFIT_MODEL_ARN": "arn:aws:bedrock:ap-northeast-2::foundation-model/cufit.simulated-v1",
    "CUFIT_MODEL_ID": "cufit.simulated-v1",
    "CUFIT_MATCHMAKER": "retrieve_and_generate",
    "CUFIT_SHORTLIST": "8",
    "CUFIT_NEAR_IN_MEANING": "2",
    "CUFIT_TEMPERATURE": "0.0",
    "CUFIT_MAX_TOKENS": "1500",
    "CUFIT_BEDROCK_TIMEOUT_SECONDS": "20",
    "CUFIT_PROMPT_VERSION": "v1",
    "CUFIT_BRAKE_PARAMETER": "/cufit/local/brake",
    "CUFIT_MATCH_REQUESTS_QUEUE_URL": "https://sqs.invalid/match-requests",
    "CUFIT_IDEMPOTENCY_TABLE": "idempotency",
}


def request(recommendation_id: str = "rec_1") -> str:
    return MatchRequested.of(recommendation_id, NOW).to_body()


@pytest.fixture
def world(
    recommendations: "Table",
    candidates: "Table",
    matches: "Table",
    idempotency: "Table",
    parameters: Parameters,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator["Table"]:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    parameters["/cufit/local/brake"] = "off"
    recommendations.put_item(Item=recommendation_item())
    candidates.put_item(Item=seeker_item())
    candidates.put_item(Item=candidate_item("m_a"))
    handler._app.cache_clear()
    yield recommendations
    handler._app.cache_clear()


@pytest.fixture
def queue(aws: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """URL of a queue that requests are put off to; delays are not waited for."""
    monkeypatch.setattr(sqs_delayed_requests, "MAX_DELAY_SECONDS", 0)
    url = boto3.client("sqs").create_queue(QueueName="match-requests")["QueueUrl"]
    monkeypatch.setenv("CUFIT_MATCH_REQUESTS_QUEUE_URL", url)
    handler._app.cache_clear()
    return url


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the function's logger wrote."""
    written = io.StringIO()
    monkeypatch.setattr(handler.logger.registered_handler, "stream", written)
    return written


def lines(log: io.StringIO, level: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in log.getvalue().splitlines()]
    return [line for line in found if line["level"] == level]


def metrics(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The one line an invocation prints, in the embedded metric format."""
    [line] = capsys.readouterr().out.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


@pytest.fixture
def bedrock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """Every bedrock-agent-runtime client made from here on is stubbed."""
    bootstrap._agent_runtime.cache_clear()
    client = boto3.client("bedrock-agent-runtime")
    make = boto3.client

    def stubbed(service: str, **options: Any) -> Any:
        return client if service == "bedrock-agent-runtime" else make(service, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(boto3, "client", stubbed)
    with Stubber(client) as stub:
        yield stub
    bootstrap._agent_runtime.cache_clear()


def answer(stub: Stubber, text: str) -> None:
    stub.add_response(
        "retrieve_and_generate", {"sessionId": "s-1", "output": {"text": text}, "citations": []}
    )


def stored(table: "Table") -> RecommendationItem:
    return read(RecommendationItem, table.get_item(Key={"recommendation_id": "rec_1"})["Item"])


def test_a_message_becomes_a_ready_recommendation(
    world: "Table", bedrock: Stubber, log: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(bedrock, GOOD)
    assert handler.handler(sqs_event(request()), context()) == {"batchItemFailures": []}
    item = stored(world)
    assert item.status == "READY"
    assert item.result is not None
    assert [one.candidate_id for one in item.result.candidates] == ["m_a"]
    [ended] = lines(log, "INFO")
    assert ended["message"] == "recommendation ended"
    assert ended["correlation_id"] == "rec_1"
    metric = metrics(capsys)
    assert metric["RecommendationsDegraded"] == metric["ModelMisconfigured"] == [0.0]
    [told] = metric["_aws"]["CloudWatchMetrics"]
    [dimensions] = told["Dimensions"]  # another set would be another billed metric each
    assert {name: metric[name] for name in dimensions} == {
        "environment": "local",
        "service": "function-under-test",
    }


def test_nothing_personal_is_logged(
    world: "Table", bedrock: Stubber, log: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(bedrock, "김나나 010-9876-5432 박도윤")
    answer(bedrock, "김나나 010-9876-5432 박도윤")
    handler.handler(sqs_event(request()), context())
    output = log.getvalue() + "".join(capsys.readouterr())
    assert "ANSWER_NOT_JSON" in output
    assert stored(world).status == "DEGRADED"
    for secret in ("김나나", "박도윤", "9876", "구름", "주말마다"):
        assert secret not in output


def test_a_message_that_is_not_ours_stays_in_the_queue_beside_a_good_one(
    world: "Table", bedrock: Stubber, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(bedrock, GOOD)
    response = handler.handler(sqs_event("not json", '{"kind":"other"}', request()), context())
    assert response == {
        "batchItemFailures": [{"itemIdentifier": "message-0"}, {"itemIdentifier": "message-1"}]
    }
    assert stored(world).status == "READY"
    assert metrics(capsys)["RecommendationsDegraded"] == [0.0]


def test_a_passing_fault_is_put_off_and_used_up_attempts_end_it(
    world: "Table", bedrock: Stubber, queue: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(4):  # each question is tried twice
        bedrock.add_client_error("retrieve_and_generate", "ThrottlingException", "", 429)
    assert handler.handler(sqs_event(request()), context()) == {"batchItemFailures": []}
    assert stored(world).status == "PENDING"
    assert not capsys.readouterr().out, "put off is no ending"
    [message] = boto3.client("sqs").receive_message(
        QueueUrl=queue, MessageAttributeNames=["All"], WaitTimeSeconds=0
    )["Messages"]
    assert message["MessageAttributes"]["correlation_id"]["StringValue"] == "rec_1"
    again = MatchRequested.from_body(message["Body"])
    assert again.usage is None, "nobody answered"
    assert (again.recommendation_id, again.attempt) == ("rec_1", 2)
    last = MatchRequested.of("rec_1", NOW, attempt=3).to_body()
    assert handler.handler(sqs_event(last), context()) == {"batchItemFailures": []}
    item = stored(world)
    assert item.status == "DEGRADED"
    assert [entry.state for entry in item.timeline] == [
        "ACCEPTED",
        "STARTED",
        "DELAYED",
        "STARTED",
        "DEGRADED",
    ]


def test_what_an_attempt_paid_goes_with_the_request_that_is_put_off(
    world: "Table", bedrock: Stubber, queue: Any
) -> None:
    answer(bedrock, "아니요")
    for _ in range(2):
        bedrock.add_client_error("retrieve_and_generate", "ThrottlingException", "", 429)
    handler.handler(sqs_event(request()), context())
    [message] = boto3.client("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=0)["Messages"]
    paid = MatchRequested.from_body(message["Body"]).usage
    assert paid is not None
    answer(bedrock, GOOD)
    handler.handler(sqs_event(message["Body"]), context())
    result = stored(world).result
    assert result is not None
    assert result.usage is not None
    assert result.usage.input_tokens > paid.input_tokens > 0


def test_a_misconfigured_model_is_an_error_in_the_log(
    world: "Table", bedrock: Stubber, log: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    bedrock.add_client_error("retrieve_and_generate", "AccessDeniedException", "", 403)
    handler.handler(sqs_event(request()), context())
    [line] = lines(log, "ERROR")
    assert (line["message"], line["code"]) == ("model misconfigured", "AccessDeniedException")
    metric = metrics(capsys)
    assert metric["RecommendationsDegraded"] == metric["ModelMisconfigured"] == [1.0]


def test_a_shadow_version_is_asked_after_the_result_is_stored(
    world: "Table", bedrock: Stubber, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUFIT_SHADOW_PROMPT_VERSION", "v1")
    monkeypatch.setenv("CUFIT_SHADOW_PERCENT", "100")
    answer(bedrock, GOOD)
    answer(bedrock, GOOD)
    monkeypatch.setattr(Shadow, "compare", _after(Shadow.compare, lambda: stored(world).status))
    handler.handler(sqs_event(request()), context())
    bedrock.assert_no_pending_responses()


def _after(compare: Any, status: Any) -> Any:
    def checked(*arguments: Any) -> None:
        assert status() == "READY"
        compare(*arguments)

    return checked


def test_the_brake_asks_no_model(
    world: "Table",
    bedrock: Stubber,
    parameters: Parameters,
    capsys: pytest.CaptureFixture[str],
) -> None:
    parameters["/cufit/local/brake"] = "rules"
    handler.handler(sqs_event(request()), context())
    metric = metrics(capsys)
    assert metric["RecommendationsDegraded"] == [1.0]
    assert "ModelMisconfigured" not in metric, "no model was asked"
    item = stored(world)
    assert item.status == "DEGRADED"
    assert item.timeline[-1].detail == "BRAKE_ON"


def test_rules_that_were_chosen_are_ready_and_say_nothing_about_the_model(
    world: "Table", monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CUFIT_MATCHMAKER", "rules")
    handler.handler(sqs_event(request()), context())
    metric = metrics(capsys)
    assert metric["RecommendationsDegraded"] == [0.0]
    assert "ModelMisconfigured" not in metric
    item = stored(world)
    assert (item.status, item.timeline[-1].detail) == ("READY", "RULES_CONFIGURED")
    assert item.result is not None
    assert item.result.made_by.matchmaker == "rules"


def test_a_missing_variable_ends_the_start_and_is_named() -> None:
    environment = {
        "AWS_LAMBDA_FUNCTION_NAME": "match_worker",
        "AWS_DEFAULT_REGION": "ap-northeast-2",
        "POWERTOOLS_SERVICE_NAME": "match_worker",
        "POWERTOOLS_METRICS_NAMESPACE": "cufit",
        "PATH": os.environ["PATH"],
        **{name: value for name, value in ENVIRONMENT.items() if name != "CUFIT_MODEL_ARN"},
    }
    run = subprocess.run(
        [sys.executable, "-c", "import match_worker.handler"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0
    assert "CUFIT_MODEL_ARN: Field required" in run.stderr
