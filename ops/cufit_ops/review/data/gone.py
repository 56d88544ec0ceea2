"""Data that nobody reaches any more: deleted, replaced, left behind, moved or renamed."""

import difflib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cufit_ops.resource_schemas import may_create_only
from cufit_ops.review.change import Impact, ResourceDifference
from cufit_ops.review.data.holdings import KEPT_BY_ID, LOG_GROUP, Holding, holds_data
from cufit_ops.review.data.policies import kept_when_deleted, kept_when_replaced
from cufit_ops.review.data.words import sentence_of
from cufit_ops.review.findings import Finding, Gate, Rank, Sentence, Topic
from cufit_ops.review.names import TABLE_KINDS, address, stem
from cufit_ops.review.replacement import fixed, replaced
from cufit_ops.template_graph import Account, Address

_ALIKE = 0.5
"""Share of equal properties, and of letters of the name, from which a new resource is the old one
under another name."""


class How(StrEnum):
    DELETED = "deleted"
    REPLACED = "replaced"
    MAY_BE_REPLACED = "may be replaced"
    UNDER_A_CONDITION = "it stays under a condition alone"
    STACK_LEFT = "its stack is not in the app any more"


@dataclass(frozen=True)
class Lost:
    holding: Holding
    how: How
    because: str
    """Properties that make it anew; empty when it is deleted."""

    @property
    def kept(self) -> bool:
        """The old one stays, with its data."""
        if self.how is How.STACK_LEFT:
            return True
        if self.how in (How.DELETED, How.UNDER_A_CONDITION):
            return kept_when_deleted(self.holding.resource)
        return kept_when_replaced(self.holding.resource)


def lost(
    base: Account, head: Account, differences: Sequence[ResourceDifference]
) -> dict[Address, Lost]:
    """Everything that holds data in `base` and is another one in `head`, or none."""
    impacts = {(d.stack, d.logical_id): d for d in differences}
    found = {}
    for stack, template in base.stacks.items():
        new = head.stacks.get(stack)
        anew = replaced(template, new) if new is not None else set()
        for logical_id, resource in template.get("Resources", {}).items():
            if not holds_data(resource):
                continue
            holding = Holding(stack, logical_id, resource)
            after = (new or {}).get("Resources", {}).get(logical_id)
            if new is None:
                found[stack, logical_id] = Lost(holding, How.STACK_LEFT, "")
            elif after is None:
                found[stack, logical_id] = Lost(holding, How.DELETED, "")
            elif after["Type"] != resource["Type"]:
                found[stack, logical_id] = Lost(holding, How.REPLACED, "Type")
            elif after.get("Condition") not in (None, resource.get("Condition")):
                condition = str(after["Condition"])
                found[stack, logical_id] = Lost(holding, How.UNDER_A_CONDITION, condition)
            else:
                difference = impacts.get((stack, logical_id))
                how, because = _anew(resource, after, logical_id in anew, anew, difference)
                if how is not None:
                    found[stack, logical_id] = Lost(holding, how, ", ".join(because))
    return found


def _anew(
    old: dict[str, Any],
    new: dict[str, Any],
    is_replaced: bool,
    others: set[str],
    difference: ResourceDifference | None,
) -> tuple[How | None, list[str]]:
    """Three sources, since each knows properties that the others do not: createOnlyProperties,
    conditionalCreateOnlyProperties and what the CDK's comparison says."""
    before, after = old.get("Properties", {}), new.get("Properties", {})
    because = fixed(old, new, others) if is_replaced else []
    conditional = [
        path[0]
        for path in may_create_only(old["Type"])
        if before.get(path[0]) != after.get(path[0])
    ]
    if old["Type"] in TABLE_KINDS and _retyped(before, after):
        conditional.append("AttributeDefinitions")
    said = difference.properties if difference else []
    because += conditional + [p.name for p in said if p.impact is Impact.REPLACE]
    if because or (difference and difference.impact is Impact.REPLACE):
        return How.REPLACED, list(dict.fromkeys(because))
    if difference and difference.impact is Impact.MAY_REPLACE:
        return How.MAY_BE_REPLACED, [p.name for p in said if p.impact is Impact.MAY_REPLACE]
    return None, []


