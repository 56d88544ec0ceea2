"""What is wired otherwise: which table a function is told, where failures go, who may call."""

import json
from collections.abc import Iterator
from typing import Any

from cufit_ops.review.change import ResourceDifference
from cufit_ops.review.configuration.variables import variables
from cufit_ops.review.data.alike import alike
from cufit_ops.review.findings import Finding, Gate, Rank, Sentence, Topic
from cufit_ops.review.names import address, name_of, named, with_particle
from cufit_ops.template_graph import Account, Address

_INVOKE = "AWS::Lambda::EventInvokeConfig"
_ROUTE = "AWS::ApiGatewayV2::Route"
_STAGE = "AWS::ApiGatewayV2::Stage"
_INTEGRATION = "AWS::ApiGatewayV2::Integration"
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
    if difference.kind == _INVOKE and (less := _less(old, new, "MaximumRetryAttempts", 2)):
        sentence = Sentence(
            f"What a function fails at is tried again {less[1]} times instead of {less[0]}",
            f"함수가 실패한 일을 다시 시도하는 횟수가 {less[0]}번에서 {less[1]}번으로 줄어듭니다",
        )
        yield _finding(where, Rank.NOTICE, sentence, f"MaximumRetryAttempts: {less[1]}")
    if difference.kind == _INTEGRATION and (less := _less(old, new, "TimeoutInMillis", 30_000)):
        sentence = Sentence(
            f"The API waits {less[1]} ms for an answer instead of {less[0]}; slower requests fail",
            f"API가 응답을 기다리는 시간이 {less[0]}ms에서 {less[1]}ms로 줄어듭니다. 더 오래 "
            "걸리는 요청은 실패합니다",
        )
        yield _finding(where, Rank.NOTICE, sentence, f"TimeoutInMillis: {less[1]}")
    if difference.kind == _ROUTE:
        yield from _route(where, old, new, base, head)


def _less(
    old: dict[str, Any], new: dict[str, Any], key: str, default: int
) -> tuple[int, int] | None:
    was, now = (side.get(key, default) for side in (old, new))
    return (was, now) if isinstance(was, int) and isinstance(now, int) and now < was else None


def _route(
    where: Address, old: dict[str, Any], new: dict[str, Any], base: Account, head: Account
) -> Iterator[Finding]:
    key = str(old.get("RouteKey"))
    if key not in {str(route.get("RouteKey")) for _, route in head.of(_ROUTE)}:
        yield _unanswered(where, key)
    elif new.get("RouteKey") == key and not alike(
        where[0], old.get("Target"), new.get("Target"), base, head
    ):
        sentence = Sentence(
            f"{key} is answered by another part of the system",
            f"{key} 요청에 답하는 곳이 바뀝니다",
        )
        evidence = f"Target: {_json(old, 'Target')} → {_json(new, 'Target')}"
        yield _finding(where, Rank.NOTICE, sentence, evidence)


def _unanswered(where: Address, key: str) -> Finding:
    sentence = Sentence(
        f"{key} is not answered any more: apps and pages that call it fail",
        f"{key} 요청에 더는 답하지 않습니다. 이를 부르는 앱과 페이지는 실패합니다",
    )
    return _finding(where, Rank.DANGER, sentence, f"RouteKey: −{key}")


def gone(base: Account, head: Account) -> Iterator[Finding]:
    """Of resources that are taken out of stacks that stay."""
    routes = {str(route.get("RouteKey")) for _, route in head.of(_ROUTE)}
    configured = {
        function
        for (stack, _), config in head.of(_INVOKE)
        for function in head.referred(stack, config.get("FunctionName"))
    }
    for where, resource in base.taken_out(head):
        old, kind = resource.get("Properties", {}), resource["Type"]
        if kind == _ROUTE and (key := str(old.get("RouteKey"))) not in routes:
            yield _unanswered(where, key)
        elif kind == _STAGE and not [*head.of(_STAGE)]:
            sentence = Sentence(
                "The API answers nobody any more: no stage of it is left",
                "API가 아무에게도 답하지 않습니다. 남아 있는 스테이지가 없습니다",
            )
            yield _finding(where, Rank.DANGER, sentence, f"{where[1]}: deleted")
        elif kind == _INVOKE and _failures(old):
            functions = {*base.referred(where[0], old.get("FunctionName"))}
            stay = {one for one in functions if head.resource(one)}
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
    before, after = variables(old), variables(new)
    who = named(difference.old or {}, difference.logical_id)
    where = (difference.stack, difference.logical_id)
    for variable, value in sorted(before.items()):
        one = {*base.referred(difference.stack, value)}
        other = {*head.referred(difference.stack, after.get(variable))}
        still = {place for place in one - other if head.resource(place)}
        come = {place for place in other - one if base.resource(place)}
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
            # A program may no longer need a table; the brake holds what it costs.
            lost = variable in after or left.english == "the brake"
            rank = Rank.DANGER if lost else Rank.NOTICE
            yield _finding(where, rank, sentence, f"{variable}: {after.get(variable, 'removed')}")


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


def _json(properties: dict[str, Any], key: str) -> str:
    return json.dumps(properties.get(key))


def _finding(
    where: Address, rank: Rank, sentence: Sentence, evidence: str, gate: Gate | None = None
) -> Finding:
    return Finding(Topic.DATA, rank, address(*where), sentence, evidence, gate)
