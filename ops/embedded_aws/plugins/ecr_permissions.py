"""IAM checks ecr:DescribeRepositories on the repository that a request names.

MiniStack looks for `repositoryName`, which this request has not, and would ask for the action on
all repositories: the CDK's role that publishes images may not.
"""

import json
from collections.abc import Callable
from typing import Any

from ministack.core import iam_actions
from ministack.core.responses import get_account_id, get_region


def apply() -> None:
    resource_of: Callable[..., str] = iam_actions.extract_resource_arn

    def resource_or_named(
        service: str, method: str, path: str, headers: Any, body: bytes, *more: Any
    ) -> str:
        if service == "ecr" and headers.get("x-amz-target", "").endswith(".DescribeRepositories"):
            names = _names(body)
            if len(names) == 1:
                where = f"{get_region()}:{get_account_id()}"
                return f"arn:aws:ecr:{where}:repository/{names[0]}"
        return resource_of(service, method, path, headers, body, *more)

    iam_actions.extract_resource_arn = resource_or_named


def _names(body: bytes) -> list[str]:
    try:
        names = json.loads(body)["repositoryNames"]
    except (ValueError, TypeError, KeyError):
        return []
    return names if isinstance(names, list) else []
