"""A knowledge base as stacks/knowledge.py describes it, and documents in it."""

import time
import uuid
from dataclasses import dataclass
from typing import Any, Self

from tests.integration.embedded_aws.server import REGION, Credentials, Server, allow
from tests.integration.embedded_aws.stacks import Stack, Template

MODEL_ARN = f"arn:aws:bedrock:{REGION}::foundation-model/cufit.simulated-v1"
EMBEDDING_ARN = f"arn:aws:bedrock:{REGION}::foundation-model/amazon.titan-embed-text-v2:0"
TEMPLATE = (
    "지시: JSON으로만 답한다.\n<검색>$search_results$</검색>\n<구하는사람>$query$</구하는사람>"
)


VECTOR_ACTIONS = ("PutVectors", "GetVectors", "DeleteVectors", "QueryVectors")


def resources(
    dimension: int = 1024,
    embedding_dimension: int = 1024,
    vector_actions: tuple[str, ...] = VECTOR_ACTIONS,
) -> Template:
    embedding = {"Dimensions": embedding_dimension, "EmbeddingDataType": "FLOAT32"}
    return {
        "Role": _role(vector_actions),
        "Vectors": {"Type": "AWS::S3Vectors::VectorBucket"},
        "Index": {
            "Type": "AWS::S3Vectors::Index",
            "Properties": {
                "VectorBucketArn": {"Fn::GetAtt": ["Vectors", "VectorBucketArn"]},
                "DataType": "float32",
                "Dimension": dimension,
                "DistanceMetric": "cosine",
                "MetadataConfiguration": {
                    "NonFilterableMetadataKeys": [
                        "AMAZON_BEDROCK_TEXT",
                        "AMAZON_BEDROCK_METADATA",
                    ]
                },
            },
        },
        "Knowledge": {
            "Type": "AWS::Bedrock::KnowledgeBase",
            "Properties": {
                "Name": "profiles",
                "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                "KnowledgeBaseConfiguration": {
                    "Type": "VECTOR",
                    "VectorKnowledgeBaseConfiguration": {
                        "EmbeddingModelArn": EMBEDDING_ARN,
                        "EmbeddingModelConfiguration": {
                            "BedrockEmbeddingModelConfiguration": embedding
                        },
                    },
                },
                "StorageConfiguration": {
                    "Type": "S3_VECTORS",
                    "S3VectorsConfiguration": {"IndexArn": {"Fn::GetAtt": ["Index", "IndexArn"]}},
                },
            },
        },
        "Source": {
            "Type": "AWS::Bedrock::DataSource",
            "Properties": {
                "KnowledgeBaseId": {"Ref": "Knowledge"},
                "Name": "profiles",
                "DataDeletionPolicy": "DELETE",
                "DataSourceConfiguration": {"Type": "CUSTOM"},
                "VectorIngestionConfiguration": {
                    "ChunkingConfiguration": {"ChunkingStrategy": "NONE"}
                },
            },
        },
    }


def _role(vector_actions: tuple[str, ...]) -> Template:
    trust = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "bedrock.amazonaws.com"},
    }
    on_vectors = [f"s3vectors:{action}" for action in vector_actions]
    statements = [
        allow("bedrock:InvokeModel", EMBEDDING_ARN),
        {**allow(on_vectors), "Resource": {"Fn::GetAtt": ["Index", "IndexArn"]}},
    ]
    document = {"Version": "2012-10-17", "Statement": statements}
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
            "Policies": [{"PolicyName": "vectors", "PolicyDocument": document}],
        },
    }


OUTPUTS = {
    "KnowledgeBaseId": {"Ref": "Knowledge"},
    "KnowledgeBaseArn": {"Fn::GetAtt": ["Knowledge", "KnowledgeBaseArn"]},
    "DataSourceId": {"Fn::GetAtt": ["Source", "DataSourceId"]},
}


def attributes(**values: Any) -> list[dict[str, Any]]:
    """Inline metadata attributes of Python values."""
    return [{"key": key, "value": _value(value)} for key, value in values.items()]


def _value(value: Any) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"type": "BOOLEAN", "booleanValue": value}
    if isinstance(value, int | float):
        return {"type": "NUMBER", "numberValue": value}
    if isinstance(value, list):
        return {"type": "STRING_LIST", "stringListValue": value}
    return {"type": "STRING", "stringValue": value}


