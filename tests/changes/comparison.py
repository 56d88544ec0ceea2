"""Differences of two accounts, until review/comparison.py asks @aws-cdk/cloudformation-diff."""

from collections.abc import Iterator
from typing import Any

from cufit_ops.resource_schemas import create_only
from cufit_ops.review.change import Impact, PropertyDifference, ResourceDifference
from cufit_ops.review.replacement import replaced
from cufit_ops.template_graph import Account


def differences(base: Account, head: Account) -> list[ResourceDifference]:
    return [
        found
        for stack in {**base.stacks, **head.stacks}
        for found in _of_stack(stack, base.stacks.get(stack, {}), head.stacks.get(stack, {}))
    ]


def _of_stack(
    stack: str, base: dict[str, Any], head: dict[str, Any]
) -> Iterator[ResourceDifference]:
    before, after = base.get("Resources", {}), head.get("Resources", {})
    anew = replaced(base, head)
    for logical_id in {**before, **after}:
        old, new = before.get(logical_id), after.get(logical_id)
        if old == new and logical_id not in anew:
            continue
        kind = (old or new or {})["Type"]
        if old is None:
            impact = Impact.CREATE
        elif new is None:
            kept = str(old.get("DeletionPolicy")).startswith("Retain")
            impact = Impact.ORPHAN if kept else Impact.DESTROY
        else:
            impact = Impact.REPLACE if logical_id in anew else Impact.UPDATE
        found = [*_properties(kind, old, new)] if old and new else []
        yield ResourceDifference(stack, logical_id, kind, impact, old, new, found)


def _properties(
    kind: str, old: dict[str, Any], new: dict[str, Any]
) -> Iterator[PropertyDifference]:
    before, after = old.get("Properties", {}), new.get("Properties", {})
    fixed = {path[0] for path in create_only(kind)}
    for name in {**before, **after}:
        if before.get(name) != after.get(name):
            impact = Impact.REPLACE if name in fixed else Impact.UPDATE
            yield PropertyDifference(name, before.get(name), after.get(name), impact)
