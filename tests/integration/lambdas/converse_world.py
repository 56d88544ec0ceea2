"""Retrieve and Converse, stubbed, below the worker's adapter."""

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import boto3
from botocore.stub import ANY, Stubber

from cufit_contracts.alias import alias_of
from embedded_aws.bedrock.spoken import spoken
from match_worker.adapters.bedrock_retrieve_and_converse import TOOL, BedrockRetrieveAndConverse
from match_worker.model.prompt import load_prompt
from match_worker.ports import Correction, ModelReply, Search
from match_worker.settings import Settings
from tests.integration.lambdas.test_match_worker_bedrock import SETTINGS
from tests.unit.lambdas.match_worker.people import person, search

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agent_runtime import AgentsforBedrockRuntimeClient

PROMPT = load_prompt("v1")
PEOPLE = (person("m_a"), person("m_b"))
A = alias_of("m_a")
CORRECTION = "JSON만 답하세요."
GOOD = {"candidates": [{"id": A, "parts": {"hobbies": 1}, "reason": "좋아요"}]}


class World:
    """Both clients stubbed; `sent` holds the parameters of Converse, `reads` every read timeout.
    Time passes while they are called."""

    def __init__(self, settings: Settings = SETTINGS) -> None:
        self.sent: list[dict[str, Any]] = []
        self.reads: dict[str, list[int]] = {"Retrieve": [], "Converse": []}
        self.takes = {"Retrieve": 0.0, "Converse": 0.0}
        self.left = 50.0
        retrieval: AgentsforBedrockRuntimeClient = boto3.client("bedrock-agent-runtime")
        generation = boto3.client("bedrock-runtime")
        generation.meta.events.register(
            "provide-client-params.bedrock-runtime.Converse", self._send
        )
        retrieval.meta.events.register(
            "provide-client-params.bedrock-agent-runtime.Retrieve",
            lambda **_: self._pass("Retrieve"),
        )
        self.retrieval, self.generation = Stubber(retrieval), Stubber(generation)
        self.retrieval.activate()
        self.generation.activate()
        self.model = BedrockRetrieveAndConverse(
            lambda read: self._read("Retrieve", read, retrieval),
            lambda read: self._read("Converse", read, generation),
            settings,
            PROMPT,
        )

    def _send(self, params: dict[str, Any], **_: Any) -> None:
        list(spoken(params))  # as Bedrock, raises when one is blank
        self.sent.append(params)
        self._pass("Converse")

    def _read(self, operation: str, read: int, client: Any) -> Any:
        self.reads[operation].append(read)
        return client

    def _pass(self, operation: str) -> None:
        self.left -= self.takes[operation]

    @property
    def question(self) -> Search:
        return replace(search(shortlist=PEOPLE), seconds_left=lambda: self.left)

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

    def fails(self, times: int, code: str = "ModelErrorException", status: int = 424) -> None:
        for _ in range(times):
            self.generation.add_client_error("converse", code, "secret text", status)

    def corrects(self, reply: ModelReply) -> ModelReply:
        return self.model.ask(self.question, Correction(CORRECTION, reply))

    @property
    def prompt(self) -> str:
        [request] = self.sent
        text = request["messages"][0]["content"][0]["text"]
        assert isinstance(text, str)
        return text


def document(candidate_id: str, **fields: Any) -> str:
    fields = {"id": alias_of(candidate_id), "gender": "FEMALE", **fields}
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def tool(answer: Any) -> dict[str, Any]:
    return {"toolUse": {"toolUseId": "t", "name": TOOL, "input": answer}}
