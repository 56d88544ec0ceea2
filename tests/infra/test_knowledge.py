"""The knowledge base: a vector index of its own kind, fed document by document."""

from stacks.bedrock_models import EMBEDDING_DIMENSIONS
from tests.infra.synthesis import Synthesized


def test_vectors_live_in_s3_vectors(environment: Synthesized) -> None:
    knowledge_base = environment.only("AWS::Bedrock::KnowledgeBase")

    assert knowledge_base["KnowledgeBaseConfiguration"]["Type"] == "VECTOR"
    assert knowledge_base["StorageConfiguration"]["Type"] == "S3_VECTORS"


def test_documents_come_one_by_one_and_whole(environment: Synthesized) -> None:
    source = environment.only("AWS::Bedrock::DataSource")

    assert source["DataSourceConfiguration"] == {"Type": "CUSTOM"}
    assert source["VectorIngestionConfiguration"] == {
        "ChunkingConfiguration": {"ChunkingStrategy": "NONE"}
    }


def test_index_and_model_agree_on_the_dimension(environment: Synthesized) -> None:
    index = environment.only("AWS::S3Vectors::Index")
    matching = environment.settings.matching

    assert index["Dimension"] == matching.dimension
    assert matching.dimension in EMBEDDING_DIMENSIONS[matching.embedding_model_id]
    assert (index["DataType"], index["DistanceMetric"]) == ("float32", "cosine")


def test_what_bedrock_writes_is_not_filterable(environment: Synthesized) -> None:
    metadata = environment.only("AWS::S3Vectors::Index")["MetadataConfiguration"]

    assert metadata["NonFilterableMetadataKeys"] == [
        "AMAZON_BEDROCK_TEXT",
        "AMAZON_BEDROCK_METADATA",
    ]


def test_the_role_is_ready_before_bedrock_tries_it(environment: Synthesized) -> None:
    (knowledge_base,) = environment.resources("AWS::Bedrock::KnowledgeBase").values()
    (role,) = environment.resources("AWS::IAM::Role", "Knowledge")
    policies = {
        logical_id
        for logical_id, policy in environment.resources("AWS::IAM::Policy", "Knowledge").items()
        if policy["Properties"]["Roles"] == [{"Ref": role}]
    }

    assert policies
    assert policies <= set(knowledge_base["DependsOn"])
