"""Which resources an update makes anew, from the two templates alone."""

from collections.abc import Iterator
from typing import Any

from cufit_ops.resource_schemas import Path_, create_only

Template = dict[str, Any]


def replaced(base: Template, head: Template) -> set[str]:
    """Logical ids whose resource becomes another one: what only creation can set changes, or
    refers to a resource that becomes another one itself."""
    old, new = base["Resources"], head["Resources"]
    found: set[str] = set()
    while more := {
        logical_id
        for logical_id in old.keys() & new.keys() - found
        if _is_replaced(old[logical_id], new[logical_id], found)
    }:
        found |= more
    return found


def referred(value: Any) -> Iterator[str]:
    """Logical ids that `value` names by Ref or GetAtt."""
    if isinstance(value, list):
        for item in value:
            yield from referred(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "Ref":
                yield item
            elif key == "Fn::GetAtt":
                yield item[0]
            else:
                yield from referred(item)


def _is_replaced(old: dict[str, Any], new: dict[str, Any], others: set[str]) -> bool:
    if old["Type"] != new["Type"]:
        return True
    for path in create_only(new["Type"]):
        before, after = _at(path, old.get("Properties")), _at(path, new.get("Properties"))
        if before != after or others.intersection(referred(after)):
            return True
    return False


def _at(path: Path_, value: Any) -> Any:
    """The value there, a list of them for `*`, or None."""
    if not path:
        return value
    name, *rest = path
    if name == "*":
        return [_at(tuple(rest), member) for member in value] if isinstance(value, list) else None
    return _at(tuple(rest), value.get(name)) if isinstance(value, dict) else None
