"""Nearness by Retrieve: whose document is near in meaning to what the seeker writes and wishes.
Shapes: botocore 1.44.5, bedrock-agent-runtime."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from match_worker.adapters.bedrock_errors import translated
from match_worker.adapters.knowledge_base_filter import eligible_documents
from match_worker.model.seeker_query import seeker_query
from match_worker.ports import Search

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agent_runtime import AgentsforBedrockRuntimeClient

NEARNESS_READ = 2
"""Seconds. It answers in well under one; the shortlist does without rather than wait or ask
again."""


class BedrockNearness:
    def __init__(self, client: "AgentsforBedrockRuntimeClient", knowledge_base_id: str) -> None:
        self._client = client
        self._knowledge_base_id = knowledge_base_id

    def nearest(self, search: Search, limit: int) -> Sequence[str]:
        query = seeker_query(search.seeker, search.recommendation_id, search.now)
        with translated():
            response = self._client.retrieve(
                knowledgeBaseId=self._knowledge_base_id,
                retrievalQuery={"text": query},
                retrievalConfiguration={
                    "vectorSearchConfiguration": {
                        "numberOfResults": limit,
                        "filter": eligible_documents(search.seeker, search.now),
                    }
                },
            )
        named: Iterator[Any] = (
            one.get("metadata", {}).get("candidate_id") for one in response["retrievalResults"]
        )
        return [one for one in named if isinstance(one, str) and one]
