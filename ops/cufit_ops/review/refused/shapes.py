"""Templates that CloudFormation or a service does not take, whatever was there before."""

import json
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from ipaddress import IPv4Network
from typing import Any

from cufit_ops.review.findings import Sentence
from cufit_ops.review.names import address, listed, name_of, named, with_particle
from cufit_ops.review.refused.refusal import Refusal
from cufit_ops.review.replacement import Template, needed, referred
from cufit_ops.template_graph import Account

_MOST_RESOURCES = 500
_MOST_BYTES = 1_000_000
"""Of a template (CloudFormation user guide, Quotas, 2026-11)."""


def refusals(base: Account, head: Account) -> Iterator[Refusal]:
    for stack, template in head.stacks.items():
        old = base.stacks.get(stack, {})
        if template == old:
            continue
        yield from _types(stack, old, template)
        yield from _missing(stack, old, template)
        yield from _circle(stack, template)
        yield from _large(stack, template)
        yield from _outside(stack, template)
    yield from _visibility(head)


def _types(stack: str, old: Template, new: Template) -> Iterator[Refusal]:
    before = old.get("Resources", {})
    for logical_id, resource in new.get("Resources", {}).items():
        was = before.get(logical_id, resource)["Type"]
        if was != resource["Type"]:
            yield Refusal(
                address(stack, logical_id),
                Sentence(
                    f"{logical_id} of {stack} was {was} and is to be {resource['Type']}; another "
                    "type needs another logical id",
                    f"{stack}의 {logical_id}이(가) {was}에서 {resource['Type']}(으)로 바뀝니다. "
                    "종류가 다르면 "
                    "logical id도 달라야 합니다",
                ),
            )


def _missing(stack: str, old: Template, new: Template) -> Iterator[Refusal]:
    """What a template still refers to and this change takes out of it."""
    gone = old.get("Resources", {}).keys() - new.get("Resources", {}).keys()
    users = {id_: {*referred(one.get("Properties"))} for id_, one in new["Resources"].items()}
    outputs = {id_: {*referred(one.get("Value"))} for id_, one in new.get("Outputs", {}).items()}
    for name in sorted(gone):
        by = [id_ for id_, needed in users.items() if name in needed]
        said = [named(new["Resources"][id_], id_) for id_ in by]
        if exported := [id_ for id_, needed in outputs.items() if name in needed]:
            said.append(Sentence("outputs", "출력값(Outputs)"))
        if not said:
            continue
        who, what = listed(said), named(old["Resources"][name], name)
        verb = "refers" if len(said) == 1 and not exported else "refer"
        yield Refusal(
            address(stack, name),
            Sentence(
                f"{who.english} of {stack} still {verb} to {what.english}, which is taken out of "
                "the template",
                f"{stack} 스택의 {with_particle(who.korean, '이/가')} 템플릿에서 없어진 "
                f"{with_particle(what.korean, '을/를')} 아직 가리킵니다",
            ),
            "\n".join([*by, *exported]),
        )


def _circle(stack: str, template: Template) -> Iterator[Refusal]:
    resources = template.get("Resources", {})
    graph = {id_: {*needed(one)} & resources.keys() for id_, one in resources.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        way = " → ".join(error.args[1])
        yield Refusal(
            stack,
            Sentence(
                f"resources of {stack} need each other in a circle ({way})",
                f"{stack}의 리소스가 서로를 필요로 합니다({way})",
            ),
        )


def _large(stack: str, template: Template) -> Iterator[Refusal]:
    count, size = len(template.get("Resources", {})), len(json.dumps(template))
    if count > _MOST_RESOURCES or size > _MOST_BYTES:
        yield Refusal(
            stack,
            Sentence(
                f"{stack} has {count} resources in {size} bytes; {_MOST_RESOURCES} and "
                f"{_MOST_BYTES} are the most",
                f"{stack}의 리소스가 {count}개, 템플릿이 {size}바이트입니다. 최대 "
                f"{_MOST_RESOURCES}개, "
                f"{_MOST_BYTES}바이트입니다",
            ),
        )


def _outside(stack: str, template: Template) -> Iterator[Refusal]:
    """A subnet lies inside its network."""
    resources = template.get("Resources", {})
    for logical_id, resource in resources.items():
        if resource["Type"] != "AWS::EC2::Subnet":
            continue
        block = resource.get("Properties", {}).get("CidrBlock")
        for network in referred(resource.get("Properties", {}).get("VpcId")):
            whole = resources.get(network, {}).get("Properties", {}).get("CidrBlock")
            if _is_outside(block, whole):
                yield Refusal(
                    address(stack, logical_id),
                    Sentence(
                        f"the subnet {logical_id} of {stack} wants {block}, which is outside its "
                        f"network's {whole}",
                        f"{stack}의 서브넷 {logical_id}이(가) 쓰려는 주소 {block}이(가) 네트워크 "
                        f"{whole}의 밖입니다",
                    ),
                )


def _is_outside(block: Any, whole: Any) -> bool:
    try:
        return not IPv4Network(block).subnet_of(IPv4Network(whole))
    except (TypeError, ValueError):
        return False  # an IPv6 block, or one that AWS chooses


def _visibility(head: Account) -> Iterator[Refusal]:
    """Lambda refuses to read a queue that shows a message again before the function is done
    (Lambda developer guide, Using Lambda with Amazon SQS, 2026-11)."""
    for (stack, logical_id), mapping in head.of("AWS::Lambda::EventSourceMapping"):
        for queue in head.referred(stack, mapping.get("EventSourceArn")):
            for function in head.referred(stack, mapping.get("FunctionName")):
                shown = _number(head, queue, "AWS::SQS::Queue", "VisibilityTimeout", 30)
                works = _number(head, function, "AWS::Lambda::Function", "Timeout", 3)
                if shown is not None and works is not None and shown < works:
                    queue_name, name = name_of(head, queue), name_of(head, function)
                    yield Refusal(
                        address(stack, logical_id),
                        Sentence(
                            f"{queue_name.english} shows a message again after {shown} s, before "
                            f"{name.english} may be done with it ({works} s)",
                            f"{queue_name.korean}의 메시지가 {shown}초 뒤 다시 보이는데, "
                            f"{name.korean}은(는) 최대 "
                            f"{works}초까지 일합니다",
                        ),
                    )


def _number(
    account: Account, where: tuple[str, str], kind: str, name: str, default: int
) -> int | None:
    resource = account.resource(where)
    value = resource.get("Properties", {}).get(name, default)
    return int(value) if resource.get("Type") == kind and isinstance(value, int | str) else None
