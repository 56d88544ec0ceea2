"""Which resources an update makes anew, from the two templates alone."""

from collections.abc import Iterator, Set
from typing import Any

from cufit_ops.resource_schemas import Path_, create_only
from cufit_ops.template_graph import resource_of

Template = dict[str, Any]

REPLACED_BY_DESIGN = ("AWS::ECS::TaskDefinition",)
"""A revision is immutable: every change of the service replaces it, and nothing is lost."""


def replaced(base: Template, head: Template, changing: Set[str] = frozenset()) -> set[str]:
    """Logical ids whose resource becomes another one: what only creation can set changes, or
    refers to a resource that becomes another one itself, or to one of the parameters `changing`."""
    old, new = base.get("Resources", {}), head.get("Resources", {})
    found = set(changing)
    while more := {
        logical_id
        for logical_id in old.keys() & new.keys() - found
        if _is_replaced(old[logical_id], new[logical_id], found)
    }:
        found |= more
    return found - changing


def referred(value: Any) -> Iterator[str]:
    """Logical ids that `value` names by Ref or GetAtt."""
    if isinstance(value, list):
        for item in value:
            yield from referred(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "Ref" and isinstance(item, str):
                yield item
            elif key == "Fn::GetAtt":
                yield resource_of(item)
            else:
                yield from referred(item)


def needed(resource: dict[str, Any]) -> Iterator[str]:
    """Logical ids that a resource waits for: those it refers to, and DependsOn."""
    yield from referred(resource.get("Properties"))
    after = resource.get("DependsOn", [])
    yield from [after] if isinstance(after, str) else after


def fixed(old: dict[str, Any], new: dict[str, Any], others: Set[str]) -> list[str]:
    """Properties of a resource that only creation can set and that differ, or refer to one of
    `others`, which become other resources."""
    found = []
    for path in create_only(new["Type"]):
        before, after = at(path, old.get("Properties")), at(path, new.get("Properties"))
        if before != after or not others.isdisjoint(referred(after)):
            found.append(".".join(path))
    return found


def _is_replaced(old: dict[str, Any], new: dict[str, Any], others: set[str]) -> bool:
    return old["Type"] != new["Type"] or bool(fixed(old, new, others))


def at(path: Path_, value: Any) -> Any:
    """The value there, a list of them for `*`, or None."""
    if not path:
        return value
    name, *rest = path
    if name == "*":
        return [at(tuple(rest), member) for member in value] if isinstance(value, list) else None
    return at(tuple(rest), value.get(name)) if isinstance(value, dict) else None
