"""What the commands of `cufit` ask of AWS, heard while they run on the AWS in memory."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache, partial
from itertools import count
from typing import Any

import boto3
import pytest
import typer
from typer.testing import CliRunner

from cufit_contracts.results import MadeBy, MatchResult, RankedCandidate
from cufit_ops.cli import brake, explain, knowledge_base
from cufit_ops.deployed_environment import Deployed
from cufit_ops.knowledge_base.pace import Rate
from cufit_service.adapters.dynamodb.expressions import packed
from embedded_aws.bedrock.documents import Content
from tests.in_memory_aws.bedrock import DATA_SOURCE, KNOWLEDGE_BASE
from tests.in_memory_aws.botocore_clients import botocore_asks
from tests.in_memory_aws.cloud import Cloud
from tests.in_memory_aws.settings import REGION
from tests.infra.simulated.calls import Asked, asked
from tests.integration.lambdas.items import candidate_item, recommendation_item

LOOKING, REPAIRING = "Looking", "Repairing"
"""Headings of docs/by-hand.md."""

_EXPLAIN = typer.Typer()
_EXPLAIN.command()(explain.explain)

COMMANDS: Mapping[str, list[tuple[Any, list[str]]]] = {
    LOOKING: [(knowledge_base.app, ["status"]), (brake.app, ["status"])],
    REPAIRING: [
        (knowledge_base.app, ["sync", "--all"]),
        (knowledge_base.app, ["check"]),
        (_EXPLAIN, ["rec_a"]),
        (brake.app, ["rules"]),
        (brake.app, ["off"]),
    ],
}

_OUTPUTS: Mapping[str, str] = {
    "KnowledgeBaseId": KNOWLEDGE_BASE,
    "DataSourceId": DATA_SOURCE,
    "CandidatesTableName": "candidates",
    "RecommendationsTableName": "recommendations",
}


@cache
def of_commands() -> Mapping[str, list[Asked]]:
    """What the commands of `cufit` ask for."""
    found = {}
    for what, commands in COMMANDS.items():
        heard: list[Asked] = []
        with (
            pytest.MonkeyPatch.context() as patch,
            botocore_asks(partial(_answer, _cloud(), heard)),
        ):
            patch.setattr(Rate, "wait", lambda _: None)
            patch.setattr(Deployed, "named", _deployed)
            for app, words in commands:
                done = CliRunner().invoke(app, [*words, "--json"])
                assert isinstance(done.exception, SystemExit | None), done.exception
        found[what] = [*dict.fromkeys(heard)]
    return found


def _deployed(_name: str) -> Deployed:
    return Deployed("local", boto3.session.Session(region_name=REGION))


def _cloud() -> Cloud:
    """A candidate whose document is to be written, a document of nobody, and a recommendation."""
    cloud = Cloud(count(1_800_000_000, 10).__next__)
    item = candidate_item("m_a")
    cloud.dynamodb.tables["candidates"].write("m_a", packed(item), 0)
    made_by = MadeBy(matchmaker="rules", prompt_version="v1", prompt_hash="made up")
    ranked = RankedCandidate(rank=1, candidate_id="m_a", score=0, parts=(), reason="")
    result = MatchResult(made_at=item["created_at"], made_by=made_by, candidates=(ranked,))
    made = recommendation_item(recommendation_id="rec_a", result=result)
    cloud.dynamodb.tables["recommendations"].write("rec_a", packed(made), 0)
    key = (KNOWLEDGE_BASE, DATA_SOURCE, "m_gone")
    cloud.bedrock.documents.ingest(key, Content("{}", {"gender": "MALE", "birth_year": 1990}))
    return cloud


def _answer(
    cloud: Cloud, heard: list[Asked], service: str, operation: str, request: Mapping[str, Any]
) -> Any:
    heard += asked(service, operation, request)
    match service, operation:
        case "cloudformation", "DescribeStacks":
            told = [{"OutputKey": key, "OutputValue": value} for key, value in _OUTPUTS.items()]
            return {"Stacks": [{"Outputs": told}]}
        case "bedrock-agent", "ListKnowledgeBaseDocuments":
            documents = cloud.bedrock.documents._documents
            return {
                "documentDetails": [
                    {
                        "identifier": {"dataSourceType": "CUSTOM", "custom": {"id": key[2]}},
                        "status": "INDEXED",
                    }
                    for key in documents
                ]
            }
        case "bedrock-agent-runtime", "Retrieve":
            return {"retrievalResults": []}
        case "ssm", "GetParameter":
            now = datetime.now(UTC)
            return {"Parameter": {"Value": cloud.brake, "LastModifiedDate": now}}
        case "ssm", "PutParameter":
            cloud.brake = request["Value"]
            return {"Version": 2}
    return cloud.call(service, operation, request)
