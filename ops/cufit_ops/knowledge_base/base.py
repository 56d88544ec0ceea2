"""An environment's knowledge base and candidates table, read as upkeep needs them."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from cufit_contracts.items import INDEXED_ATTRIBUTES, IndexedItem
from cufit_contracts.stored import Unreadable, read
from cufit_ops.deployed_environment import Deployed
from cufit_ops.knowledge_base.pace import Paced, PacedKnowledgeBase
from cufit_ops.knowledge_base.standing import Held, IndexedAs
from profile_indexer.bedrock_knowledge_base import BedrockKnowledgeBase, document_state
from profile_indexer.dynamodb_indexed_candidates import DynamodbIndexedCandidates

INDEX_FACTS = (
    "candidate_id", "version", "updated_at", "index_state", "index_version", "index_reason",
)  # fmt: skip
"""All that is read of an item to compare: an operator who may only look sees no profile."""

LIST_PAGE = 1000
"""The most ListKnowledgeBaseDocuments returns at once (botocore 1.44.5, bedrock-agent)."""


@dataclass(frozen=True)
class Base:
    """One knowledge base with the table it is made from."""

    environment: str
    knowledge_base_id: str
    data_source_id: str
    table_name: str
    agent: Any
    """bedrock-agent client."""
    runtime: Any
    """bedrock-agent-runtime client."""
    dynamodb: Any
    """DynamoDB resource."""
    paced_list: Paced = field(default_factory=Paced)

    @classmethod
    def of(cls, deployed: Deployed) -> "Base":
        """Raises NotDeployedError."""
        return cls(
            environment=deployed.environment,
            knowledge_base_id=deployed.output("Knowledge", "KnowledgeBaseId"),
            data_source_id=deployed.output("Knowledge", "DataSourceId"),
            table_name=deployed.output("Data", "CandidatesTableName"),
            agent=deployed.client("bedrock-agent"),
            runtime=deployed.client("bedrock-agent-runtime"),
            dynamodb=deployed.dynamodb(),
        )

    def knowledge_base(self) -> PacedKnowledgeBase:
        return PacedKnowledgeBase(
            BedrockKnowledgeBase(
                self.agent,
                self.knowledge_base_id,
                self.data_source_id,
                new_token=lambda: str(uuid.uuid4()),
            )
        )

    def indexed_candidates(self) -> DynamodbIndexedCandidates:
        return DynamodbIndexedCandidates(self.dynamodb, self.table_name)

    def documents(self) -> Iterator[Held]:
        """Every document of the data source; those being deleted count as absent."""
        start: dict[str, str] = {}
        while True:
            page = self.paced_list(
                partial(
                    self.agent.list_knowledge_base_documents,
                    knowledgeBaseId=self.knowledge_base_id,
                    dataSourceId=self.data_source_id,
                    maxResults=LIST_PAGE,
                    **start,
                )
            )
            for detail in page["documentDetails"]:
                state, reason = document_state(detail["status"])
                reason = detail.get("statusReason") or reason
                yield Held(detail["identifier"]["custom"]["id"], state, reason)
            if "nextToken" not in page:
                return
            start = {"nextToken": page["nextToken"]}

    def candidates(self) -> Iterator[IndexedAs]:
        """What the table knows of every candidate's document."""
        for item in self._scan(INDEX_FACTS):
            yield IndexedAs(
                candidate_id=item["candidate_id"],
                version=int(item["version"]),
                index_version=int(item.get("index_version", 0)),
                index_state=item.get("index_state", "PENDING"),
                index_reason=item.get("index_reason"),
                updated_at=datetime.fromisoformat(item["updated_at"]),
            )

    def profiles(self) -> Iterator[IndexedItem]:
        """What documents are made of, of every candidate; one out of shape is left out, and
        profile_indexer reports it."""
        for item in self._scan(INDEXED_ATTRIBUTES):
            try:
                yield read(IndexedItem, item)
            except Unreadable:
                continue

    def _scan(self, attributes: Sequence[str]) -> Iterator[dict[str, Any]]:
        names = {f"#{n}": name for n, name in enumerate(attributes)}
        client = self.dynamodb.meta.client
        pages = client.get_paginator("scan").paginate(
            TableName=self.table_name,
            ConsistentRead=True,
            Select="SPECIFIC_ATTRIBUTES",
            ProjectionExpression=", ".join(names),
            ExpressionAttributeNames=names,
        )
        for page in pages:
            yield from page["Items"]