def _retyped(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """An attribute of a key gets another type, which replaces the table (CloudFormation,
    AWS::DynamoDB::GlobalTable AttributeDefinitions, 2026-11)."""
    old, new = (
        {one.get("AttributeName"): one.get("AttributeType") for one in side}
        for side in (before.get("AttributeDefinitions", []), after.get("AttributeDefinitions", []))
    )
    return any(new.get(name, kind) != kind for name, kind in old.items())


def findings(base: Account, head: Account, everything: dict[Address, Lost]) -> Iterator[Finding]:
    successors = _successors(base, head, everything)
    for where, one in everything.items():
        holding = one.holding
        successor = successors.get(where)
        evidence = f"{where[0]}/{where[1]} ({holding.kind}): {one.how}"
        if one.because:
            evidence += f" for {one.because}"
        if successor:
            evidence += f" → {successor[0]}/{successor[1]}"
        evidence += f"; the old one {'stays' if one.kept else 'is deleted'}"
        moved = successor is not None and holding.kind in KEPT_BY_ID
        logs = holding.kind == LOG_GROUP
        may = one.how is How.MAY_BE_REPLACED
        yield Finding(
            Topic.DATA,
            Rank.NOTICE if logs else Rank.DANGER,
            address(*where),
            sentence_of(
                holding,
                kept=one.kept,
                because="" if one.how is How.DELETED else one.because,
                condition=one.because if one.how is How.UNDER_A_CONDITION else "",
                replaced=one.how in (How.REPLACED, How.MAY_BE_REPLACED),
                may=may,
                stack_left=one.how is How.STACK_LEFT,
                successor=successor,
            ),
            evidence,
            None if logs else Gate.MOVED_LOGICAL_ID if moved else Gate.DATA_LOSS,
        )


def stacks_left(base: Account, head: Account, everything: dict[Address, Lost]) -> Iterator[Finding]:
    """Stacks that leave the app and hold no data: those that do are told by what they hold."""
    for stack in base.stacks.keys() - head.stacks.keys() - {where[0] for where in everything}:
        yield Finding(
            Topic.DATA,
            Rank.NOTICE,
            stack,
            Sentence(
                f"Leaves the stack {stack} out of the app: it stays deployed with its cost and its "
                "permissions, and nobody updates it until somebody deletes it",
                f"{stack} 스택이 앱에서 빠집니다. 누가 지우기 전에는 비용과 권한이 그대로인 채 "
                "남고, 더는 갱신되지 않습니다",
            ),
            f"{stack}: not in the app any more",
        )


def _successors(
    base: Account, head: Account, everything: dict[Address, Lost]
) -> dict[Address, Address]:
    """The new resource that each deleted one has become under another id or in another stack."""
    new = {
        (stack, logical_id): resource
        for stack, template in head.stacks.items()
        for logical_id, resource in template.get("Resources", {}).items()
        if holds_data(resource)
        and logical_id not in base.stacks.get(stack, {}).get("Resources", {})
    }
    rated = sorted(
        (
            (_likeness(one.holding, where, resource), old, where)
            for old, one in everything.items()
            if one.how in (How.DELETED, How.STACK_LEFT)
            for where, resource in new.items()
            if resource["Type"] == one.holding.kind
        ),
        key=lambda rating: -rating[0],
    )
    found: dict[Address, Address] = {}
    for likeness, old, where in rated:
        if likeness >= _ALIKE and old not in found and where not in found.values():
            found[old] = where
    return found


def _likeness(old: Holding, where: Address, new: dict[str, Any]) -> float:
    before, after = old.properties, new.get("Properties", {})
    if old.kind in TABLE_KINDS and before.get("KeySchema") != after.get("KeySchema"):
        return 0.0
    one, other = set(_leaves(before)), set(_leaves(after))
    properties = len(one & other) / max(len(one | other), 1) if one | other else 1.0
    names = difflib.SequenceMatcher(None, stem(old.logical_id), stem(where[1])).ratio()
    return 0.75 * properties + 0.25 * names


def _leaves(value: Any, path: str = "") -> Iterator[str]:
    """What a resource says, whatever the resources that it refers to are called."""
    if isinstance(value, dict):
        for name, item in value.items():
            if name in ("Ref", "Fn::GetAtt", "Fn::ImportValue"):
                yield f"{path}/reference"
            elif name != "Tags":
                yield from _leaves(item, f"{path}/{name}")
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, f"{path}/*")
    else:
        yield f"{path}={json.dumps(value)}"
