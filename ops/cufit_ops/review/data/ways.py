"""Ways that data goes and addresses that people know: what nobody is told or finds any more."""

import json
from collections.abc import Iterator
from typing import Any

from cufit_ops.review.change import ResourceDifference
from cufit_ops.review.data.alike import alike
from cufit_ops.review.data.wiring import failures_lost_of_rule
from cufit_ops.review.findings import Finding, Rank, Sentence, Topic
from cufit_ops.review.names import address, name_of, named, with_particle
from cufit_ops.review.replacement import replaced
from cufit_ops.template_graph import Account, Address

_API = ("AWS::ApiGatewayV2::Api", "AWS::ApiGateway::RestApi")
_RULE = "AWS::Events::Rule"
_AUTHORIZER = "AWS::ApiGatewayV2::Authorizer"
_STAGE = "AWS::ApiGatewayV2::Stage"
_FUNCTION = "AWS::Lambda::Function"
_TOPIC = "AWS::SNS::Topic"

_ANOTHER_ADDRESS = Sentence(
    "The API gets another address: every app and page that calls the old one fails until it knows "
    "the new one",
    "API 주소가 바뀝니다. 예전 주소를 부르는 앱과 페이지는 새 주소를 알 때까지 모두 실패합니다",
)


def changed(difference: ResourceDifference, base: Account, head: Account) -> Iterator[Finding]:
    """A way that is closed while the resource stays, or people who become others."""
    old = (difference.old or {}).get("Properties", {})
    new = (difference.new or {}).get("Properties", {})
    where = (difference.stack, difference.logical_id)
    if difference.kind == _RULE:
        yield from _rule(where, old, new, base, head)
    elif difference.kind == "AWS::S3::Bucket" and _tells(old) and not _tells(new):
        yield _finding(
            where, "EventBridgeConfiguration: true → none",
            "Uploaded photos are never checked: the bucket tells nobody of them, so they stay "
            "PENDING and are deleted after a day",
            "올린 사진을 아무도 확인하지 않습니다. 버킷이 알려 주지 않아 PENDING에 머물다가 "
            "하루 뒤 "
            "삭제됩니다",
        )  # fmt: skip
    elif difference.kind == _AUTHORIZER:
        yield from _authorizer(where, old, new)
    elif difference.kind in _API:
        yield from _api(where, old, new)
    elif difference.kind == _STAGE:
        yield from _stage(where, old, new)


def _rule(
    where: Address,
    old: dict[str, Any],
    new: dict[str, Any],
    base: Account,
    head: Account,
) -> Iterator[Finding]:
    if old.get("State") != "DISABLED" and new.get("State") == "DISABLED":
        yield _unheard(base, where, old, "State: ENABLED → DISABLED")
    elif _calls_no_more(base, head, where, old):
        yield _unheard(base, where, old, "Targets: others")
    elif not _same(where[0], old, new, base, head):
        yield _hears_otherwise(where, old, new)
    yield from failures_lost_of_rule(where, old, new)


def _authorizer(where: Address, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Finding]:
    before, after = (side.get("JwtConfiguration", {}).get("Issuer") for side in (old, new))
    if before and after and before != after:
        yield _finding(
            where, f"Issuer: {before} → {after}",
            f"Everybody has to sign in at {after} and is somebody new there: members of "
            f"{before} no longer see their profile, photos and matches",
            f"모두 {after}에서 새로 로그인해야 하고 다른 사람으로 취급됩니다. {before}의 "
            "회원은 자기 "
            "프로필, 사진, 주선 내역을 볼 수 없습니다",
        )  # fmt: skip
    apps, still = (side.get("JwtConfiguration", {}).get("Audience", []) for side in (old, new))
    if left := ", ".join(str(app) for app in apps if app not in still):
        yield _finding(
            where, f"Audience: −{left}",
            f"People who signed in to {left} are turned away by the API",
            f"{left}에서 로그인한 사람은 더는 API에 들어오지 못합니다",
            rank=Rank.NOTICE,
        )  # fmt: skip


def _api(where: Address, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Finding]:
    if new.get("DisableExecuteApiEndpoint") and not old.get("DisableExecuteApiEndpoint"):
        yield _finding(
            where, "DisableExecuteApiEndpoint: true",
            "The API no longer answers at the address that AWS gave it: every app and page "
            "that calls it there fails",
            "AWS가 준 주소에서 API가 더는 답하지 않습니다. 그 주소를 부르는 앱과 페이지는 "
            "모두 실패합니다",
        )  # fmt: skip


