"""Logical ids of what holds data: a changed one is a new, empty resource after the next deploy."""

from tests.infra.approved import assert_approved
from tests.infra.synthesis import STACKS, Synthesized

STATEFUL = {
    "AWS::DynamoDB::GlobalTable",
    "AWS::S3::Bucket",
    "AWS::S3Vectors::VectorBucket",
    "AWS::S3Vectors::Index",
    "AWS::Bedrock::KnowledgeBase",
    "AWS::Bedrock::DataSource",
    "AWS::SQS::Queue",
    "AWS::SSM::Parameter",
}


def test_stateful_resources_keep_their_logical_ids(environment: Synthesized) -> None:
    found = {
        stack: {
            logical_id: resource["Type"]
            for logical_id, resource in template["Resources"].items()
            if resource["Type"] in STATEFUL
        }
        for stack, template in environment.templates.items()
    }

    assert_approved(
        "stateful_ids",
        {stack: ids for stack, ids in found.items() if ids},
        "Something new holds data? Where an id went, what it held stays behind: move it first.",
    )


def test_stacks_keep_their_names(environment: Synthesized) -> None:
    assert set(environment.templates) - {"Delivery"} == set(STACKS)
