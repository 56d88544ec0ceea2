"""Writes as TransactWriteItems takes them; each may also be made alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cufit_service.adapters.dynamodb.expressions import (
    Attr,
    Condition,
    Values,
    attribute_value,
    packed,
)

Write = dict[str, Values]
"""One member of a transaction."""


def put(table: str, item: Values, condition: Condition | None = None) -> Write:
    return {"Put": {"TableName": table, "Item": packed(item), **_expression(condition)}}


@dataclass(frozen=True, slots=True)
class OneMore:
    """Of numbers inside of a map; they have to be there."""

    names: tuple[str, ...]


def update(
    table: str,
    key: Values,
    values: Values,
    *,
    remove: Sequence[str] = (),
    append: Mapping[str, Values] | None = None,
    add: Mapping[str, set[str] | Decimal] | None = None,
    discard: Mapping[str, set[str]] | None = None,
    condition: Condition | None = None,
) -> Write:
    """Set `values`, remove attributes, add to lists, to sets and to numbers and take from sets,
    leaving the others as they are. A value may be a OneMore."""
    names = {f"#s{n}": name for n, name in enumerate([*values, *remove])}
    placeholders = list(names)
    settings: list[str] = []
    new: Values = {}
    for name, value in zip(placeholders, values.values(), strict=False):
        given, operand = f":{name[1:]}", value
        match value:
            case OneMore(numbers):
                inside = {f"{name}i{n}": number for n, number in enumerate(numbers)}
                names |= inside
                settings += [f"{name}.{one} = {name}.{one} + {given}" for one in inside]
                operand = 1
            case _:
                settings.append(f"{name} = {given}")
        new[given] = attribute_value(operand)
    for n, (name, entry) in enumerate((append or {}).items()):
        names[f"#a{n}"] = name
        settings.append(f"#a{n} = list_append(if_not_exists(#a{n}, :none), :a{n})")
        new |= {":none": attribute_value([]), f":a{n}": attribute_value([entry])}
    clauses = [f"SET {', '.join(settings)}"] if settings else []
    if remove:
        clauses.append(f"REMOVE {', '.join(placeholders[len(values) :])}")
    for clause, changed_by in (("ADD", add or {}), ("DELETE", discard or {})):
        for name, by in changed_by.items():
            names[f"#{clause}"] = name
            new[f":{clause}"] = attribute_value(by)
            clauses.append(f"{clause} #{clause} :{clause}")
    expression = _expression(condition)
    changed: Values = {
        "TableName": table,
        "Key": packed(key),
        **expression,
        "UpdateExpression": " ".join(clauses),
        "ExpressionAttributeNames": expression.get("ExpressionAttributeNames", {}) | names,
    }
    if values_used := expression.get("ExpressionAttributeValues", {}) | new:
        changed["ExpressionAttributeValues"] = values_used
    return {"Update": changed}


def delete(table: str, key: Values, condition: Condition | None = None) -> Write:
    return {"Delete": {"TableName": table, "Key": packed(key), **_expression(condition)}}


def check(table: str, key: Values, condition: Condition) -> Write:
    """No write: a condition on an item that the others depend on."""
    checked = {"TableName": table, "Key": packed(key), **_expression(condition)}
    return {"ConditionCheck": checked}


def next_version(version: int, key_name: str = "version") -> Condition:
    """That the version before `version` is the one stored; before the first there is none.

    `key_name` is to be given where the table has items without versions.
    """
    if version == 1:
        return Attr(key_name).not_exists()
    return Attr("version").eq(version - 1)


def _expression(condition: Condition | None) -> Values:
    return {} if condition is None else condition.as_parameter("ConditionExpression")
