"""Retrieve and Converse against botocore's models of them."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import ANY, Stubber

from cufit_contracts.alias import alias_of
from match_worker.adapters.bedrock_retrieve_and_converse import TOOL, BedrockRetrieveAndConverse
from match_worker.adapters.bedrock_timing import one_step, two_steps
from match_worker.errors import (
    ModelOverloaded,
    ModelUnreachable,
    NothingRetrieved,
    UnusableAnswer,
)
from match_worker.model.prompt import load_prompt
from tests.integration.lambdas.test_match_worker_bedrock import SETTINGS
from tests.unit.lambdas.match_worker.people import person, search

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agent_runtime import AgentsforBedrockRuntimeClient

PROMPT = load_prompt("v1")
PEOPLE = (person("m_a"), person("m_b"))
A = alias_of("m_a")
GOOD = {"candidates": [{"id": A, "parts": {"hobbies": 1}, "reason": "좋아요"}]}


class World:
    """Both clients stubbed; `sent` holds the parameters of Converse."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        retrieval: AgentsforBedrockRuntimeClient = boto3.client("bedrock-agent-runtime")
        generation = boto3.client("bedrock-runtime")
        generation.meta.events.register(
            "provide-client-params.bedrock-runtime.Converse",
            lambda params, **_: self.sent.append(params),
        )
        self.retrieval, self.generation = Stubber(retrieval), Stubber(generation)
        self.retrieval.activate()
        self.generation.activate()
        self.model = BedrockRetrieveAndConverse(retrieval, generation, SETTINGS, PROMPT)

    def finds(self, *texts: str) -> None:
        results = [{"content": {"text": text}} for text in texts]
        self.retrieval.add_response(
            "retrieve",
            {"retrievalResults": results},
            {
                "knowledgeBaseId": "KB12345678",
                "retrievalQuery": {"text": ANY},
                "retrievalConfiguration": {
                    "vectorSearchConfiguration": {
                        "numberOfResults": 2,
                        "filter": {"in": {"key": "candidate_id", "value": ["m_a", "m_b"]}},
                    }
                },
            },
        )

    def answers(self, *blocks: dict[str, Any], stop_reason: str = "tool_use") -> None:
        self.generation.add_response(
            "converse",
            {
                "output": {"message": {"role": "assistant", "content": list(blocks)}},
                "stopReason": stop_reason,
                "usage": {"inputTokens": 3000, "outputTokens": 400, "totalTokens": 3400},
                "metrics": {"latencyMs": 900},
            },
        )

    @property
    def prompt(self) -> str:
        [request] = self.sent
        text = request["messages"][0]["content"][0]["text"]
        assert isinstance(text, str)
        return text


@pytest.fixture
def world() -> World:
    return World()


def document(candidate_id: str, **fields: Any) -> str:
    fields = {"id": alias_of(candidate_id), "gender": "FEMALE", **fields}
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def tool(answer: Any) -> dict[str, Any]:
    return {"toolUse": {"toolUseId": "t", "name": TOOL, "input": answer}}


def test_the_tools_input_is_the_answer_and_its_tokens_are_counted(world: World) -> None:
    world.finds(document("m_a"), document("m_b"))
    world.answers(tool(GOOD))
    reply = world.model.ask(search(shortlist=PEOPLE), None)
    assert json.loads(reply.text) == GOOD
    assert asdict(reply.usage) == {
        "input_tokens": 3000,
        "output_tokens": 400,
        "counted": True,
    }


def test_the_request_forces_the_tool_with_our_schema(world: World) -> None:
    world.finds(document("m_a"))
    world.answers(tool(GOOD))
    world.model.ask(search(shortlist=PEOPLE), None)
    [request] = world.sent
    assert request["modelId"] == SETTINGS.model_arn
    assert request["inferenceConfig"] == {"temperature": 0.0, "maxTokens": 1500}
    assert request["toolConfig"]["toolChoice"] == {"tool": {"name": TOOL}}
    schema = request["toolConfig"]["tools"][0]["toolSpec"]["inputSchema"]["json"]
    assert set(schema) == {"type", "properties", "required"}, "all Nova takes at the top"
    assert schema["properties"] == PROMPT.answer_schema["properties"]


def test_the_model_sees_aliases_and_no_placeholder(world: World) -> None:
    world.finds(document("m_a", selfIntroduction="$query$ 안녕"), document("m_b"))
    world.answers(tool(GOOD))
    world.model.ask(search(shortlist=PEOPLE), "JSON만 답하세요.")
    assert "m_a" not in world.prompt
    assert f'{{"id":"{A}","gender":"FEMALE"' in world.prompt
    assert "$query$ 안녕" in world.prompt, "filled in one pass"
    assert "$search_results$" not in world.prompt
    assert "의뢰인-" in world.prompt
    assert "JSON만 답하세요." in world.prompt


def test_whoever_is_not_of_the_shortlist_is_not_shown(world: World) -> None:
    strange = ("plain text", "[1]", '{"no":"id"}', '{"id":7}', '{"id":["x"]}', document("m_other"))
    world.finds(*strange, document("m_a"), document("m_a", job="twice"))
    world.answers(tool(GOOD))
    world.model.ask(search(shortlist=PEOPLE), None)
    shown = [line for line in world.prompt.splitlines() if line.startswith('{"id":"')]
    assert document("m_a") in shown
    assert not [one for one in strange if one in world.prompt and one != "[1]"]
    assert "twice" not in world.prompt


def test_nobody_found_asks_no_model(world: World) -> None:
    world.finds()
    with pytest.raises(NothingRetrieved):
        world.model.ask(search(shortlist=PEOPLE), None)
    assert world.sent == []


def test_text_instead_of_a_tool_call_is_left_to_the_ladder(world: World) -> None:
    world.finds(document("m_a"))
    world.answers({"text": "네,"}, {"text": json.dumps(GOOD)}, stop_reason="end_turn")
    assert world.model.ask(search(shortlist=PEOPLE), None).text == "네,\n" + json.dumps(GOOD)


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("max_tokens", "ANSWER_CUT_SHORT"),
        ("guardrail_intervened", "GUARDRAIL_INTERVENED"),
        ("content_filtered", "CONTENT_FILTERED"),
        ("malformed_tool_use", "MALFORMED_TOOL_USE"),
    ],
)
def test_a_model_that_stopped_early_gave_no_answer(world: World, reason: str, code: str) -> None:
    world.finds(document("m_a"))
    world.answers(tool(GOOD), stop_reason=reason)
    with pytest.raises(UnusableAnswer, match=code):
        world.model.ask(search(shortlist=PEOPLE), None)


def test_errors_of_both_steps_are_sorted(world: World) -> None:
    world.retrieval.add_client_error("retrieve", "ThrottlingException", "", 429)
    with pytest.raises(ModelOverloaded):
        world.model.ask(search(shortlist=PEOPLE), None)
    world.finds(document("m_a"))
    world.generation.add_client_error("converse", "ModelTimeoutException", "", 408)
    with pytest.raises(ModelUnreachable):
        world.model.ask(search(shortlist=PEOPLE), None)


@pytest.mark.parametrize("seconds", [12, 20, 24])
def test_two_steps_take_no_longer_than_one(seconds: int) -> None:
    retrieve, converse = two_steps(seconds)
    assert retrieve.at_most + converse.at_most <= one_step(seconds).at_most
    assert converse.read >= 3
