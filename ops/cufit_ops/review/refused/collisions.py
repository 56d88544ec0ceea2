"""Two of one name, or of the same addresses: what is new stands beside all that is old until the
update is done."""

import json
from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

from cufit_ops.resource_schemas import create_only, names
from cufit_ops.review.findings import Sentence
from cufit_ops.review.names import address, named, with_particle
from cufit_ops.review.refused.refusal import Refusal
from cufit_ops.review.replacement import Template, at, referred
from cufit_ops.template_graph import Account

_SUBNET = "AWS::EC2::Subnet"

_NAMED_ONCE = {"AWS::Bedrock::KnowledgeBase": "Name"}
"""Names that an update may change and that no two in an account share (stacks/knowledge.py)."""


def refusals(base: Account, head: Account, anew: dict[str, set[str]]) -> Iterator[Refusal]:
    held = {
        key: (stack, logical_id)
        for stack, template in base.stacks.items()
        for logical_id, resource in template.get("Resources", {}).items()
        if (key := _identity(resource, stack))
    }
    new: dict[str, tuple[str, str]] = {}
    for stack, template in head.stacks.items():
        old = base.stacks.get(stack, {})
        made_anew = anew.get(stack, set())
        for logical_id, resource in template.get("Resources", {}).items():
            before = old.get("Resources", {}).get(logical_id)
            if before is not None and logical_id not in made_anew:
                continue
            key = _identity(resource, stack)
            if key is None or _under_another(resource, made_anew):
                continue
            if key in held:
                yield _taken(stack, logical_id, resource, held[key])
            elif key in new:
                yield _twice(stack, logical_id, resource, new[key])
            new[key] = (stack, logical_id)
        yield from _subnets(stack, old, template, made_anew)


def _taken(stack: str, logical_id: str, resource: Template, by: tuple[str, str]) -> Refusal:
    what, name = named(resource, logical_id), _label(resource)
    if by == (stack, logical_id):
        reason = Sentence(
            f"{what.english} of {stack} has to be made anew under the same name ({name}), and that "
            "name is taken until the old one is gone; give it another name",
            f"{stack} 스택의 {with_particle(what.korean, '을/를')} 같은 이름({name})으로 새로 "
            "만들어야 하는데, 옛것이 없어질 때까지 그 이름을 쓸 수 없습니다. 다른 이름을 주세요",
        )
    else:
        reason = Sentence(
            f"{what.english} of {stack} already exists: {'/'.join(by)} has that name ({name}) "
            "until this deployment is over",
            f"{stack} 스택의 {with_particle(what.korean, '이/가')} 이미 있습니다. 이 배포가 끝날 "
            f"때까지 {'/'.join(by)}에서 그 이름({name})을 씁니다",
        )
    return Refusal(address(stack, logical_id), reason)


def _twice(stack: str, logical_id: str, resource: Template, other: tuple[str, str]) -> Refusal:
    what, name = named(resource, logical_id), _label(resource)
    reason = Sentence(
        f"{what.english} of {stack} and {'/'.join(other)} are both to be named {name}",
        f"{stack} 스택의 {with_particle(what.korean, '과/와')} {'/'.join(other)}의 이름이 둘 다 "
        f"{name}입니다",
    )
    return Refusal(address(stack, logical_id), reason)


def _identity(resource: Template, stack: str) -> str | None:
    """What no two resources share; None when AWS makes the name up."""
    kind, properties = resource["Type"], resource.get("Properties", {})
    given = {path: value for path in _own_names(kind) if (value := at(path, properties))}
    if not given:
        return None
    # Its parents, such as the namespace of a service: the same name may stand in two.
    parents = {path: at(path, properties) for path in create_only(kind) if path not in given}
    parents = {path: value for path, value in parents.items() if [*referred(value)]}
    scope = stack if parents or any([*referred(value)] for value in given.values()) else ""
    return json.dumps([kind, scope, sorted(map(str, given.items())), sorted(map(str, parents))])


def _own_names(kind: str) -> list[tuple[str, ...]]:
    """Its identifier where a template gives it, else the property that is named after it."""
    if kind in _NAMED_ONCE:
        return [(_NAMED_ONCE[kind],)]
    fixed, identifier = create_only(kind), names(kind)
    if identifier and all(path in fixed for path in identifier):
        return identifier
    last = kind.rpartition("::")[2]
    return [
        path
        for path in fixed
        if path[-1] == "Name"
        or (path[-1].endswith("Name") and last.endswith(path[-1].removesuffix("Name")))
    ]


def _under_another(resource: Template, made_anew: set[str]) -> bool:
    """Its name stands under something that is made anew itself."""
    if resource["Type"] in _NAMED_ONCE:
        return False
    properties = resource.get("Properties", {})
    return any(
        not made_anew.isdisjoint(referred(at(path, properties)))
        for path in create_only(resource["Type"])
    )


def _label(resource: Template) -> str:
    properties = resource.get("Properties", {})
    given = [at(path, properties) for path in _own_names(resource["Type"])]
    return ", ".join(str(one) if isinstance(one, str) else json.dumps(one) for one in given if one)


def _subnets(stack: str, base: Template, head: Template, anew: set[str]) -> Iterator[Refusal]:
    """A new subnet stands beside all the old ones until the update is done."""
    before = base.get("Resources", {})
    taken = {id_: _block(r) for id_, r in before.items() if r["Type"] == _SUBNET}
    for logical_id, resource in head.get("Resources", {}).items():
        if resource["Type"] != _SUBNET or (logical_id in before and logical_id not in anew):
            continue
        if not anew.isdisjoint(referred(resource.get("Properties", {}).get("VpcId"))):
            continue  # in another network
        block = _block(resource)
        for other, held in taken.items():
            if _overlap(block, held):
                yield Refusal(
                    address(stack, logical_id),
                    Sentence(
                        f"the new subnet {logical_id} of {stack} wants {block}, which {other} "
                        "still "
                        "holds",
                        f"{stack}의 새 서브넷 {logical_id}이(가) 쓰려는 주소 {block}을(를) "
                        f"{other}이(가) 아직 "
                        "쓰고 있습니다",
                    ),
                )
                break


def _block(resource: Template) -> Any:
    return resource.get("Properties", {}).get("CidrBlock")


def _overlap(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return False
    try:
        return ip_network(one).overlaps(ip_network(other))
    except (TypeError, ValueError):
        return bool(one == other)
