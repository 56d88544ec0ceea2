"""Log lines of every group of the local environment, merged in the order of time."""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.text import Text

from cufit_ops.laptop.deployment import STAGE
from cufit_ops.laptop.environment import client
from cufit_ops.workspace import Workspace

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_COLOURS = ("cyan", "magenta", "green", "yellow", "blue", "bright_red", "bright_cyan")
_POLL_SECONDS = 1.0


@dataclass(frozen=True)
class Line:
    at_ms: int
    """Milliseconds since the epoch."""
    source: str
    """Where it was written: the group's function or `service`."""
    message: str


def seconds_of(text: str) -> int:
    """`90s`, `10m`, `2h`, `1d` in seconds.

    Raises:
        ValueError: says what is legal.
    """
    found = re.fullmatch(r"(\d+)([smhd])", text)
    if not found:
        raise ValueError(f"--since {text!r} is no time; legal is a number and s, m, h or d: 10m")
    return int(found.group(1)) * _UNITS[found.group(2)]


def read(workspace: Workspace, since: int, correlation_id: str, follow: bool) -> Iterator[Line]:
    logs = client("logs", workspace)
    groups = _groups(workspace)
    start = int((time.time() - since) * 1000)
    seen: set[tuple[str, str, int, str]] = set()
    while True:
        events = [
            (event, source)
            for group, source in groups.items()
            for event in _events(logs, group, start)
        ]
        for event, source in sorted(events, key=lambda found: found[0]["timestamp"]):
            identity = (source, event["logStreamName"], event["timestamp"], event["message"])
            if identity in seen:
                continue
            seen.add(identity)
            if correlation_id in event["message"]:
                yield Line(event["timestamp"], source, event["message"].rstrip())
        if not follow:
            return
        # Lines arrive late and out of order between groups; look back a little each time.
        start = max(start, int((time.time() - 10) * 1000))
        time.sleep(_POLL_SECONDS)


def show(line: Line, console: Console) -> None:
    at = datetime.fromtimestamp(line.at_ms / 1000).astimezone()
    colour = _COLOURS[sum(line.source.encode()) % len(_COLOURS)]
    text = Text(at.strftime("%H:%M:%S.%f")[:-3] + " ", style="dim")
    text.append(f"{line.source:<16} ", style=colour)
    text.append(_readable(line.message))
    console.print(text, soft_wrap=True)


def _readable(message: str) -> str:
    """A JSON line as `LEVEL message key=value …`; anything else as it is."""
    try:
        fields: dict[str, Any] = json.loads(message)
    except ValueError:
        return message
    if not isinstance(fields, dict):
        return message
    level, said = fields.pop("level", ""), fields.pop("message", "")
    for noise in ("timestamp", "service", "location", "cold_start", "function_arn",
                  "function_memory_size", "function_name", "function_request_id"):  # fmt: skip
        fields.pop(noise, None)
    rest = " ".join(f"{key}={value}" for key, value in fields.items())
    return f"{level} {said} {rest}".strip()


def _groups(workspace: Workspace) -> dict[str, str]:
    """Log groups of the local environment's stacks and the short name of what writes there."""
    cloudformation = client("cloudformation", workspace)
    groups = {}
    for stack in cloudformation.describe_stacks()["Stacks"]:
        if not stack["StackName"].startswith(f"{STAGE}-"):
            continue
        found = cloudformation.describe_stack_resources(StackName=stack["StackName"])
        for resource in found["StackResources"]:
            if resource["ResourceType"] == "AWS::Logs::LogGroup":
                groups[resource["PhysicalResourceId"]] = _short(resource["LogicalResourceId"])
    return groups


def _short(logical_id: str) -> str:
    """MatchWorkerLogGroupA1B2C3D4 → match-worker."""
    name = re.sub(r"[0-9A-F]{8}$", "", logical_id)
    name = re.sub(r"(LogGroup|Logs?)$", "", name) or name
    short = re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()
    return "service" if short == "fargate" else short


def _events(logs: Any, group: str, start: int) -> Iterator[dict[str, Any]]:
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=start)
    for page in pages:
        yield from page["events"]