def document(identifier: str, text: str, **metadata: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "content": {
            "dataSourceType": "CUSTOM",
            "custom": {
                "customDocumentIdentifier": {"id": identifier},
                "sourceType": "IN_LINE",
                "inlineContent": {"type": "TEXT", "textContent": {"data": text}},
            },
        }
    }
    if metadata:
        made["metadata"] = {
            "type": "IN_LINE_ATTRIBUTE",
            "inlineAttributes": attributes(**metadata),
        }
    return made


@dataclass(frozen=True)
class Knowledge:
    server: Server
    knowledge_base_id: str
    knowledge_base_arn: str
    data_source_id: str

    @classmethod
    def deployed(cls, server: Server, stack: Stack, **variant: Any) -> Self:
        """The knowledge base of `resources(**variant)`, deployed by `stack`."""
        outputs = stack.deploy(resources(**variant), OUTPUTS)
        return cls(
            server, outputs["KnowledgeBaseId"], outputs["KnowledgeBaseArn"], outputs["DataSourceId"]
        )

    @property
    def _ids(self) -> dict[str, str]:
        return {"knowledgeBaseId": self.knowledge_base_id, "dataSourceId": self.data_source_id}

    def ingest(self, *documents: dict[str, Any], token: str | None = None) -> list[Any]:
        request = {**self._ids, "documents": list(documents)}
        request["clientToken"] = token or str(uuid.uuid4())
        agent = self.server.client("bedrock-agent")
        details: list[Any] = agent.ingest_knowledge_base_documents(**request)["documentDetails"]
        return details

    def ingest_and_wait(self, *documents: dict[str, Any]) -> None:
        self.ingest(*documents)
        self.wait_until_settled(
            *(made["content"]["custom"]["customDocumentIdentifier"]["id"] for made in documents)
        )

    def delete(self, *identifiers: str) -> list[Any]:
        agent = self.server.client("bedrock-agent")
        details: list[Any] = agent.delete_knowledge_base_documents(
            **self._ids, documentIdentifiers=_identifiers(identifiers)
        )["documentDetails"]
        return details

    def statuses(self, *identifiers: str) -> dict[str, Any]:
        """Details by document id."""
        agent = self.server.client("bedrock-agent")
        details = agent.get_knowledge_base_documents(
            **self._ids, documentIdentifiers=_identifiers(identifiers)
        )["documentDetails"]
        return {detail["identifier"]["custom"]["id"]: detail for detail in details}

    def wait_until_settled(self, *identifiers: str) -> dict[str, Any]:
        deadline = time.monotonic() + 5
        while True:
            found = self.statuses(*identifiers)
            if all(d["status"] not in ("STARTING", "DELETING") for d in found.values()):
                return found
            assert time.monotonic() < deadline, found
            time.sleep(0.02)

    def retrieve(self, text: str, **options: Any) -> list[Any]:
        """Results; `options` are members of vectorSearchConfiguration."""
        results: list[Any] = self.server.client("bedrock-agent-runtime").retrieve(
            knowledgeBaseId=self.knowledge_base_id,
            retrievalQuery={"text": text},
            retrievalConfiguration={"vectorSearchConfiguration": options},
        )["retrievalResults"]
        return results

    def found(self, text: str, **options: Any) -> list[str]:
        """Ids of the documents retrieved, best first."""
        return [
            result["location"]["customDocumentLocation"]["id"]
            for result in self.retrieve(text, **options)
        ]

    def generate(
        self,
        text: str,
        *,
        template: str = TEMPLATE,
        model: str = MODEL_ARN,
        credentials: Credentials | None = None,
        inference: dict[str, Any] | None = None,
        **search: Any,
    ) -> Any:
        generation: dict[str, Any] = {"promptTemplate": {"textPromptTemplate": template}}
        if inference:
            generation["inferenceConfig"] = {"textInferenceConfig": inference}
        return self.server.client("bedrock-agent-runtime", credentials).retrieve_and_generate(
            input={"text": text},
            retrieveAndGenerateConfiguration={
                "type": "KNOWLEDGE_BASE",
                "knowledgeBaseConfiguration": {
                    "knowledgeBaseId": self.knowledge_base_id,
                    "modelArn": model,
                    "retrievalConfiguration": {"vectorSearchConfiguration": search},
                    "generationConfiguration": generation,
                },
            },
        )


def _identifiers(identifiers: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{"dataSourceType": "CUSTOM", "custom": {"id": each}} for each in identifiers]
