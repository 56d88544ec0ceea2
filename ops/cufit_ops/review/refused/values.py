"""Values that CloudFormation or a service does not take: sizes that do not exist, names of nothing.

Only what this change writes is looked at: what is deployed has been taken.
"""

import json
from collections.abc import Iterator
from typing import Any

from cufit_ops.resource_schemas import Limits, limits, source
from cufit_ops.review.findings import Sentence
from cufit_ops.review.names import address, named, with_particle
from cufit_ops.review.refused.refusal import Refusal
from cufit_ops.review.replacement import Template, needed
from cufit_ops.template_graph import Account
from stacks.fargate_sizes import size_fault

_TASK = "AWS::ECS::TaskDefinition"
_MAPPING = "AWS::Lambda::EventSourceMapping"
_AT_ONCE = 10
"""Messages of SQS that Lambda takes without a batching window (Lambda API reference,
CreateEventSourceMapping, BatchSize, 2026-11)."""


def refusals(base: Account, head: Account) -> Iterator[Refusal]:
    for stack, template in head.stacks.items():
        before = base.stacks.get(stack, {})
        for logical_id, resource in template.get("Resources", {}).items():
            old = before.get("Resources", {}).get(logical_id)
            if resource == old:
                continue
            for reason in (
                *_values(stack, logical_id, old or {}, resource),
                *_names_of_nothing(stack, logical_id, before, template),
            ):
                yield Refusal(address(stack, logical_id), reason)


def _values(
    stack: str, logical_id: str, old: dict[str, Any], resource: dict[str, Any]
) -> Iterator[Sentence]:
    what, kind = named(resource, logical_id), str(resource["Type"])
    before, after = old.get("Properties", {}), resource.get("Properties", {})
    if kind == _TASK and (size := _size_fault(after)) and size != _size_fault(before):
        yield Sentence(
            size,
            f"CPU {after['Cpu']}에 메모리 {after['Memory']}MiB는 Fargate에 없는 크기입니다",
        )
    if (
        kind == _MAPPING
        and _above(after.get("BatchSize"), _AT_ONCE)
        and not after.get("MaximumBatchingWindowInSeconds")
        and before.get("BatchSize") != after["BatchSize"]
    ):
        yield Sentence(
            f"BatchSize {after['BatchSize']} of {what.english} is above {_AT_ONCE} without a "
            "MaximumBatchingWindowInSeconds",
            f"{what.korean}의 BatchSize {after['BatchSize']}이(가) {_AT_ONCE}을 넘는데 "
            "MaximumBatchingWindowInSeconds가 없습니다",
        )
    known = limits(kind)
    for name, value in after.items():
        if before.get(name) != value and (fault := _fault(name, value, known)):
            yield Sentence(
                f"{name} {json.dumps(value)} of {what.english} of {stack} is not legal by the "
                f"schema in {source()}: {fault[0]}",
                f"{stack} 스택 {what.korean}의 {name} 값 {json.dumps(value)}은(는) "
                f"{source()}의 스키마에 따르면 쓸 수 없습니다: {fault[1]}",
            )
    for name in known.required if before else ():
        if name in before and name not in after:
            yield Sentence(
                f"{what.english} of {stack} needs {name}, which is taken away",
                f"{stack} 스택의 {what.korean}에 꼭 필요한 {name}이(가) 없어집니다",
            )


def _size_fault(task: dict[str, Any]) -> str | None:
    if "FARGATE" not in task.get("RequiresCompatibilities", []):
        return None
    sizes = [str(task.get(name, "")) for name in ("Cpu", "Memory")]
    return size_fault(*map(int, sizes)) if all(one.isdigit() for one in sizes) else None


def _fault(name: str, value: Any, known: Limits) -> tuple[str, str] | None:
    if name in known.legal:
        choices = known.legal[name]
        if isinstance(value, str | int) and value not in choices:
            near = ", ".join(map(str, choices))
            return f"one of {near}", f"{near} 중 하나여야 합니다"
        return None
    least, most = known.ranges.get(name, (None, None))
    if _above(value, most) or _above(least, value):
        words = f"{least} to {most}" if most is not None else f"{least} or more"
        korean = (
            f"{least}~{most}이어야 합니다" if most is not None else f"{least} 이상이어야 합니다"
        )
        return words, korean
    if known.closed and name not in known.names:
        return "there is no such property", "그런 속성이 없습니다"
    return None


def _above(value: Any, limit: Any) -> bool:
    numbers = all(isinstance(one, int | float) for one in (value, limit))
    return bool(numbers and value > limit)


def _names_of_nothing(
    stack: str, logical_id: str, before: Template, template: Template
) -> Iterator[Sentence]:
    """What goes in the same change is told by shapes."""
    resources = template["Resources"]
    known = {*resources, *template.get("Parameters", {}), *before.get("Resources", {})}
    what = named(resources[logical_id], logical_id)
    old = before.get("Resources", {}).get(logical_id, {})
    for name in sorted({*needed(resources[logical_id])} - {*needed(old)} - known):
        if not name.startswith("AWS::"):
            yield Sentence(
                f"{what.english} of {stack} refers to {name}, which is not in the template",
                f"{stack} 스택의 {with_particle(what.korean, '이/가')} 템플릿에 없는 {name}을(를) "
                "가리킵니다",
            )
