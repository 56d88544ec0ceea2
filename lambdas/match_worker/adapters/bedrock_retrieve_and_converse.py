"""LanguageModel in two steps: Retrieve gets the shortlist's documents, Converse has a model judge
them by a tool it is forced to call, whose input follows the answer schema. Tokens are counted by
Bedrock. A model that cannot be forced, or fails at it twice, answers in text, which the prompt asks
to be such JSON.

Shapes: botocore 1.44.5, bedrock-agent-runtime and bedrock-runtime.
"""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cufit_contracts.alias import alias_of
from cufit_contracts.results import TokenUsage
from match_worker.adapters.bedrock_errors import MODEL_ERROR, translated
from match_worker.adapters.bedrock_timing import RETRIEVE_READ, Allowance, tried_twice
from match_worker.adapters.converse_messages import Conversation, Message, first, said
from match_worker.adapters.inference import inference
from match_worker.adapters.knowledge_base_filter import named_documents
from match_worker.errors import ModelUnreachable, NothingRetrieved
from match_worker.model.claude import refuses_a_forced_tool
from match_worker.model.prompt import Prompt, filled
from match_worker.model.seeker_query import seeker_query
from match_worker.ports import Correction, ModelReply, Search
from match_worker.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agent_runtime import AgentsforBedrockRuntimeClient

TOOL = "submit_scores"


class BedrockRetrieveAndConverse:
    def __init__(
        self,
        retrieval: "Callable[[int], AgentsforBedrockRuntimeClient]",
        generation: Callable[[int], Any],
        settings: Settings,
        prompt: Prompt,
    ) -> None:
        """Both clients by their read timeout in seconds."""
        self._retrieval = retrieval
        self._generation = generation
        self._settings = settings
        self._system, self._data = prompt.apart()
        self._tool = _tool(prompt)

    def ask(self, search: Search, correction: Correction | None) -> ModelReply:
        allowance = Allowance.of(search.seconds_left, self._settings.bedrock_timeout_seconds)
        if correction:
            before: Conversation = correction.of.conversation
            return self._answered(before, correction, allowance)
        query = seeker_query(search.seeker, search.recommendation_id, search.now)
        documents = tried_twice(lambda read: self._documents(search, query, read), allowance)
        if not documents:
            raise NothingRetrieved("NOTHING_RETRIEVED")
        if not allowance.has_time:
            raise ModelUnreachable("NO_TIME_LEFT")
        shown = filled(self._data, documents, query)
        by_tool = not refuses_a_forced_tool(self._settings.model_id)
        return self._answered(Conversation(shown, None, by_tool=by_tool), None, allowance)

    def _answered(
        self, asked: Conversation, correction: Correction | None, allowance: Allowance
    ) -> ModelReply:
        """By the tool; by text when the model fails at calling it twice, or did before."""

        def messages(*, by_tool: bool) -> list[Message]:
            if correction is None:
                return first(asked.shown)
            return asked.corrected(correction, by_tool=by_tool)

        by_tool = asked.by_tool
        try:
            response = tried_twice(
                lambda read: self._converse(messages(by_tool=by_tool), read, by_tool=by_tool),
                allowance,
            )
        except ModelUnreachable as error:
            if error.code != MODEL_ERROR or not by_tool or not allowance.has_time_for_another:
                raise
            by_tool = False
            response = self._converse(messages(by_tool=False), allowance.read, by_tool=False)
        usage = TokenUsage(
            input_tokens=response["usage"]["inputTokens"],
            output_tokens=response["usage"]["outputTokens"],
            counted=True,
        )
        answer = said(response)
        conversation = Conversation(asked.shown, answer.message, by_tool=by_tool)
        return ModelReply(answer.text, usage, answer.fault, shown=True, conversation=conversation)

    def _documents(self, search: Search, query: str, read: int) -> list[str]:
        """One text of each person of the shortlist who was found, best first. An index may ignore
        a filter: whoever else it returns is not shown."""
        with translated():
            response = self._retrieval(min(read, RETRIEVE_READ)).retrieve(
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

    def _converse(self, messages: list[Message], read: int, *, by_tool: bool) -> Any:
        request: dict[str, Any] = {
            # Also takes the ARN of a model or of an inference profile.
            "modelId": self._settings.model_arn,
            "system": [{"text": self._system}],
            "messages": messages,
            "inferenceConfig": inference(self._settings),
        }
        if by_tool:
            request["toolConfig"] = {
                "tools": [self._tool],
                "toolChoice": {"tool": {"name": TOOL}},
            }
        with translated():
            return self._generation(read).converse(**request)


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


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
