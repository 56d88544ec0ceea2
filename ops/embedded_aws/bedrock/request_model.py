"""Holds a request against botocore's model of the service, as AWS's front end does.

botocore's client checks required members and minimum lengths only; the service also enforces
maximum lengths, ranges, enumerations, patterns and unions, and answers ValidationException.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import botocore.session
from botocore.model import OperationModel, ServiceModel, Shape

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
    faults = list(_faults(model.input_shape, members, ""))
    if faults:
        count = f"{len(faults)} validation error{'s' if len(faults) > 1 else ''} detected: "
        raise ValidationError(count + "; ".join(faults))
    return members


def _faults(shape: Any, value: Any, path: str) -> Iterator[str]:
    if getattr(shape, "is_document_type", False):
        return  # any JSON
    problem = _type_fault(shape, value)
    if problem:
        yield _fault(value, path, problem)
        return
    if shape.type_name == "structure":
        yield from _structure_faults(shape, value, path)
    elif shape.type_name == "list":
        yield from _limit_faults(shape, len(value), "length", value, path)
        for position, member in enumerate(value, start=1):
            yield from _faults(shape.member, member, f"{path}/{position}/member")
    elif shape.type_name == "map":
        for key, member in value.items():
            yield from _faults(shape.value, member, f"{path}/{key}")
    else:
        yield from _scalar_faults(shape, value, path)


_JSON_TYPES: dict[str, type | tuple[type, ...]] = {
    "structure": dict,
    "map": dict,
    "list": list,
    "string": str,
    "blob": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
}


def _type_fault(shape: Shape, value: Any) -> str | None:
    expected = _JSON_TYPES.get(shape.type_name)
    wrong = expected is not None and (
        not isinstance(value, expected)
        or (isinstance(value, bool) and shape.type_name != "boolean")
    )
    return f"Member must be of type {shape.type_name}" if wrong else None


def _structure_faults(shape: Any, value: dict[str, Any], path: str) -> Iterator[str]:
    present = {name: member for name, member in value.items() if member is not None}
    for name in shape.required_members:
        if name not in present:
            yield f"Value at '{path}/{name}' failed to satisfy constraint: Member must not be null"
    if getattr(shape, "is_tagged_union", False) and len(present) != 1:
        yield f"Value at '{path}' failed to satisfy constraint: exactly one member must be set"
    for name, member in present.items():
        if name in shape.members:
            yield from _faults(shape.members[name], member, f"{path}/{name}")


def _scalar_faults(shape: Shape, value: Any, path: str) -> Iterator[str]:
    if shape.type_name == "string":
        yield from _limit_faults(shape, len(value), "length", value, path)
        allowed = shape.metadata.get("enum")
        if allowed and value not in allowed:
            yield _fault(value, path, f"Member must satisfy enum value set: {list(allowed)}")
        pattern = shape.metadata.get("pattern")
        if pattern and not re.search(rf"\A(?:{pattern})\Z", value, re.DOTALL):
            yield _fault(value, path, f"Member must satisfy regular expression pattern: {pattern}")
    elif shape.type_name in ("integer", "long", "float", "double"):
        yield from _limit_faults(shape, value, "value", value, path)


def _limit_faults(shape: Shape, size: float, what: str, value: Any, path: str) -> Iterator[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and size < low:
        yield _fault(value, path, f"Member must have {what} greater than or equal to {low}")
    if high is not None and size > high:
        yield _fault(value, path, f"Member must have {what} less than or equal to {high}")


def _fault(value: Any, path: str, constraint: str) -> str:
    shown = str(value)
    shown = shown if len(shown) <= 60 else shown[:60] + "…"
    return f"Value '{shown}' at '{path}' failed to satisfy constraint: {constraint}"
