"""Holds a request against botocore's model of the service, as AWS's front end does.

botocore checks types, required members, unions and minima; the service also enforces maxima,
enumerations and patterns, and answers ValidationException.
"""

import json
import math
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import botocore.session
from botocore.model import OperationModel, ServiceModel
from botocore.validate import ParamValidator

from embedded_aws.bedrock.errors import ValidationError


@cache
def service(name: str) -> ServiceModel:
    return botocore.session.get_session().get_service_model(name)


@cache
def operation(service_name: str, operation_name: str) -> OperationModel:
    return service(service_name).operation_model(operation_name)


def parsed_body(model: OperationModel, body: bytes, **uri_members: str) -> dict[str, Any]:
    """The request as its members, checked.

    Raises:
        ValidationError: the body is not a JSON object, or breaks a constraint of the model.
    """
    try:
        members = json.loads(body or b"{}")
    except (ValueError, UnicodeDecodeError) as error:
        raise ValidationError("The request body is not JSON") from error
    if not isinstance(members, dict):
        raise ValidationError("The request body is not a JSON object")
    members |= uri_members
    shape: Any = model.input_shape
    report = ParamValidator().validate(members, shape)
    if report.has_errors():
        raise ValidationError(report.generate_report())
    if faults := list(_beyond(shape, members, "")):
        count = f"{len(faults)} validation error{'s' if len(faults) > 1 else ''} detected: "
        raise ValidationError(count + "; ".join(faults))
    return members


def _beyond(shape: Any, value: Any, path: str) -> Iterator[str]:
    """What botocore lets pass: above a maximum, outside an enumeration, not of a pattern."""
    if getattr(shape, "is_document_type", False):
        return  # any JSON
    limits = shape.metadata
    match shape.type_name:
        case "structure":
            for name, member in value.items():
                yield from _beyond(shape.members[name], member, f"{path}/{name}")
        case "list":
            yield from _above(limits, len(value), "length", value, path)
            for position, member in enumerate(value, start=1):
                yield from _beyond(shape.member, member, f"{path}/{position}/member")
        case "map":
            for key, member in value.items():
                yield from _beyond(shape.value, member, f"{path}/{key}")
        case "string":
            yield from _text_faults(limits, value, path)
        case "integer" | "long" | "float" | "double":
            yield from _above(limits, value, "value", value, path)


def _text_faults(limits: Any, value: str, path: str) -> Iterator[str]:
    yield from _above(limits, len(value), "length", value, path)
    if (allowed := limits.get("enum")) and value not in allowed:
        yield _fault(value, path, f"Member must satisfy enum value set: {list(allowed)}")
    pattern = limits.get("pattern")
    if pattern and not re.search(rf"\A(?:{pattern})\Z", value, re.DOTALL):
        yield _fault(value, path, f"Member must satisfy regular expression pattern: {pattern}")


def _above(limits: Any, size: float, what: str, value: Any, path: str) -> Iterator[str]:
    if size > limits.get("max", math.inf):
        yield _fault(value, path, f"Member must have {what} less than or equal to {limits['max']}")


def _fault(value: Any, path: str, constraint: str) -> str:
    shown = str(value)
    shown = shown if len(shown) <= 60 else shown[:60] + "…"
    return f"Value '{shown}' at '{path}' failed to satisfy constraint: {constraint}"
