"""What is wired otherwise: which table a function is told, where failures go, who may call."""

import json
from collections.abc import Iterator
from typing import Any

from cufit_ops.review.change import ResourceDifference
from cufit_ops.review.findings import Finding, Gate, Rank, Sentence, Topic
from cufit_ops.review.names import address, name_of, named, with_particle
from cufit_ops.template_graph import Account, Address

_INVOKE = "AWS::Lambda::EventInvokeConfig"
_ROUTE = "AWS::ApiGatewayV2::Route"
_STAGE = "AWS::ApiGatewayV2::Stage"
_KEYS = {
    "AWS::S3::Bucket": "BucketEncryption",
    "AWS::SQS::Queue": "KmsMasterKeyId",
    "AWS::DynamoDB::GlobalTable": "SSESpecification",
    "AWS::Logs::LogGroup": "KmsKeyId",
}


def changed(difference: ResourceDifference, base: Account, head: Account) -> Iterator[Finding]:
    """Of a resource that stays."""
    old = (difference.old or {}).get("Properties", {})
    new = (difference.new or {}).get("Properties", {})
    where = (difference.stack, difference.logical_id)
    yield from _told_otherwise(difference, old, new, base, head)
    name = named(difference.old or {}, difference.logical_id)
    if (key := _KEYS.get(difference.kind)) and old.get(key) != new.get(key):
        sentence = Sentence(
            f"Encrypts {name.english} otherwise: who may not use the key cannot read or write it",
            f"{name.korean}의 암호화가 바뀝니다. 키를 쓸 권한이 없으면 읽거나 쓰지 못합니다",
        )
        yield _finding(
            where, Rank.NOTICE, sentence, f"{key}: {_json(old, key)} → {_json(new, key)}"
        )
    if old.get("BillingMode") != new.get("BillingMode") == "PROVISIONED":
        sentence = Sentence(
            f"Serves {name.english} at a fixed rate: what is asked beyond it is refused",
            f"{with_particle(name.korean, '을/를')} 정해진 속도로만 제공합니다. 넘는 요청은 "
            "거절됩니다",
        )
        yield _finding(where, Rank.NOTICE, sentence, "BillingMode: PROVISIONED")
    for what, english, korean in (
        ("Origins", "Pages of {} can no longer use {} from a browser",
         "{} 페이지는 브라우저에서 더는 {} 쓸 수 없습니다"),
        ("Methods", "Pages can no longer send {} to {} from a browser",
         "브라우저에서 더는 {} 요청으로 {} 쓸 수 없습니다"),
        ("Headers", "Pages can no longer send the header {} to {} from a browser",
         "브라우저에서 더는 {} 헤더를 붙여 {} 쓸 수 없습니다"),
    ):  # fmt: skip
        if lost := ", ".join(sorted(_allowed(old, what) - _allowed(new, what))):
            sentence = Sentence(
                english.format(lost, name.english),
                korean.format(lost, with_particle(name.korean, "을/를")),
            )
            yield _finding(where, Rank.NOTICE, sentence, f"CORS: −{lost}")
    if difference.kind == _INVOKE and _failures(old) and not _failures(new):
        yield _failures_lost(where, base, old)


def gone(base: Account, head: Account) -> Iterator[Finding]:
    """Of resources that are taken out of stacks that stay."""
    routes = {str(route.get("RouteKey")) for _, route in head.of(_ROUTE)}
    configured = {
        function
        for (stack, _), config in head.of(_INVOKE)
        for function in head.referred(stack, config.get("FunctionName"))
    }
    for stack, template in base.stacks.items():
        after = head.stacks.get(stack, {}).get("Resources", {})
        for logical_id, resource in template.get("Resources", {}).items():
            if stack not in head.stacks or logical_id in after:
                continue
            where, old, kind = (stack, logical_id), resource.get("Properties", {}), resource["Type"]
            if kind == _ROUTE and (key := str(old.get("RouteKey"))) not in routes:
                sentence = Sentence(
                    f"{key} is not answered any more: apps and pages that call it fail",
                    f"{key} 요청에 더는 답하지 않습니다. 이를 부르는 앱과 페이지는 실패합니다",
                )
                yield _finding(where, Rank.DANGER, sentence, f"RouteKey: −{key}")
            elif kind == _STAGE and not [*head.of(_STAGE)]:
                sentence = Sentence(
                    "The API answers nobody any more: no stage of it is left",
                    "API가 아무에게도 답하지 않습니다. 남아 있는 스테이지가 없습니다",
                )
                yield _finding(where, Rank.DANGER, sentence, f"{logical_id}: deleted")
            elif kind == _INVOKE and _failures(old):
                functions = {*base.referred(stack, old.get("FunctionName"))}
                stay = {one for one in functions if one[1] in _resources(head, one[0])}
                if stay - configured:
                    yield _failures_lost(where, base, old)


