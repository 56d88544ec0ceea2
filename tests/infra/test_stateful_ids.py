"""Logical ids of what holds data: a changed one is a new, empty resource after the next deploy.

When a change is meant, edit stateful_ids.json with it, and move the data first.
"""

import json
from pathlib import Path

from tests.infra.synthesis import STACKS, Synthesized

PINNED: dict[str, dict[str, str]] = json.loads(
    (Path(__file__).parent / "stateful_ids.json").read_text()
)
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

    assert {stack: ids for stack, ids in found.items() if ids} == PINNED


def test_stacks_keep_their_names(environment: Synthesized) -> None:
    assert set(environment.templates) - {"Delivery"} == set(STACKS)
