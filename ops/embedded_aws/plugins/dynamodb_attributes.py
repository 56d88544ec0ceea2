"""IAM is told which attributes a request to DynamoDB is about, whatever the operation.

MiniStack tells those of a projection alone, and says of every other request, BatchGetItem and
writes among them, that it is for whole items: a policy by attributes refuses them. Actions of a
transaction are not told apart: for them nothing is told.
"""

import json
from typing import Any

from ministack.core import iam_actions

from embedded_aws.dynamodb_condition_keys import condition_keys


def apply() -> None:
    iam_actions.dynamodb_service_context = _context


def _context(body: bytes) -> dict[str, Any]:
    try:
        request = json.loads(body or b"{}")
    except ValueError:
        return {}
    if not isinstance(request, dict) or "TransactItems" in request:
        return {}
    return condition_keys(request)
