"""LanguageModel by one call of RetrieveAndGenerate: its filter names the shortlist, so Bedrock
finds those documents and has the model judge them. Shapes and limits: botocore 1.44.5,
bedrock-agent-runtime."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from match_worker.adapters.bedrock_errors import translated
from match_worker.adapters.bedrock_timing import Allowance, tried_twice
from match_worker.adapters.inference import inference
from match_worker.adapters.knowledge_base_filter import named_documents
from match_worker.errors import NothingRetrieved
from match_worker.model.prompt import Prompt
from match_worker.model.seeker_query import seeker_query
from match_worker.model.token_usage import estimated
from match_worker.ports import Correction, ModelReply, Search
from match_worker.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agent_runtime import AgentsforBedrockRuntimeClient
    from mypy_boto3_bedrock_agent_runtime.type_defs import (
        RetrieveAndGenerateRequestTypeDef,
        RetrieveAndGenerateResponseTypeDef,
    )


NOTHING_FOUND = "Sorry, I am unable to assist you with this request."
"""What Bedrock says in a model's place when it has nothing to show it. AWS does not document the
sentence; public reports have it for this, and for a template it cannot use. Asked again, it says so
again."""


class BedrockRetrieveAndGenerate:
    def __init__(
        self,
        client: "Callable[[int], AgentsforBedrockRuntimeClient]",
        settings: Settings,
        prompt: Prompt,
    ) -> None:
        """`client`: by its read timeout in seconds."""
        self._client = client
        self._settings = settings
        self._prompt = prompt

    def ask(self, search: Search, correction: Correction | None) -> ModelReply:
        query = seeker_query(search.seeker, search.recommendation_id, search.now)
        template = self._prompt.render(correction.text if correction else None)
        request = self._request(search, query, template)

        def generated(read: int) -> "RetrieveAndGenerateResponseTypeDef":
            with translated():
                return self._client(read).retrieve_and_generate(**request)

        allowance = Allowance.of(search.seconds_left, self._settings.bedrock_timeout_seconds)
        response = tried_twice(generated, allowance)
        text = response["output"]["text"]
        usage = estimated(template + query, search.shortlist, text)
        if response.get("guardrailAction") == "INTERVENED":
            return ModelReply("", usage, fault="GUARDRAIL_INTERVENED")
        if text.strip() == NOTHING_FOUND:
            raise NothingRetrieved("NOTHING_RETRIEVED")
        return ModelReply(text, usage)

    def _request(
        self, search: Search, query: str, template: str
    ) -> "RetrieveAndGenerateRequestTypeDef":
        settings = self._settings
        return {
            "input": {"text": query},
            "retrieveAndGenerateConfiguration": {
                "type": "KNOWLEDGE_BASE",
                "knowledgeBaseConfiguration": {
                    "knowledgeBaseId": settings.knowledge_base_id,
                    "modelArn": settings.model_arn,
                    "retrievalConfiguration": {
                        "vectorSearchConfiguration": {
                            "numberOfResults": len(search.shortlist),
                            "filter": named_documents(search.shortlisted_ids),
                        }
                    },
                    "generationConfiguration": {
                        "promptTemplate": {"textPromptTemplate": template},
                        "inferenceConfig": {"textInferenceConfig": inference(settings)},
                    },
                },
            },
        }
