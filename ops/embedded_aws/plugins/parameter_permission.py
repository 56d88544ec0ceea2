"""Values that a template takes from SSM are read with the rights of who asks CloudFormation.

MiniStack resolves parameters of the types `AWS::SSM::Parameter::Value<…>` for everybody. The
CDK's bootstrap template gives its deploy role `ssm:GetParameters` because "CreateChangeSet uses
this to evaluate any SSM parameters" (aws-cdk 2.1148.1, bootstrap-template.yaml).
"""

from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from typing import Any

from ministack import app
from ministack.core.iam_evaluator import caller_arn, enforce
from ministack.core.responses import get_region
from ministack.core.router import extract_access_key_id
from ministack.services import ssm
from ministack.services.cloudformation import changesets, handlers

ACTION = "ssm:GetParameters"

Handler = Callable[..., Awaitable[Any]]

_access_key: ContextVar[str | None] = ContextVar("access_key", default=None)


def apply() -> None:
    services: dict[str, Handler] = app.SERVICE_HANDLERS
    services["cloudformation"] = _remembering_who_asks(services["cloudformation"])
    for module in (handlers, changesets):
        module._resolve_parameters = _of_the_caller(module._resolve_parameters)


def _remembering_who_asks(handle: Handler) -> Handler:
    async def remember(
        method: str, path: str, headers: Mapping[str, str], body: bytes, query: Mapping[str, Any]
    ) -> Any:
        _access_key.set(extract_access_key_id(headers, query))
        return await handle(method, path, headers, body, query)

    return remember


def _of_the_caller(resolve: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def resolve_what_the_caller_may_read(*given: Any) -> dict[str, Any]:
        resolved = resolve(*given)
        for each in resolved.values():
            if name := each.get("SsmName"):
                _require(ssm._param_arn(name))
        return resolved

    return resolve_what_the_caller_may_read


def _require(arn: str) -> None:
    """Raises: ValueError, which CloudFormation answers as a ValidationError."""
    if enforce(_access_key.get() or "", ACTION, "ssm", get_region(), resource_arn=arn):
        raise ValueError(
            f"User: {caller_arn()} is not authorized to perform: {ACTION} on resource: {arn} "
            "because no identity-based policy allows the action"
        )
