"""A request as IAM sees it, and the neighbours of it that must be refused."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any

from cufit_ops.template_graph import Address
from tests.infra.simulated.policies import IDENTITY, Place, Policies, Statement, actions_of
from tests.infra.synthesis import as_list

Context = Mapping[str, Any]

STRANGER = "444455556666"
"""Somebody else's account."""

OVER_TLS: Context = {"aws:SecureTransport": "true"}
_OVER_TLS_TO_S3: Context = {**OVER_TLS, "s3:TlsVersion": "1.3", "s3:signatureAge": "1000"}

RESOURCE_TAG = "aws:ResourceTag/"

OTHER_SERVICE = "cloudtrail.amazonaws.com"
"""One that calls nothing here."""


@dataclass(frozen=True)
class Request:
    why: str
    """Who wants it and for what, for whoever reads a failure."""
    principal: str
    """ARN, or a service's name."""
    action: str
    resource: str
    context: Context = field(default_factory=dict)
    role: Address | None = None
    """Whose identity policies count."""
    guard: Place | None = None
    """The policy of the resource; of a role, its trust."""

    def __str__(self) -> str:
        return f"{self.why}: {self.action} on {self.resource} with {dict(self.context)}"

    @property
    def places(self) -> list[Place]:
        identity = [(IDENTITY, self.role)] if self.role else []
        return [*identity, *([self.guard] if self.guard else [])]

    @property
    def told(self) -> Context:
        """What is known of every request besides: it came over TLS."""
        ways = _OVER_TLS_TO_S3 if self.action.startswith("s3:") else OVER_TLS
        return {**ways, **self.context}

    def but(self, why: str, **changes: Any) -> "Request":
        return replace(self, why=f"{self.why}, but {why}", **changes)

    def with_context(self, why: str, **changes: Any) -> "Request":
        return self.but(why, context={**self.context, **changes})


def covers(statement: Statement, request: Request) -> bool:
    """Whether the statement speaks of the request, whatever its conditions say."""
    resources = as_list(statement.get("Resource", "*"))
    return any(fnmatchcase(request.action, action) for action in actions_of(statement)) and any(
        fnmatchcase(request.resource, resource) for resource in resources
    )


def near_misses(policies: Policies, request: Request) -> Iterator[Request]:
    """What differs in one thing from what a role may do."""
    if request.role is None:
        return
    statements = [
        one for one in policies.statements((IDENTITY, request.role)) if covers(one, request)
    ]
    if other := _elsewhere(request, policies.naming.account):
        yield request.but("in another account", resource=other, guard=None)
    if any(RESOURCE_TAG in str(one) for one in statements):
        yield request.but("without the project's tag", context={})
    elif not any(as_list(one["Resource"]) == ["*"] for one in statements):
        yield request.but("on another resource", resource=_sibling(request.resource), guard=None)
    if any("dynamodb:Attributes" in str(one) for one in statements):
        yield from _more_attributes(request)
    if any("ecs:task-definition" in str(one) for one in statements):
        task = policies.naming.arn("ecs", "task-definition/others:1")
        yield request.with_context("with other tasks", **{"ecs:task-definition": task})
        yield request.with_context("with a shell", **{"ecs:enable-execute-command": "true"})


def _elsewhere(request: Request, account: str) -> str | None:
    moved = request.resource.replace(f":{account}:", f":{STRANGER}:")
    return moved if moved != request.resource else None


def _sibling(arn: str) -> str:
    """Another table, queue, prefix, parameter, model or role."""
    service, resource = arn.split(":", 3)[2], arn.split(":", 5)[5]
    if service == "s3":
        bucket, prefix, *rest = resource.split("/")
        return f"arn:aws:s3:::{bucket}/others/{rest[0]}" if rest else f"{arn[:13]}others/{prefix}"
    kind = re.match(r"[\w-]+[/:]", resource)
    start = kind[0] if kind and service != "sqs" else ""
    return arn.replace(resource, f"{start}others-{resource.removeprefix(start).lstrip('/')}")


def _more_attributes(request: Request) -> Iterator[Request]:
    named = request.context["dynamodb:Attributes"]
    yield request.with_context("with the phone", **{"dynamodb:Attributes": [*named, "phone"]})
    without = {key: value for key, value in request.context.items() if "Attributes" not in key}
    yield request.but("without a word of attributes", context=without)
    if "dynamodb:Select" in request.context:
        yield request.with_context("of whole items", **{"dynamodb:Select": "ALL_ATTRIBUTES"})
    if "dynamodb:ReturnValues" in request.context:
        for told in ("ALL_OLD", "ALL_NEW"):
            yield request.with_context(f"returning {told}", **{"dynamodb:ReturnValues": told})
