"""Resources that got another logical id and are the same in all that is said of them."""

import json
from collections import defaultdict
from typing import Any

from cufit_ops.review.names import stem
from cufit_ops.template_graph import Account, Address

LIKENESS = 0.6
"""Of the properties at least as many agree, where one of a type went and one came."""


def renamed(base: Account, head: Account) -> dict[Address, Address]:
    """Address in head → its address in base."""
    gone, come = _without(base, head), _without(head, base)
    found: dict[Address, Address] = {}
    for kind, olds in gone.items():
        news = come.get(kind, {})
        for old, before in olds.items():
            like = [new for new, after in news.items() if new not in found and after == before]
            if len(like) == 1:
                found[like[0]] = old
        left = [old for old in olds if old not in found.values()]
        new_left = [new for new in news if new not in found]
        if len(left) == len(new_left) == 1 and _alike(olds[left[0]], news[new_left[0]]):
            found[new_left[0]] = left[0]
    return found


def _without(mine: Account, others: Account) -> dict[tuple[str, str], dict[Address, Any]]:
    """Stack and type → resources whose logical id, digest aside, only `mine` has."""
    found: dict[tuple[str, str], dict[Address, Any]] = defaultdict(dict)
    for stack, template in mine.stacks.items():
        known = {stem(id_) for id_ in others.stacks.get(stack, {}).get("Resources", {})}
        for logical_id, resource in template.get("Resources", {}).items():
            if stem(logical_id) not in known:
                shape = _shape(resource.get("Properties") or {})
                found[stack, str(resource.get("Type"))][stack, logical_id] = shape
    return found


def _shape(value: Any) -> Any:
    """Without whom it refers to, by any function."""
    if isinstance(value, list):
        return [_shape(item) for item in value]
    if isinstance(value, dict):
        if len(value) == 1 and next(iter(value)).startswith(("Ref", "Fn::")):
            return "?"
        return {key: _shape(item) for key, item in value.items() if key != "Tags"}
    return value


def _alike(old: dict[str, Any], new: dict[str, Any]) -> bool:
    keys = old.keys() | new.keys()
    same = [key for key in keys if json.dumps(old.get(key)) == json.dumps(new.get(key))]
    return bool(keys) and len(same) >= LIKENESS * len(keys)
