"""One call to the stand-in: who asks, and what MiniStack knows that the stand-in needs."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ministack.core.iam_actions import access_denied_response
from ministack.core.iam_evaluator import enforce
from ministack.core.responses import get_account_id, get_region
from ministack.core.router import extract_access_key_id
from ministack.services import bedrock_agent

from embedded_aws.bedrock.errors import (
    AccessDeniedError,
    BedrockError,
    DependencyFailedError,
    InternalServerError,
    ModelFailedError,
    ResourceNotFoundError,
    Response,
    ThrottledError,
)
from embedded_aws.bedrock.faults import Fault, Order
from embedded_aws.bedrock.state import faults


class AccessDenied(BedrockError):
    """Denied by IAM; carries MiniStack's own answer, which has AWS's wording."""

    def __init__(self, answer: Response) -> None:
        super().__init__("denied")
        self._answer = answer

    def response(self) -> Response:
        return self._answer


@dataclass(frozen=True)
class Call:
    """A request whose operation itself IAM has already allowed (MiniStack's dispatcher)."""

    service: str
    headers: Mapping[str, str]
    query: Mapping[str, Any]

    def require(self, action: str, resource_arn: str) -> None:
        """Check a further permission the operation needs of its caller.

        Raises:
            AccessDenied: IAM does not allow it.
        """
        key = extract_access_key_id(self.headers, self.query)
        denied = enforce(key, action, self.service, get_region(), resource_arn=resource_arn)
        if denied:
            principal = getattr(denied, "principal_arn", "")
            answer = access_denied_response(
                self.service, action, principal, "", resource_arn=resource_arn
            )
            raise AccessDenied(answer)


def ok(payload: Any, status: int = 200) -> Response:
    body = json.dumps(payload, ensure_ascii=False).encode()
    return status, {"Content-Type": "application/json"}, body


def knowledge_base(identifier: str) -> dict[str, Any]:
    """The record MiniStack keeps of a knowledge base.

    Raises:
        ResourceNotFoundError: there is none of that id in this account and region.
    """
    record: dict[str, Any] | None = bedrock_agent._knowledge_bases.get(identifier)
    if record is None:
        raise ResourceNotFoundError(f"Knowledge base with id {identifier} does not exist")
    return record


def require_data_source(knowledge_base_id: str, identifier: str) -> None:
    knowledge_base(knowledge_base_id)
    if f"{knowledge_base_id}/{identifier}" not in bedrock_agent._data_sources:
        raise ResourceNotFoundError(
            f"Data source with id {identifier} does not exist in {knowledge_base_id}"
        )


def knowledge_base_arn(identifier: str) -> str:
    return f"arn:aws:bedrock:{get_region()}:{get_account_id()}:knowledge-base/{identifier}"


def model_arn(identifier: str) -> str:
    return f"arn:aws:bedrock:{get_region()}::foundation-model/{identifier}"


async def fault_of(operation: str) -> Order:
    """The fault this call commits, after committing those that take the place of an answer.

    Raises:
        ThrottledError, InternalServerError, DependencyFailedError, ModelFailedError,
        AccessDeniedError: as ordered.
    """
    order = faults.take(operation)
    match order.mode:
        case Fault.THROTTLE:
            raise ThrottledError("Too many requests, please wait before trying again.")
        case Fault.SERVER_ERROR:
            raise InternalServerError("The server encountered an internal error.")
        case Fault.DEPENDENCY_FAILED if operation == "Converse":
            raise ModelFailedError("Model produced invalid sequence as part of ToolUse.")
        case Fault.DEPENDENCY_FAILED:
            raise DependencyFailedError("A dependency did not answer.")
        case Fault.ACCESS_DENIED:
            raise AccessDeniedError(
                "You don't have access to the model with the specified model ID."
            )
        case Fault.TIMEOUT:
            await asyncio.sleep(order.seconds)
            raise InternalServerError("The request took too long.")
    return order
