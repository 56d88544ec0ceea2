"""IAM checks the action of a message move task on the task's source.

MiniStack looks for the URL of a queue, which these requests have not, and would ask for the action
on all queues. CancelMessageMoveTask has a handle alone; the source is part of it. That the caller
may send to the destination, and receive from the source, is not checked.
"""

import base64
import json
from collections.abc import Callable
from typing import Any

from ministack.core import iam_actions
from ministack.core.responses import new_uuid


def apply() -> None:
    resource_of: Callable[..., str] = iam_actions.extract_resource_arn

    def resource_or_source(
        service: str, method: str, path: str, headers: Any, body: bytes, *more: Any
    ) -> str:
        if service == "sqs" and headers.get("x-amz-target", "").endswith(("Task", "Tasks")):
            source = _named(body)
            if source is not None:
                return source
        return resource_of(service, method, path, headers, body, *more)

    iam_actions.extract_resource_arn = resource_or_source


def new_handle(source_arn: str) -> str:
    """The handle of a new task."""
    handle = {"taskId": new_uuid(), "sourceArn": source_arn}
    return base64.b64encode(json.dumps(handle).encode()).decode()


def source_of(handle: str) -> str | None:
    """The source's ARN in a task's handle; None when it is no handle."""
    try:
        source: str = json.loads(base64.b64decode(handle, validate=True))["sourceArn"]
    except (ValueError, TypeError, KeyError):
        return None
    return source


def _named(body: bytes) -> str | None:
    try:
        request = json.loads(body)
        named = request.get("SourceArn") or source_of(request.get("TaskHandle", ""))
    except (ValueError, AttributeError):
        return None
    return named if isinstance(named, str) else None
