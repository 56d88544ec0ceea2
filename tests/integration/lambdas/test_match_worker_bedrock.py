"""RetrieveAndGenerate against botocore's model of it, which checks every shape and limit."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError, NoCredentialsError, ReadTimeoutError
from botocore.stub import Stubber

from embedded_aws.bedrock.prompt import REFUSAL
from match_worker.adapters.bedrock_errors import translated
from match_worker.adapters.bedrock_retrieve_and_generate import BedrockRetrieveAndGenerate
from match_worker.errors import (
    ModelMisconfigured,
    ModelOverloaded,
    ModelUnreachable,
    NothingRetrieved,
)
from match_worker.model.prompt import load_prompt
from match_worker.model.token_usage import document_tokens, estimated_tokens
from match_worker.ports import Correction, ModelReply
from match_worker.settings import Settings
from tests.unit.lambdas.match_worker.people import USAGE, person, search, seeker

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agent_runtime import AgentsforBedrockRuntimeClient

SETTINGS = Settings.model_validate(
    {
        "env": "test",
        "recommendations_table": "recommendations",
        "candidates_table": "candidates",
        "matches_table": "matches",
        "knowledge_base_id": "KB12345678",
        "model_arn": "arn:aws:bedrock:ap-northeast-2:123456789012:inference-profile/"
        "apac.amazon.nova-lite-v1:0",
        "model_id": "apac.amazon.nova-lite-v1:0",
        "matchmaker": "retrieve_and_generate",
        "shortlist": 8,
        "near_in_meaning": 2,
        "temperature": 0,
        "max_tokens": 1500,
        "bedrock_timeout_seconds": 20,
        "prompt_version": "v1",
        "brake_parameter": "/cufit/test/brake",
        "match_requests_queue_url": "https://sqs/match-requests",
        "idempotency_table": "idempotency",
    }
)
PROMPT = load_prompt("v1")
PEOPLE = (person("m_a"), person("m_b"))


@pytest.fixture
def client(pauses: list[float]) -> "AgentsforBedrockRuntimeClient":
    assert pauses == []
    return boto3.client("bedrock-agent-runtime", config=Config(retries={"total_max_attempts": 1}))


@pytest.fixture
def stub(client: "AgentsforBedrockRuntimeClient") -> Iterator[Stubber]:
    with Stubber(client) as stubber:
        yield stubber


@pytest.fixture
def model(client: "AgentsforBedrockRuntimeClient") -> BedrockRetrieveAndGenerate:
    return BedrockRetrieveAndGenerate(lambda _: client, SETTINGS, PROMPT)


def correction(text: str) -> Correction:
    return Correction(text, ModelReply("네", USAGE))


def reply(text: str, **more: Any) -> dict[str, Any]:
    return {"sessionId": "s-1", "output": {"text": text}, "citations": [], **more}


def test_the_request_is_what_bedrock_accepts(
    client: "AgentsforBedrockRuntimeClient", model: BedrockRetrieveAndGenerate
) -> None:
    sent: list[dict[str, Any]] = []
    client.meta.events.register(
        "provide-client-params.bedrock-agent-runtime.RetrieveAndGenerate",
        lambda params, **_: sent.append(params),
    )
    with Stubber(client) as stub:
        stub.add_response("retrieve_and_generate", reply("{}"))
        answered = model.ask(search(shortlist=PEOPLE), None)
    assert answered.text == "{}"
    assert not answered.usage.counted
    words = estimated_tokens(PROMPT.render() + sent[0]["input"]["text"])
    assert answered.usage.input_tokens == words + sum(map(document_tokens, PEOPLE))
    [request] = sent
    assert len(request["input"]["text"]) <= 1000
    assert "sessionId" not in request
    configuration = request["retrieveAndGenerateConfiguration"]["knowledgeBaseConfiguration"]
    retrieval = configuration["retrievalConfiguration"]["vectorSearchConfiguration"]
    assert retrieval["numberOfResults"] == 2
    assert retrieval["filter"] == {"in": {"key": "candidate_id", "value": ["m_a", "m_b"]}}
    generation = configuration["generationConfiguration"]
    template = generation["promptTemplate"]["textPromptTemplate"]
    assert template == PROMPT.render()
    assert generation["inferenceConfig"]["textInferenceConfig"] == {
        "temperature": 0.0,
        "maxTokens": 1500,
    }


def test_a_correction_stands_in_the_template(
    client: "AgentsforBedrockRuntimeClient", model: BedrockRetrieveAndGenerate
) -> None:
    sent: list[str] = []
    client.meta.events.register(
        "provide-client-params.bedrock-agent-runtime.RetrieveAndGenerate",
        lambda params, **_: sent.append(str(params)),
    )
    with Stubber(client) as stub:
        stub.add_response("retrieve_and_generate", reply("{}"))
        model.ask(search(shortlist=PEOPLE), correction("JSON만 답하세요."))
    assert "JSON만 답하세요." in sent[0]


def test_the_longest_profile_still_fits_botocores_limits(
    stub: Stubber, model: BedrockRetrieveAndGenerate
) -> None:
    who = seeker(self_introduction="산" * 500, hobbies=["아" * 40] * 10)
    stub.add_response("retrieve_and_generate", reply("{}"))
    model.ask(search(who, shortlist=PEOPLE), correction("가" * 300))


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("ThrottlingException", 429, ModelOverloaded),
        ("NotInBotocoresModels", 429, ModelOverloaded),
        ("ServiceQuotaExceededException", 400, ModelOverloaded),
        ("InternalServerException", 500, ModelUnreachable),
        ("BadGatewayException", 502, ModelUnreachable),
        ("DependencyFailedException", 424, ModelUnreachable),
        ("ServiceUnavailable", 503, ModelUnreachable),
        ("AccessDeniedException", 403, ModelMisconfigured),
        ("ResourceNotFoundException", 404, ModelMisconfigured),
        ("ValidationException", 400, ModelMisconfigured),
        ("SomethingNew", 400, ModelMisconfigured),
    ],
)
def test_errors_are_sorted_by_what_can_be_done(
    stub: Stubber, model: BedrockRetrieveAndGenerate, code: str, status: int, kind: type[Exception]
) -> None:
    tried = 1 if kind is ModelMisconfigured else 2
    for _ in range(tried):
        stub.add_client_error("retrieve_and_generate", code, "secret text", status)
    with pytest.raises(kind, match=code) as raised:
        model.ask(search(shortlist=PEOPLE), None)
    assert "secret text" not in str(raised.value)
    stub.assert_no_pending_responses()


def test_what_fails_in_passing_is_tried_again(
    stub: Stubber, model: BedrockRetrieveAndGenerate, pauses: list[float]
) -> None:
    stub.add_client_error("retrieve_and_generate", "DependencyFailedException", "", 424)
    stub.add_response("retrieve_and_generate", reply("{}"))
    assert model.ask(search(shortlist=PEOPLE), None).text == "{}"
    assert len(pauses) == 1
    assert 0 <= pauses[0] <= 1


def test_a_temperature_that_is_not_configured_is_not_sent(
    client: "AgentsforBedrockRuntimeClient",
) -> None:
    settings = SETTINGS.model_copy(update={"temperature": None})
    sent: list[dict[str, Any]] = []
    client.meta.events.register(
        "provide-client-params.bedrock-agent-runtime.RetrieveAndGenerate",
        lambda params, **_: sent.append(params),
    )
    with Stubber(client) as stub:
        stub.add_response("retrieve_and_generate", reply("{}"))
        BedrockRetrieveAndGenerate(lambda _: client, settings, PROMPT).ask(
            search(shortlist=PEOPLE), None
        )
    assert "'textInferenceConfig': {'maxTokens': 1500}" in str(sent)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ReadTimeoutError(endpoint_url="https://bedrock"), ModelUnreachable),
        (EndpointConnectionError(endpoint_url="https://bedrock"), ModelUnreachable),
        (NoCredentialsError(), ModelMisconfigured),
    ],
)
def test_errors_without_an_answer_are_sorted_too(error: Exception, kind: type[Exception]) -> None:
    with pytest.raises(kind), translated():
        raise error


def test_a_request_botocore_refuses_is_a_misconfiguration(
    client: "AgentsforBedrockRuntimeClient",
) -> None:
    settings = SETTINGS.model_copy(update={"knowledge_base_id": None})
    with pytest.raises(ModelMisconfigured, match="RequestInvalid"):
        BedrockRetrieveAndGenerate(lambda _: client, settings, PROMPT).ask(
            search(shortlist=PEOPLE), None
        )


def test_a_guardrails_answer_is_no_answer(stub: Stubber, model: BedrockRetrieveAndGenerate) -> None:
    stub.add_response(
        "retrieve_and_generate", reply("차단되었습니다", guardrailAction="INTERVENED")
    )
    answer = model.ask(search(shortlist=PEOPLE), None)
    assert (answer.text, answer.fault) == ("", "GUARDRAIL_INTERVENED")
    assert answer.usage.input_tokens > 0


def test_the_answer_to_nothing_found_is_not_a_models(
    stub: Stubber, model: BedrockRetrieveAndGenerate
) -> None:
    stub.add_response("retrieve_and_generate", reply(REFUSAL))
    with pytest.raises(NothingRetrieved):
        model.ask(search(shortlist=PEOPLE), None)
