"""LanguageModel by one call of RetrieveAndGenerate: Bedrock searches the knowledge base and has the
model judge what it found. Shapes and limits: botocore 1.44.5, bedrock-agent-runtime."""

from typing import TYPE_CHECKING

from match_worker.adapters.bedrock_errors import translated
from match_worker.adapters.bedrock_timing import one_step
from match_worker.adapters.knowledge_base_filter import eligible_documents
from match_worker.errors import UnusableAnswer
from match_worker.model.prompt import Prompt
from match_worker.model.seeker_query import seeker_query
from match_worker.model.token_usage import estimated
from match_worker.ports import ModelReply, Search
from match_worker.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agent_runtime import AgentsforBedrockRuntimeClient
    from mypy_boto3_bedrock_agent_runtime.type_defs import RetrieveAndGenerateRequestTypeDef


class BedrockRetrieveAndGenerate:
    def __init__(
        self, client: "AgentsforBedrockRuntimeClient", settings: Settings, prompt: Prompt
    ) -> None:
        self._client = client
        self._settings = settings
        self._prompt = prompt
        self.seconds_at_most = one_step(settings.bedrock_timeout_seconds).at_most

    def ask(self, search: Search, correction: str | None) -> ModelReply:
        query = seeker_query(search.seeker, search.recommendation_id, search.now)
        template = self._prompt.render(correction)
        request = self._request(search, query, template)
        with translated():
            response = self._client.retrieve_and_generate(**request)
        if response.get("guardrailAction") == "INTERVENED":
            raise UnusableAnswer("GUARDRAIL_INTERVENED")
        text = response["output"]["text"]
        documents = self._settings.number_of_results
        return ModelReply(text, estimated(template + query, documents, text))

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
                            "numberOfResults": settings.number_of_results,
                            "filter": eligible_documents(search.seeker, search.now),
                        }
                    },
                    "generationConfiguration": {
                        "promptTemplate": {"textPromptTemplate": template},
                        "inferenceConfig": {
                            "textInferenceConfig": {
                                "temperature": settings.temperature,
                                "maxTokens": settings.max_tokens,
                            }
                        },
                    },
                },
            },
        }
