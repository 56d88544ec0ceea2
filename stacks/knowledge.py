"""Knowledge: candidate profiles as vectors, for a model to find and rank."""

import hashlib
from dataclasses import dataclass

from aws_cdk import aws_bedrock as bedrock
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3vectors as s3vectors
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from stacks.bootstrap import role_name
from stacks.components.environment_stack import EnvironmentStack
from stacks.components.permissions import grant
from stacks.settings import Environment

ROLE_PREFIX = "AmazonBedrockExecutionRoleForKnowledgeBase_"
"""How Bedrock's guide names a knowledge base's role."""
NON_FILTERABLE_KEYS = ["AMAZON_BEDROCK_TEXT", "AMAZON_BEDROCK_METADATA"]
"""Metadata that Bedrock writes itself; above S3 Vectors' 2 KB of filterable metadata otherwise."""

KNOWLEDGE_BASE = "knowledge-base"
DATA_SOURCE = "data-source"
"""Ids that KnowledgeStack publishes."""


def parameter_name(settings: Environment, published: str) -> str:
    return f"/cufit/{settings.name}/{published}"


def parameter_arns(stack: EnvironmentStack) -> list[str]:
    """Of all that KnowledgeStack publishes, as a policy in `stack` names it."""
    return [
        f"arn:{stack.partition}:ssm:{stack.region}:{stack.account}"
        f":parameter{parameter_name(stack.settings, published)}"
        for published in (KNOWLEDGE_BASE, DATA_SOURCE)
    ]


@dataclass(frozen=True)
class KnowledgeBase:
    """The knowledge base as another stack knows it, read anew in each of its deployments."""

    knowledge_base_id: str
    data_source_id: str
    arn: str

    @classmethod
    def published_by(cls, knowledge: "KnowledgeStack", *, to: EnvironmentStack) -> "KnowledgeBase":
        to.add_stack_dependency(knowledge)
        identifier, data_source = (
            ssm.StringParameter.value_for_string_parameter(
                to, parameter_name(knowledge.settings, name)
            )
            for name in (KNOWLEDGE_BASE, DATA_SOURCE)
        )
        arn = f"arn:{to.partition}:bedrock:{to.region}:{to.account}:knowledge-base/{identifier}"
        return cls(identifier, data_source, arn)


class KnowledgeStack(EnvironmentStack):
    """S3 Vectors index, and the knowledge base over it that takes documents directly."""

    def __init__(self, scope: Construct, id_: str, *, settings: Environment) -> None:
        super().__init__(scope, id_, settings=settings, description="knowledge base", stateful=True)
        self._embedding_model_arn = (
            f"arn:{self.partition}:bedrock:{self.region}::foundation-model/"
            f"{settings.matching.embedding_model_id}"
        )
        self._index = self._vector_index()
        self._role = self._knowledge_base_role()
        self._knowledge_base_id = self._knowledge_base().attr_knowledge_base_id
        data_source_id = self._data_source().attr_data_source_id
        self._publish(KNOWLEDGE_BASE, self._knowledge_base_id)
        self._publish(DATA_SOURCE, data_source_id)
        self._let_deployments_read()
        self.output("KnowledgeBaseId", self._knowledge_base_id, "Bedrock knowledge base")
        self.output("DataSourceId", data_source_id, "Its data source")

    def _publish(self, name: str, value: str) -> None:
        """For other stacks. They are replaced with the dimension, and an export in use cannot
        change its value (docs/adr/0037)."""
        ssm.StringParameter(
            self,
            f"{name.title().replace('-', '')}Parameter",
            parameter_name=parameter_name(self.settings, name),
            string_value=value,
            description=f"Read when another stack is deployed: the {name.replace('-', ' ')}",
        )

    def _let_deployments_read(self) -> None:
        """CreateChangeSet reads a template's parameters with its caller's rights, and the CDK's
        deploy role may read the bootstrap's version alone (aws-cdk 2.1148.1,
        bootstrap-template.yaml, ReadVersion)."""
        deploying = role_name(self.settings, "deploy", self.account, self.region)
        role = iam.Role.from_role_name(self, "Deploying", deploying)
        grant(role, ["ssm:GetParameters"], parameter_arns(self))

    def _vector_index(self) -> s3vectors.CfnIndex:
        """Every property of an index is immutable; without a name it can be replaced."""
        bucket = s3vectors.CfnVectorBucket(self, "VectorBucket")
        return s3vectors.CfnIndex(
            self,
            "VectorIndex",
            vector_bucket_arn=bucket.attr_vector_bucket_arn,
            data_type="float32",
            dimension=self.settings.matching.dimension,
            distance_metric="cosine",
            metadata_configuration=s3vectors.CfnIndex.MetadataConfigurationProperty(
                non_filterable_metadata_keys=NON_FILTERABLE_KEYS
            ),
        )

    def _knowledge_base_role(self) -> iam.Role:
        role = iam.Role(
            self,
            "KnowledgeBaseRole",
            role_name=f"{ROLE_PREFIX}cufit_{self.settings.name}",
            assumed_by=iam.ServicePrincipal(
                "bedrock.amazonaws.com",
                conditions={
                    "StringEquals": {"aws:SourceAccount": self.account},
                    "ArnLike": {
                        "aws:SourceArn": (
                            f"arn:{self.partition}:bedrock:{self.region}:{self.account}"
                            ":knowledge-base/*"
                        )
                    },
                },
            ),
        )
        grant(role, ["bedrock:InvokeModel"], [self._embedding_model_arn])
        grant(
            role,
            [
                "s3vectors:PutVectors",
                "s3vectors:GetVectors",
                "s3vectors:DeleteVectors",
                "s3vectors:QueryVectors",
                "s3vectors:GetIndex",
            ],
            [self._index.attr_index_arn],
        )
        return role

    def _knowledge_base(self) -> bedrock.CfnKnowledgeBase:
        matching = self.settings.matching
        vectors = f"{matching.embedding_model_id} {matching.dimension}".encode()
        knowledge_base = bedrock.CfnKnowledgeBase(
            self,
            "KnowledgeBase",
            # Another embedding makes another knowledge base, and two cannot share a name.
            name=f"cufit-{self.settings.name}-{hashlib.sha256(vectors).hexdigest()[:8]}",
            role_arn=self._role.role_arn,
            knowledge_base_configuration={
                "type": "VECTOR",
                "vectorKnowledgeBaseConfiguration": {
                    "embeddingModelArn": self._embedding_model_arn,
                    "embeddingModelConfiguration": {
                        "bedrockEmbeddingModelConfiguration": {
                            "dimensions": matching.dimension,
                            "embeddingDataType": "FLOAT32",
                        }
                    },
                },
            },
            storage_configuration={
                "type": "S3_VECTORS",
                "s3VectorsConfiguration": {"indexArn": self._index.attr_index_arn},
            },
        )
        # Bedrock tries the role when it creates the knowledge base: its policy must be there.
        knowledge_base.node.add_dependency(self._role)
        return knowledge_base

    def _data_source(self) -> bedrock.CfnDataSource:
        return bedrock.CfnDataSource(
            self,
            "DataSource",
            knowledge_base_id=self._knowledge_base_id,
            name="profiles",
            data_deletion_policy="RETAIN" if self.settings.retain_data else "DELETE",
            data_source_configuration={"type": "CUSTOM"},
            # One profile, one vector.
            vector_ingestion_configuration={"chunkingConfiguration": {"chunkingStrategy": "NONE"}},
        )
