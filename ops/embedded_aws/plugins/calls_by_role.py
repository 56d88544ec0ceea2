"""Which role asked for what: `calls.jsonl` in the state's folder, a line for each kind of call.

MiniStack keeps no record of this (AWS has CloudTrail). Noted where IAM is asked, before it answers,
so that presigned URLs and what an operation needs beside itself are there too; root is not. Names
of attributes, never values: an object's key is cut after its first folder.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ministack.core import iam_evaluator

FILE = "calls.jsonl"
_ATTRIBUTES = "dynamodb:attributes"

_seen: set[str] = set()
"""Lines written. As many as there are kinds of calls: some hundreds."""


def apply() -> None:
    file = Path(os.environ["STATE_DIR"]).parent / FILE
    evaluate: Callable[..., Any] = iam_evaluator.evaluate

    def noted(context: iam_evaluator.EvalContext, *policies: Any) -> Any:
        if ":assumed-role/" in context.principal_arn:
            _note(file, context)
        return evaluate(context, *policies)

    iam_evaluator.evaluate = noted


def _note(file: Path, context: iam_evaluator.EvalContext) -> None:
    attributes = context.service_context.get(_ATTRIBUTES)
    line = json.dumps(
        {
            "role": context.principal_arn.split("/")[1],
            "action": context.action,
            "resource": _kind_of(context.resource_arn),
            "attributes": sorted(attributes) if isinstance(attributes, list) else None,
        }
    )
    if line not in _seen:
        _seen.add(line)
        with file.open("a", encoding="utf-8") as lines:
            lines.write(f"{line}\n")


def _kind_of(resource: str) -> str:
    bucket, slash, key = resource.partition("/")
    if not (resource.startswith("arn:aws:s3:::") and slash):
        return resource
    folder, below, _ = key.partition("/")
    return f"{bucket}/{folder}/*" if below else f"{bucket}/*"
