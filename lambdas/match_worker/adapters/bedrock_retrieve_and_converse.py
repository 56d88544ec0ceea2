"""LanguageModel in two steps: Retrieve gets the shortlist's documents, Converse has a model judge
them by a tool it is forced to call, whose input follows the answer schema. Tokens are counted by
Bedrock.

Shapes: botocore 1.44.5, bedrock-agent-runtime and bedrock-runtime.
"""

import json
from typing import TYPE_CHECKING, Any

from cufit_contracts.alias import alias_of
from cufit_contracts.results import TokenUsage
from match_worker.adapters.bedrock_errors import translated
from match_worker.adapters.bedrock_timing import two_steps
from match_worker.adapters.knowledge_base_filter import named_documents
from match_worker.errors import NothingRetrieved, UnusableAnswer
from match_worker.model.prompt import Prompt, filled
from match_worker.model.seeker_query import seeker_query
from match_worker.ports import ModelReply, Search
from match_worker.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agent_runtime import AgentsforBedrockRuntimeClient

TOOL = "submit_scores"

_NO_ANSWER = frozenset(
    {
        "guardrail_intervened",
        "content_filtered",
        "malformed_model_output",
        "malformed_tool_use",
        "model_context_window_exceeded",
        "refusal",
    }
)
"""Stop reasons after which there is nothing to read."""


class BedrockRetrieveAndConverse:
    def __init__(
        self,
        retrieval: "AgentsforBedrockRuntimeClient",
        generation: Any,
        settings: Settings,
        prompt: Prompt,
    ) -> None:
        self._retrieval = retrieval
        self._generation = generation
        self._settings = settings
        self._prompt = prompt
        retrieve, converse = two_steps(settings.bedrock_timeout_seconds)
        self.seconds_at_most = retrieve.at_most + converse.at_most
        self._tool = _tool(prompt)

    def ask(self, search: Search, correction: str | None) -> ModelReply:
        query = seeker_query(search.seeker, search.recommendation_id, search.now)
        documents = self._documents(search, query)
        if not documents:
            raise NothingRetrieved("NOTHING_RETRIEVED")
        text = filled(self._prompt.render(correction), documents, query)
        with translated():
            response = self._generation.converse(**self._request(text))
        usage = TokenUsage(
            input_tokens=response["usage"]["inputTokens"],
            output_tokens=response["usage"]["outputTokens"],
            counted=True,
        )
        return ModelReply(_written(response), usage)

    def _documents(self, search: Search, query: str) -> list[str]:
        """One text of each person of the shortlist who was found, best first. An index may ignore
        a filter: whoever else it returns is not shown."""
        with translated():
            response = self._retrieval.retrieve(
                knowledgeBaseId=self._settings.knowledge_base_id,
                retrievalQuery={"text": query},
                retrievalConfiguration={
                    "vectorSearchConfiguration": {
                        "numberOfResults": len(search.shortlist),
                        "filter": named_documents(search.shortlisted_ids),
                    }
                },
            )
        wanted = {alias_of(one) for one in search.shortlisted_ids}
        found: dict[str, str] = {}
        for result in response["retrievalResults"]:
            text = result.get("content", {}).get("text", "")
            document = _json(text)
            alias = document.get("id") if isinstance(document, dict) else None
            if isinstance(alias, str) and alias in wanted:
                found.setdefault(alias, text)
        return list(found.values())

    def _request(self, text: str) -> dict[str, Any]:
        return {
            # Also takes the ARN of a model or of an inference profile.
            "modelId": self._settings.model_arn,
            "messages": [{"role": "user", "content": [{"text": text}]}],
            "inferenceConfig": {
                "temperature": self._settings.temperature,
                "maxTokens": self._settings.max_tokens,
            },
            "toolConfig": {"tools": [self._tool], "toolChoice": {"tool": {"name": TOOL}}},
        }


def _tool(prompt: Prompt) -> dict[str, Any]:
    """Nova takes only type, properties and required at a schema's top level (its user guide)."""
    schema = {name: prompt.answer_schema[name] for name in ("type", "properties", "required")}
    return {
        "toolSpec": {
            "name": TOOL,
            "description": "후보마다 매긴 점수와 이유를 한 번에 제출한다",
            "inputSchema": {"json": schema},
        }
    }


def _written(response: Any) -> str:
    """Input of the tool as JSON, or the text a model wrote instead of calling it.

    Raises:
        UnusableAnswer: the model stopped for a reason that leaves nothing to read.
    """
    reason = str(response["stopReason"])
    if reason in _NO_ANSWER:
        raise UnusableAnswer(reason.upper())
    if reason == "max_tokens":
        raise UnusableAnswer("ANSWER_CUT_SHORT")
    texts = []
    for block in response["output"]["message"]["content"]:
        if "toolUse" in block:
            return json.dumps(block["toolUse"]["input"], ensure_ascii=False)
        texts.append(str(block.get("text", "")))
    return "\n".join(texts)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
