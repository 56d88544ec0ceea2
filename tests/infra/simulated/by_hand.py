"""The commands of docs/by-hand.md, as what they ask of AWS."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from botocore import xform_name

from tests.infra.simulated.calls import Asked, asked

PAGE = Path(__file__).parents[3] / "docs/by-hand.md"

_INSIDE = {
    "sqs:StartMessageMoveTask": [
        "ReceiveMessage",
        "DeleteMessage",
        "GetQueueAttributes",
        "SendMessage",
    ],
}
"""What a call does in the caller's name (API reference, StartMessageMoveTask)."""


@cache
def by_hand() -> Mapping[str, list[Asked]]:
    """The page's commands, by its headings."""
    found: dict[str, list[Asked]] = {}
    for section in PAGE.read_text(encoding="utf-8").split("\n## ")[1:]:
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
    condition = re.search(r"--key-condition-expression '([^']+)'", options)
    assert table
    assert projection, f"{operation} of whole items"
    request = {
        "TableName": table[1],
        "ProjectionExpression": projection[1],
        **({"IndexName": index[1]} if index else {}),
        **({"KeyConditionExpression": condition[1]} if condition else {}),
    }
    (one,) = asked("dynamodb", operation, request)
    return replace(one, name=one.name.lower())


_KINDS = {"cloudwatch": "alarm", "ecs": "service", "logs": "group", "sqs": "queue"}
_OF_NOTHING = {"GetMetricData", "GetQueryResults"}
"""They know no resource (service authorization reference)."""


@cache
def _model(service: str) -> Any:
    return boto3.session.Session()._session.get_service_model(service)
