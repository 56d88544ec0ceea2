"""Who is still told: functions of queues and topics, people of alarms, the brake of limits."""

import json
from collections.abc import Iterator
from typing import Any

from cufit_ops.review.change import Change, Side
from cufit_ops.review.findings import Finding, Gate, Rank, Sentence, Topic
from cufit_ops.review.names import address, listed, name_of, with_particle
from cufit_ops.template_graph import Account, Address

_MAPPING = "AWS::Lambda::EventSourceMapping"
_SUBSCRIPTION = "AWS::SNS::Subscription"
_PERMISSION = "AWS::Lambda::Permission"
_ALARM = "AWS::CloudWatch::Alarm"
_BUDGET = "AWS::Budgets::Budget"

_CALLING = {
    "events.amazonaws.com": "AWS::Events::Rule",
    "sns.amazonaws.com": _SUBSCRIPTION,
    "apigateway.amazonaws.com": "AWS::ApiGatewayV2::Integration",
}
"""Who calls a function → the resources by which they do."""

Links = dict[Address, set[Address]]
"""What tells → the functions that are told."""


def findings(change: Change) -> Iterator[Finding]:
    if change.base is None or change.head is None:
        return
    base, head = change.base.account, change.head.account
    yield from _queues(base, head)
    yield from _topics(base, head)
    yield from _permissions(base, head)
    yield from _brake(base, head)
    yield from _mails(change.base, change.head)


def _queues(base: Account, head: Account) -> Iterator[Finding]:
    before, after = _handled(base), _handled(head)
    for queue, functions in before.items():
        if not head.resource(queue):
            continue
        name = name_of(head, queue)
        now = after.get(queue, set())
        by = listed([name_of(base, one) for one in sorted(functions)])
        if not now:
            yield _finding(
                queue, f"{_MAPPING}: none left or disabled",
                f"{by.english} no longer gets the messages in {name.english}, and nobody else "
                "does: they wait, and are deleted when their time is over",
                f"{with_particle(by.korean, '이/가')} {name.korean}의 메시지를 더는 받지 "
                "않고, 받는 곳이 없습니다. 메시지는 기다리다가 보관 기간이 지나면 삭제됩니다",
                gate=Gate.DATA_LOSS,
            )  # fmt: skip
        elif all(head.resource(one) for one in functions) and functions - now:
            other = listed([name_of(head, one) for one in sorted(now)])
            yield _finding(
                queue, f"{_MAPPING}: another function",
                f"Messages in {name.english} go to {other.english} instead of {by.english}",
                f"{name.korean}의 메시지를 {by.korean} 대신 {other.korean}에서 받습니다",
            )  # fmt: skip
    filters = _filters(base)
    for queue, kept in _filters(head).items():
        if kept and queue in before and kept != filters.get(queue):
            name = name_of(head, queue)
            yield _finding(
                queue, f"FilterCriteria: {filters.get(queue) or 'none'} → {kept}",
                f"Messages in {name.english} that a filter does not let through are deleted "
                "without being handled",
                f"{name.korean}의 메시지 가운데 필터를 통과하지 못한 것은 처리되지 않고 삭제됩니다",
                gate=Gate.DATA_LOSS,
            )  # fmt: skip


def _handled(account: Account) -> Links:
    found: Links = {}
    for (stack, _), mapping in account.of(_MAPPING):
        if mapping.get("Enabled", True) in (True, "true"):
            functions = account.referred(stack, mapping.get("FunctionName"))
            for queue in account.referred(stack, mapping.get("EventSourceArn")):
                found.setdefault(queue, set()).update(functions)
    return found


def _filters(account: Account) -> dict[Address, str]:
    """Lambda deletes messages of SQS that match no filter (Lambda developer guide, Using event
    filtering with an Amazon SQS event source, 2026-11)."""
    return {
        queue: json.dumps(mapping["FilterCriteria"])
        for (stack, _), mapping in account.of(_MAPPING)
        if mapping.get("FilterCriteria", {}).get("Filters")
        for queue in account.referred(stack, mapping.get("EventSourceArn"))
    }


def _topics(base: Account, head: Account) -> Iterator[Finding]:
    after = _subscribed(head)
    told = {function for functions in after.values() for function in functions}
    for topic, functions in _subscribed(base).items():
        for function in sorted(functions - after.get(topic, set())):
            if not head.resource(function) or (not head.resource(topic) and function in told):
                continue
            name, of = name_of(head, function), name_of(base, topic)
            yield _finding(
                function, f"{_SUBSCRIPTION} of {'/'.join(topic)}: none left",
                f"{name.english} is no longer told what {of.english} says",
                f"{of.korean}의 알림이 {name.korean}에 더는 전달되지 않습니다",
            )  # fmt: skip


def _subscribed(account: Account) -> Links:
    found: Links = {}
    for (stack, _), subscription in account.of(_SUBSCRIPTION):
        functions = account.referred(stack, subscription.get("Endpoint"))
        for topic in account.referred(stack, subscription.get("TopicArn")):
            found.setdefault(topic, set()).update(functions)
    return {topic: functions for topic, functions in found.items() if functions}


