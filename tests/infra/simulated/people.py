"""What people do in their roles: the commands of `cufit`, and those of docs/runbook/by-hand.md."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, partial
from itertools import count
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore import xform_name
from typer.testing import CliRunner

from cufit_ops.cli import brake, knowledge_base
from cufit_ops.deployed_environment import Deployed
from cufit_ops.knowledge_base.pace import Rate
from cufit_ops.template_graph import Address
from cufit_service.adapters.dynamodb.expressions import packed
from embedded_aws.bedrock.documents import Content
from tests.in_memory_aws.bedrock import DATA_SOURCE, KNOWLEDGE_BASE
from tests.in_memory_aws.botocore_clients import botocore_asks
from tests.in_memory_aws.cloud import Cloud
from tests.in_memory_aws.settings import REGION
from tests.infra.simulated.calls import Asked, asked
from tests.infra.simulated.naming import Naming
from tests.infra.simulated.needs import as_role, context_of
from tests.infra.simulated.policies import Policies
from tests.infra.simulated.requests import Request
from tests.integration.lambdas.items import candidate_item

BY_HAND = Path(__file__).parents[3] / "docs/runbook/by-hand.md"
LOOKING, REPAIRING = "Looking", "Repairing"

COMMANDS: Mapping[str, list[tuple[Any, list[str]]]] = {
    LOOKING: [(knowledge_base.app, ["status"]), (brake.app, ["status"])],
    REPAIRING: [
        (knowledge_base.app, ["sync", "--all"]),
        (knowledge_base.app, ["check"]),
        (brake.app, ["rules"]),
        (brake.app, ["off"]),
    ],
}

ROLES = {LOOKING: ("OpsReadRole", "OpsActRole"), REPAIRING: ("OpsActRole",)}
"""Who looks, and who repairs."""

_INSIDE = {
    "sqs:StartMessageMoveTask": [
        "ReceiveMessage",
        "DeleteMessage",
        "GetQueueAttributes",
        "SendMessage",
    ],
}
"""What a call does in the caller's name (API reference, StartMessageMoveTask)."""

_OUTPUTS: Mapping[str, str] = {
    "KnowledgeBaseId": KNOWLEDGE_BASE,
    "DataSourceId": DATA_SOURCE,
    "CandidatesTableName": "candidates",
}


def people(policies: Policies) -> Iterator[Request]:
    """Nothing where an environment has no roles for people."""
    for what, names in ROLES.items():
        for role in sorted(role for role in policies.roles() if role[1].startswith(names)):
            for one in (*_heard()[what], *by_hand()[what]):
                yield from _as(policies, role, one)


def is_of_people(role: Address) -> bool:
    return role[1].startswith(ROLES[LOOKING])


def _as(policies: Policies, role: Address, one: Asked) -> Iterator[Request]:
    naming = policies.naming
    resource = _RESOURCES[one.kind](naming, one.name)
    yield as_role(
        policies,
        role,
        "as people do",
        one.action,
        resource,
        context={**context_of(one), **_TAGS.get(one.kind, {})},
    )


def _of(service: str, path: str) -> Callable[[Naming, str], str]:
    return lambda naming, name: naming.arn(
        service, path.format(name=name, environment=naming.settings.name)
    )


def _table(naming: Naming, name: str) -> str:
    table, slash, index = name.partition("/")
    path = f"table/cufit-{naming.settings.name}-Data-{table.capitalize()}-MADEUP"
    return naming.arn("dynamodb", f"{path}{slash}{index}")


_RESOURCES: Mapping[str, Callable[[Naming, str], str]] = {
    "anything": lambda _naming, _name: "*",
    "alarm": _of("cloudwatch", "alarm:cufit-{environment}-Observability-Alarm"),
    "group": _of("logs", "log-group:cufit-{environment}-Matching-Logs"),
    "knowledge base": _of("bedrock", "knowledge-base/KB12345678"),
    "parameter": _of("ssm", "parameter/cufit/{environment}/brake"),
    "queue": _of("sqs", "cufit-{environment}-Matching-Queue"),
    "service": _of(
        "ecs", "service/cufit-{environment}-Service-Cluster/cufit-{environment}-Service"
    ),
    "stack": _of("cloudformation", "stack/cufit-{environment}-Data/made-up"),
    "table": _table,
    "index": _table,
}
"""By kind: something of this project in the role's environment."""

_TAGS: Mapping[str, Mapping[str, str]] = {
    "knowledge base": {"aws:ResourceTag/cufit:environment": "dev"}
}


@cache
def by_hand() -> Mapping[str, list[Asked]]:
    """The page's commands, by its headings."""
    found: dict[str, list[Asked]] = {}
    for section in BY_HAND.read_text(encoding="utf-8").split("\n## ")[1:]:
        heading, _, text = section.partition("\n")
        commands = re.findall(r"`aws ([a-z-]+) ([a-z-]+)([^`]*)`", text)
        asks = (one for command in commands for one in _by_hand(*command))
        found[heading] = [*dict.fromkeys(asks)]
    return found


def _by_hand(service: str, command: str, options: str) -> Iterator[Asked]:
    operation = next(
        name for name in _model(service).operation_names if xform_name(name, "-") == command
    )
    action = f"{service}:{operation}"
    if service == "dynamodb":
        yield _read_by_hand(operation, options)
        return
    kind = "anything" if operation in _OF_NOTHING else _KINDS[service]
    for name in (operation, *_INSIDE.get(action, ())):
        yield Asked(f"{service}:{name}", kind, "")


def _read_by_hand(operation: str, options: str) -> Asked:
    table = re.search(r"--table-name (\w+)", options)
    index = re.search(r"--index-name (\w+)", options)
    projection = re.search(r"--projection-expression '([^']+)'", options)
    assert table
    assert projection, f"{operation} of whole items"
    request = {
        "TableName": table[1],
        "ProjectionExpression": projection[1],
        **({"IndexName": index[1]} if index else {}),
    }
    (one,) = asked("dynamodb", operation, request)
    return replace(one, name=one.name.lower())


_KINDS = {"cloudwatch": "alarm", "ecs": "service", "logs": "group", "sqs": "queue"}
_OF_NOTHING = {"GetMetricData", "GetQueryResults"}
"""They know no resource (service authorization reference)."""


@cache
def _model(service: str) -> Any:
    return boto3.session.Session()._session.get_service_model(service)


@cache
def _heard() -> Mapping[str, list[Asked]]:
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
    """A candidate whose document is to be written, and a document of nobody."""
    cloud = Cloud(count(1_800_000_000, 10).__next__)
    item = candidate_item("m_a")
    cloud.dynamodb.tables["candidates"].write("m_a", packed(item), 0)
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
