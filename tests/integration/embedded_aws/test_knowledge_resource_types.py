"""The knowledge base and its data source as CloudFormation makes them."""

import pytest

from tests.integration.embedded_aws import knowledge
from tests.integration.embedded_aws.server import ACCOUNT, REGION, Server
from tests.integration.embedded_aws.stacks import Stack


def test_knowledge_base_and_data_source(server: Server, stack: Stack) -> None:
    outputs = stack.deploy(knowledge.resources(), knowledge.OUTPUTS)
    identifier = outputs["KnowledgeBaseId"]
    agent = server.client("bedrock-agent")
    held = agent.get_knowledge_base(knowledgeBaseId=identifier)["knowledgeBase"]
    assert held["storageConfiguration"]["type"] == "S3_VECTORS"
    arn = held["storageConfiguration"]["s3VectorsConfiguration"]["indexArn"]
    assert arn.startswith(f"arn:aws:s3vectors:{REGION}:{ACCOUNT}:bucket/")
    assert outputs["KnowledgeBaseArn"] == held["knowledgeBaseArn"]
    source = agent.get_data_source(
        knowledgeBaseId=identifier, dataSourceId=outputs["DataSourceId"]
    )["dataSource"]
    assert source["dataSourceConfiguration"]["type"] == "CUSTOM"
    assert source["vectorIngestionConfiguration"] == {
        "chunkingConfiguration": {"chunkingStrategy": "NONE"}
    }


def test_a_renamed_knowledge_base_stays_and_another_embedding_makes_a_new_one(
    server: Server, stack: Stack
) -> None:
    first = stack.deploy(knowledge.resources(), knowledge.OUTPUTS)
    renamed = knowledge.resources()
    renamed["Knowledge"]["Properties"]["Name"] = "renamed"
    assert stack.deploy(renamed, knowledge.OUTPUTS) == first
    other = knowledge.resources(dimension=512, embedding_dimension=512)
    assert stack.deploy(other, knowledge.OUTPUTS)["KnowledgeBaseId"] != first["KnowledgeBaseId"]
    held = server.client("bedrock-agent").list_knowledge_bases()["knowledgeBaseSummaries"]
    assert first["KnowledgeBaseId"] not in {one["knowledgeBaseId"] for one in held}


def test_the_dimensions_of_index_and_embedding_must_agree(stack: Stack) -> None:
    with pytest.raises(AssertionError, match="embeds in 1024 dimensions"):
        stack.deploy(knowledge.resources(dimension=512))


def test_deleting_a_data_source_deletes_its_documents(server: Server, stack: Stack) -> None:
    base = knowledge.Knowledge.deployed(server, stack)
    base.ingest_and_wait(knowledge.document("m_1", "등산"))
    without = knowledge.resources()
    del without["Source"]
    stack.deploy(without)
    assert base.retrieve("등산") == []