def _permissions(base: Account, head: Account) -> Iterator[Finding]:
    """A function that rules, topics or the API still call and that refuses them."""
    after = _callers(head)
    for function, principals in _callers(base).items():
        lost = principals - after.get(function, set())
        if not lost or not head.resource(function):
            continue
        for principal in sorted(lost):
            if _calls(head, _CALLING.get(principal, ""), function):
                name = name_of(head, function)
                yield _finding(
                    function, f"{_PERMISSION} for {principal}: none left",
                    f"{name.english} refuses what still calls it: {principal} has no permission "
                    "to call it any more",
                    f"{name.korean} 함수가 호출을 거절합니다. {principal}에 호출 "
                    "권한이 더는 없습니다",
                )  # fmt: skip


def _callers(account: Account) -> dict[Address, set[str]]:
    found: dict[Address, set[str]] = {}
    for (stack, _), permission in account.of(_PERMISSION):
        for function in account.referred(stack, permission.get("FunctionName")):
            found.setdefault(function, set()).add(str(permission.get("Principal")))
    return found


def _calls(account: Account, kind: str, function: Address) -> bool:
    return any(function in account.referred(stack, one) for (stack, _), one in account.of(kind))


def _brake(base: Account, head: Account) -> Iterator[Finding]:
    """Alarms and budgets that put the brake on, by the topic that they tell."""
    for kind, english, korean in (
        (_ALARM, "what AI cost in 24 hours", "24시간 동안 쓴 AI 비용"),
        (_BUDGET, "what AI cost in a month", "한 달 동안 쓴 AI 비용"),
    ):
        brakes = _brakes(base)
        before = _put_on(base, kind, brakes)
        after = _put_on(head, kind, brakes | _brakes(head))
        if before and not after and before[0][0] in head.stacks:
            yield _finding(
                before[0], f"{kind}: none tells the brake",
                f"Nothing puts the brake on any more because of {english}: AI goes on costing "
                "money above the limit",
                f"{korean}이 한도를 넘어도 브레이크가 더는 걸리지 않아 AI 비용이 계속 나갑니다",
            )  # fmt: skip


def _brakes(account: Account) -> set[Address]:
    return {
        topic
        for topic, functions in _subscribed(account).items()
        if any(name_of(account, one).english == "cost_brake" for one in functions)
    }


def _put_on(account: Account, kind: str, brakes: set[Address]) -> list[Address]:
    told = {
        where: one.get("AlarmActions")
        if kind == _ALARM
        else one.get("NotificationsWithSubscribers")
        for where, one in account.of(kind)
        if one.get("ActionsEnabled", True)
    }
    return [
        where
        for where, actions in told.items()
        if not brakes.isdisjoint(account.referred(where[0], actions))
    ]


def _mails(base: Side, head: Side) -> Iterator[Finding]:
    """Another address is told as a key of the configuration, where that lies beside."""
    before, after = _addresses(base.account), _addresses(head.account)
    if _mail(base) != _mail(head):
        return
    for mail in sorted(before | after):
        had, now = before.get(mail, set()), after.get(mail, set())
        if lost := {one for one in had - now if head.account.resource(one)}:
            topics = listed([name_of(base.account, one) for one in sorted(lost)])
            yield _finding(
                min(lost), f"{_SUBSCRIPTION}: −{mail}",
                f"{mail} hears nothing of {topics.english} any more",
                f"{topics.korean}의 알림을 {mail}에 더는 보내지 않습니다",
                rank=Rank.NOTICE,
            )  # fmt: skip
        if new := now - had:
            topics = listed([name_of(head.account, one) for one in sorted(new)])
            yield _finding(
                min(new), f"{_SUBSCRIPTION}: +{mail}",
                f"{mail} hears nothing of {topics.english} until the link in the mail that AWS "
                "sends is confirmed",
                f"{mail}에서 AWS가 보내는 확인 메일의 링크를 눌러야 {topics.korean}의 "
                "알림이 옵니다",
                rank=Rank.NOTICE,
            )  # fmt: skip


def _addresses(account: Account) -> dict[str, set[Address]]:
    found: dict[str, set[Address]] = {}
    for (stack, _), subscription in account.of(_SUBSCRIPTION):
        if subscription.get("Protocol") == "email":
            topics = account.referred(stack, subscription.get("TopicArn"))
            found.setdefault(str(subscription.get("Endpoint")), set()).update(topics)
    return found


def _mail(side: Side) -> Any:
    return ((side.configuration or {}).get("alarms") or {}).get("email")


def _finding(
    where: Address,
    evidence: str,
    english: str,
    korean: str,
    *,
    rank: Rank = Rank.DANGER,
    gate: Gate | None = None,
) -> Finding:
    return Finding(Topic.DATA, rank, address(*where), Sentence(english, korean), evidence, gate)