def failures_lost_of_rule(
    where: Address, old: dict[str, Any], new: dict[str, Any]
) -> Iterator[Finding]:
    """A rule that had a queue for what it cannot hand over, and has none."""
    if "DeadLetterConfig" in json.dumps(old.get("Targets")) and (
        "DeadLetterConfig" not in json.dumps(new.get("Targets"))
    ):
        sentence = Sentence(
            "Events that cannot be handed over are lost: no queue keeps them any more",
            "전달하지 못한 이벤트가 사라집니다. 따로 모아 두는 큐가 없어집니다",
        )
        yield _finding(where, Rank.DANGER, sentence, "DeadLetterConfig: removed", Gate.DATA_LOSS)


def _told_otherwise(
    difference: ResourceDifference,
    old: dict[str, Any],
    new: dict[str, Any],
    base: Account,
    head: Account,
) -> Iterator[Finding]:
    """A variable that named one resource and names another, though the first is still there."""
    before, after = _variables(old), _variables(new)
    who = named(difference.old or {}, difference.logical_id)
    where = (difference.stack, difference.logical_id)
    for variable, value in sorted(before.items()):
        one = {*base.referred(difference.stack, value)}
        other = {*head.referred(difference.stack, after.get(variable))}
        still = {place for place in one - other if place[1] in _resources(head, place[0])}
        come = {place for place in other - one if place[1] in _resources(base, place[0])}
        if still and come:
            left, taken = name_of(base, min(still)), name_of(head, min(come))
            sentence = Sentence(
                f"{who.english} uses {taken.english} where it used {left.english}",
                f"{with_particle(who.korean, '이/가')} {left.korean} 대신 "
                f"{with_particle(taken.korean, '을/를')} 씁니다",
            )
            yield _finding(where, Rank.DANGER, sentence, f"{variable} names another resource")
        elif still and not other:
            left = name_of(base, min(still))
            sentence = Sentence(
                f"{who.english} is no longer told {left.english} ({variable})",
                f"{who.korean}에 {with_particle(left.korean, '을/를')} 더는 알려 주지 "
                f"않습니다({variable})",
            )
            rank = Rank.DANGER if variable in after else Rank.NOTICE
            yield _finding(where, rank, sentence, f"{variable}: {after.get(variable, 'removed')}")


def _variables(properties: dict[str, Any]) -> dict[str, Any]:
    """Of a function, or of the containers of a task."""
    environment = properties.get("Environment")
    found = dict(environment.get("Variables", {})) if isinstance(environment, dict) else {}
    for container in properties.get("ContainerDefinitions", []):
        for one in container.get("Environment", []):
            found[str(one.get("Name"))] = one.get("Value")
    return found


def _allowed(properties: dict[str, Any], what: str) -> set[str]:
    """`Origins`, `Methods` or `Headers` of a bucket's or an API's CORS."""
    cors = properties.get("CorsConfiguration") or {}
    rules = [cors, *cors.get("CorsRules", [])]
    keys = (f"Allow{what}", f"Allowed{what}")
    return {str(one) for rule in rules for key in keys for one in rule.get(key, [])}


def _failures(properties: dict[str, Any]) -> bool:
    return bool(properties.get("DestinationConfig", {}).get("OnFailure"))


def _failures_lost(where: Address, base: Account, old: dict[str, Any]) -> Finding:
    functions = [name_of(base, one) for one in base.referred(where[0], old.get("FunctionName"))]
    name = functions[0] if functions else Sentence("a function", "함수")
    sentence = Sentence(
        f"What {name.english} fails at is lost: no queue keeps it any more",
        f"{with_particle(name.korean, '이/가')} 처리하지 못한 것이 사라집니다. 따로 모아 두는 "
        "큐가 없어집니다",
    )
    return _finding(where, Rank.DANGER, sentence, "OnFailure: removed", Gate.DATA_LOSS)


def _resources(account: Account, stack: str) -> dict[str, Any]:
    found: dict[str, Any] = account.stacks.get(stack, {}).get("Resources", {})
    return found


def _json(properties: dict[str, Any], key: str) -> str:
    return json.dumps(properties.get(key))


def _finding(
    where: Address, rank: Rank, sentence: Sentence, evidence: str, gate: Gate | None = None
) -> Finding:
    return Finding(Topic.DATA, rank, address(*where), sentence, evidence, gate)
