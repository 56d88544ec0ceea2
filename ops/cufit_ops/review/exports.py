"""What CloudFormation will refuse of a change, found from templates alone.

`refusals` compares two accounts of stacks, wherever they were read: two synthesized commits, or
what is deployed and what is to be.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from cufit_ops.review.replacement import Template, referred, replaced
from cufit_ops.template_graph import Account


def refusals(base: Account, head: Account) -> list[str]:
    """Why `head` cannot be deployed onto `base` at once; a sentence each, none when it can."""
    common = [name for name in head.stacks if name in base.stacks]
    anew = {name: replaced(base.stacks[name], head.stacks[name]) for name in common}
    found = list(_exports(base, head, anew))
    for name in common:
        old, new = base.stacks[name], head.stacks[name]
        found += _subnets(name, old, new, anew[name])
        found += _indexes(name, old, new)
    return [f"this deployment will be refused, because {reason}" for reason in found]


def imports(account: Account) -> dict[str, list[str]]:
    """Name of an export → the stacks that import it."""
    found: dict[str, list[str]] = defaultdict(list)
    for stack, template in account.stacks.items():
        for name in sorted(set(_imported(template))):
            found[name].append(stack)
    return found


def _exports(base: Account, head: Account, anew: dict[str, set[str]]) -> Iterator[str]:
    for name, users in imports(base).items():
        exporter, value = base.exports.get(name, (None, None))
        if exporter is None or exporter not in head.stacks:
            continue  # somebody else's, or of a stack that stays as it is
        who = " and ".join(users)
        if name not in head.exports:
            yield (
                f"{who} still imports {name} that {exporter} no longer exports; deploy first "
                "without the import, then without the export"
            )
        elif head.exports[name][1] != value or anew[exporter].intersection(referred(value)):
            yield (
                f"{who} still imports {name}, and {exporter} exports another value of that name "
                "now; a resource that others use needs another name beside the old one"
            )


def _imported(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _imported(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "Fn::ImportValue" and isinstance(item, str):
                yield item
            else:
                yield from _imported(item)


def _subnets(stack: str, base: Template, head: Template, anew: set[str]) -> Iterator[str]:
    """A new subnet stands beside all the old ones until the update is done."""
    taken = {_block(r): id_ for id_, r in base["Resources"].items() if r["Type"] == _SUBNET}
    for logical_id, resource in head["Resources"].items():
        if resource["Type"] != _SUBNET or (
            logical_id in base["Resources"] and logical_id not in anew
        ):
            continue
        if (block := _block(resource)) in taken:
            yield (
                f"the new subnet {logical_id} of {stack} wants {block}, which {taken[block]} "
                "still holds"
            )


_SUBNET = "AWS::EC2::Subnet"


def _block(resource: dict[str, Any]) -> Any:
    return resource["Properties"].get("CidrBlock")


def _indexes(stack: str, base: Template, head: Template) -> Iterator[str]:
    """DynamoDB adds or deletes one index of a table at a time, and changes the keys of none."""
    for logical_id in base["Resources"].keys() & head["Resources"].keys():
        old, new = _indexes_of(base, logical_id), _indexes_of(head, logical_id)
        if len(moved := sorted(old.keys() ^ new.keys())) > 1:
            yield (
                f"table {logical_id} of {stack} gets or loses {len(moved)} indexes at once "
                f"({', '.join(moved)}); one in a deployment"
            )
        for name in sorted(old.keys() & new.keys()):
            if old[name] != new[name]:
                yield (
                    f"index {name} of table {logical_id} of {stack} gets other keys or another "
                    "projection; give the new one another name"
                )


def _indexes_of(template: Template, logical_id: str) -> dict[str, Any]:
    resource = template["Resources"][logical_id]
    if resource["Type"] != "AWS::DynamoDB::GlobalTable":
        return {}
    return {
        index["IndexName"]: (index["KeySchema"], index["Projection"])
        for index in resource["Properties"].get("GlobalSecondaryIndexes", [])
    }
