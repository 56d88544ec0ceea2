"""Metadata filters of Retrieve as a knowledge base on S3 Vectors applies them.

Sources: botocore's RetrievalFilter (notEquals also returns documents without the key); AWS's notes
on S3 Vectors stores: `startsWith` and `stringContains` are not supported there and are silently
ignored, which lets every document through. `listContains` is not documented for them: refused.
An index takes at most 100 constraints in one filter (S3 user guide, index mode). Whether the values
of a list count one by one is not said there; here they do, so that whoever gets through here gets
through there as well.
"""

from collections.abc import Callable, Mapping
from typing import Any

from embedded_aws.bedrock.errors import ValidationError

Filter = Mapping[str, Any]
Metadata = Mapping[str, Any]

MAX_CONSTRAINTS = 100

IGNORED = frozenset({"startsWith", "stringContains"})

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "greaterThan": lambda held, wanted: bool(held > wanted),
    "greaterThanOrEquals": lambda held, wanted: bool(held >= wanted),
    "lessThan": lambda held, wanted: bool(held < wanted),
    "lessThanOrEquals": lambda held, wanted: bool(held <= wanted),
}


def constraints(condition: Filter) -> int:
    """Comparisons with one value that a filter asks for."""
    ((operator, operand),) = condition.items()
    if operator in ("andAll", "orAll"):
        return sum(map(constraints, operand))
    value = operand["value"]
    return len(value) if isinstance(value, list) else 1


def check(condition: Filter | None) -> None:
    """Raises: ValidationError for a filter with more than MAX_CONSTRAINTS."""
    if condition is not None and (number := constraints(condition)) > MAX_CONSTRAINTS:
        raise ValidationError(
            f"The filter has {number} constraints; at most {MAX_CONSTRAINTS} are supported"
        )


def matches(condition: Filter | None, metadata: Metadata) -> bool:
    """Whether a document with `metadata` passes `condition` (None passes everything).

    Raises:
        ValidationError: an operator or value S3 Vectors cannot apply.
    """
    if condition is None:
        return True
    ((operator, operand),) = condition.items()
    if operator in ("andAll", "orAll"):
        verdicts = [matches(member, metadata) for member in operand]
        return all(verdicts) if operator == "andAll" else any(verdicts)
    if operator in IGNORED:
        return True
    return _attribute_matches(operator, operand["key"], operand["value"], metadata)


def _attribute_matches(operator: str, key: str, wanted: Any, metadata: Metadata) -> bool:
    held = metadata.get(key)
    if operator == "equals":
        return key in metadata and _same(held, wanted)
    if operator == "notEquals":
        return not (key in metadata and _same(held, wanted))
    if operator in ("in", "notIn"):
        if not isinstance(wanted, list) or not wanted:
            raise ValidationError(f"Filter '{operator}' on '{key}' takes a list of values")
        found = key in metadata and any(_same(held, value) for value in wanted)
        return found if operator == "in" else not found
    if operator in _COMPARISONS:
        if not _is_number(wanted):
            raise ValidationError(f"Filter '{operator}' on '{key}' takes a number")
        return _is_number(held) and _COMPARISONS[operator](held, wanted)
    raise ValidationError(f"Filter '{operator}' is not supported by a knowledge base on S3 Vectors")


def _same(held: Any, wanted: Any) -> bool:
    """Equality without mixing types: true is not 1, and "1" is not 1."""
    if isinstance(held, bool) or isinstance(wanted, bool):
        return held is wanted
    if isinstance(held, list):
        return any(_same(member, wanted) for member in held)
    return bool(held == wanted) and isinstance(held, str) == isinstance(wanted, str)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