def _stage(where: Address, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Finding]:
    before, after = (str(side.get("StageName")) for side in (old, new))
    if before != after:
        yield _finding(
            where,
            f"StageName: {before} → {after}",
            _ANOTHER_ADDRESS.english,
            _ANOTHER_ADDRESS.korean,
        )
    if old.get("AutoDeploy") and not new.get("AutoDeploy"):
        yield _finding(
            where, "AutoDeploy: true → false",
            "Changes of the API's paths take no effect any more until somebody deploys them",
            "API 경로를 바꿔도 누가 직접 배포하기 전에는 적용되지 않습니다",
            rank=Rank.NOTICE,
        )  # fmt: skip


def gone(base: Account, head: Account) -> Iterator[Finding]:
    """Rules that call nobody any more, and addresses that end."""
    for stack, template in base.stacks.items():
        if stack not in head.stacks:
            continue  # stays deployed as it is
        anew = replaced(template, head.stacks[stack])
        after = head.stacks[stack].get("Resources", {})
        for logical_id, resource in template.get("Resources", {}).items():
            if resource["Type"] in _API and (logical_id not in after or logical_id in anew):
                yield _finding(
                    (stack, logical_id), f"{resource['Type']} {logical_id}: made anew",
                    _ANOTHER_ADDRESS.english, _ANOTHER_ADDRESS.korean,
                )  # fmt: skip
    for where, resource in base.taken_out(head):
        old = resource.get("Properties", {})
        if resource["Type"] == _RULE and not _heard(base, head, where, old):
            yield _unheard(base, where, old, f"{where[1]}: deleted")


def _heard(base: Account, head: Account, where: Address, old: dict[str, Any]) -> bool:
    """Whether a rule of `head` hears the same, or calls what this one called."""
    called = {*_called(base, where[0], old)}
    still = {one for one in called if head.resource(one)}
    if called and not still:
        return True  # what it called is gone with it
    # A topic says what each rule hears; a function that is called does its work.
    functions = {one for one in still if head.resource(one)["Type"] == _FUNCTION}
    return any(
        _same(stack, old, rule, base, head) or functions.intersection(_called(head, stack, rule))
        for (stack, _), rule in head.of(_RULE)
    )


def _calls_no_more(base: Account, head: Account, where: Address, old: dict[str, Any]) -> bool:
    """A function that the rule called is still there, and no rule calls it."""
    called = _called(base, where[0], old)
    now = {one for (stack, _), rule in head.of(_RULE) for one in _called(head, stack, rule)}
    return any(head.resource(one) and one not in now for one in called)


def _called(account: Account, stack: str, rule: dict[str, Any]) -> list[Address]:
    return [*account.referred(stack, [target.get("Arn") for target in rule.get("Targets", [])])]


def _hears_otherwise(where: Address, old: dict[str, Any], new: dict[str, Any]) -> Finding:
    said = str(old.get("Description") or where[1])
    evidence = " → ".join(
        json.dumps(rule.get("EventPattern") or rule.get("ScheduleExpression"))
        for rule in (old, new)
    )
    sentence = Sentence(
        f"The rule “{said}” hears other events than before",
        f"규칙 “{said}”이(가) 전과 다른 이벤트에 반응합니다",
    )
    return Finding(Topic.DATA, Rank.NOTICE, address(*where), sentence, evidence)


def _same(
    stack: str, old: dict[str, Any], new: dict[str, Any], base: Account, head: Account
) -> bool:
    return all(
        alike(stack, old.get(key), new.get(key), base, head)
        for key in ("EventPattern", "ScheduleExpression")
    )


def _tells(properties: dict[str, Any]) -> bool:
    setting = properties.get("NotificationConfiguration", {}).get("EventBridgeConfiguration", {})
    return bool(setting.get("EventBridgeEnabled", bool(setting)))


def _unheard(account: Account, where: Address, rule: dict[str, Any], evidence: str) -> Finding:
    targets = _called(account, where[0], rule)
    called = [name_of(account, one) for one in targets]
    what = called[0] if called else Sentence("what it calls", "호출 대상")
    on = named({"Type": _RULE}, where[1])
    said = str(rule.get("Description") or on.english)
    if targets and all(account.resource(one).get("Type") == _TOPIC for one in targets):
        return _finding(
            where, evidence,
            f"Nobody is told any more of this: “{said}”",
            f"이제 이 일을 아무에게도 알리지 않습니다: “{said}”",
            rank=Rank.NOTICE,
        )  # fmt: skip
    return _finding(
        where, evidence,
        f"{what.english} is no longer called by the rule “{said}”",
        f"규칙 “{said}”이(가) {with_particle(what.korean, '을/를')} 더는 부르지 않습니다",
    )  # fmt: skip


def _finding(
    where: Address, evidence: str, english: str, korean: str, *, rank: Rank = Rank.DANGER
) -> Finding:
    return Finding(Topic.DATA, rank, address(*where), Sentence(english, korean), evidence)
