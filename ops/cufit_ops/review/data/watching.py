"""What people watch the system by: alarms, the dashboard, budgets and the API's access logs."""

import json
from collections.abc import Iterator
from typing import Any

from cufit_ops.review.change import ResourceDifference
from cufit_ops.review.data.alike import alike
from cufit_ops.review.findings import Finding, Rank, Sentence, Topic
from cufit_ops.review.names import address, stem
from cufit_ops.template_graph import Account, Address

_ALARM = "AWS::CloudWatch::Alarm"
_BUDGET = "AWS::Budgets::Budget"
_STAGE = "AWS::ApiGatewayV2::Stage"
_DASHBOARD = "AWS::CloudWatch::Dashboard"

_WATCHED = ("Namespace", "MetricName", "Dimensions", "Metrics")
_LIMIT = (
    "Threshold", "ComparisonOperator", "EvaluationPeriods", "DatapointsToAlarm", "Period",
    "Statistic", "ExtendedStatistic", "TreatMissingData",
)  # fmt: skip


def changed(difference: ResourceDifference, base: Account, head: Account) -> Iterator[Finding]:
    """Of a resource that stays."""
    old = (difference.old or {}).get("Properties", {})
    new = (difference.new or {}).get("Properties", {})
    where = (difference.stack, difference.logical_id)
    if difference.kind == _ALARM:
        yield from _alarm(where, old, new, base, head)
    elif difference.kind == _BUDGET:
        before, after = (side.get("Budget", {}).get("BudgetLimit") for side in (old, new))
        if before != after:
            limits = [f"{(one or {}).get('Amount', 'none')} USD" for one in (before, after)]
            yield _finding(
                where, f"BudgetLimit: {json.dumps(before)} → {json.dumps(after)}",
                f"The budget {stem(where[1])} warns at {limits[1]} a month instead of {limits[0]}",
                f"예산 {stem(where[1])}의 한도가 월 {limits[0]}에서 {limits[1]}(으)로 바뀝니다",
            )  # fmt: skip
        if old.get("NotificationsWithSubscribers") and not new.get("NotificationsWithSubscribers"):
            yield _unwarned(where, "NotificationsWithSubscribers: none left")
        elif (what := [_counted(side) for side in (old, new)]) and what[0] != what[1]:
            yield _finding(
                where, " → ".join(json.dumps(one) for one in what),
                f"The budget {stem(where[1])} counts other costs, or warns at another share of its "
                "limit",
                f"예산 {stem(where[1])}에서 세는 비용이나 알림을 보내는 기준이 바뀝니다",
            )  # fmt: skip
    elif difference.kind == "AWS::ECS::TaskDefinition" and _written(old) > _written(new):
        yield _finding(
            where, "LogConfiguration: removed",
            "What the service logs is no longer kept: nobody can look up what went wrong",
            "서비스의 로그를 더는 남기지 않습니다. 문제가 생겨도 원인을 찾아볼 수 없습니다",
        )  # fmt: skip
    elif _logs(difference.kind, old) and not _logs(difference.kind, new):
        yield _finding(
            where, "AccessLogSettings: removed",
            "Requests to the API are no longer logged: who called what cannot be looked up",
            "API 요청을 더는 기록하지 않습니다. 누가 무엇을 불렀는지 찾아볼 수 없습니다",
        )  # fmt: skip


def gone(base: Account, head: Account) -> Iterator[Finding]:
    """Of resources that are taken out of stacks that stay."""
    alarms: list[tuple[Address, dict[str, Any]]] = []
    for where, resource in base.taken_out(head):
        old, kind = resource.get("Properties", {}), resource["Type"]
        if kind == _ALARM and not any(
            _same(where[0], old, one, _WATCHED, base, head) for _, one in head.of(_ALARM)
        ):
            alarms.append((where, old))
        elif kind == _BUDGET and not [*head.of(_BUDGET)]:
            yield _unwarned(where, f"{where[1]}: deleted")
        elif kind == _DASHBOARD and not [*head.of(_DASHBOARD)]:
            yield _finding(
                where, f"{where[1]}: deleted",
                "The dashboard is taken away", "대시보드가 없어집니다",
            )  # fmt: skip
    if len(alarms) == 1:
        yield _untold(*alarms[0], f"{alarms[0][0][1]}: deleted")
    elif alarms:
        said = ", ".join(f"“{_about(where, alarm)}”" for where, alarm in alarms)
        yield _finding(
            alarms[0][0], "\n".join(f"{'/'.join(where)}: deleted" for where, _ in alarms),
            f"Nobody is told any more of {len(alarms)} things: {said}",
            f"이제 {len(alarms)}가지 일을 아무에게도 알리지 않습니다: {said}",
        )  # fmt: skip


def _counted(properties: dict[str, Any]) -> Any:
    budget = properties.get("Budget", {})
    notes = properties.get("NotificationsWithSubscribers") or []
    return [
        *(budget.get(key) for key in ("CostFilters", "CostTypes", "TimeUnit", "BudgetType")),
        [one.get("Notification") for one in notes],
    ]


def _written(task: dict[str, Any]) -> int:
    """Containers whose logs are kept."""
    return sum("LogConfiguration" in one for one in task.get("ContainerDefinitions", []))


def _logs(kind: str, properties: dict[str, Any]) -> bool:
    return kind == _STAGE and bool(properties.get("AccessLogSettings"))


def _alarm(
    where: Address, old: dict[str, Any], new: dict[str, Any], base: Account, head: Account
) -> Iterator[Finding]:
    before, after = _told(old), _told(new)
    said = _about(where, old)
    if before and not after:
        yield _untold(where, old, "AlarmActions: none, or ActionsEnabled: false")
    elif not alike(where[0], before, after, base, head):
        yield _finding(
            where, f"AlarmActions: {json.dumps(before)} → {json.dumps(after)}",
            f"Others are told of this: “{said}”", f"이 일을 다른 곳에 알립니다: “{said}”",
        )  # fmt: skip
    if not _same(where[0], old, new, _WATCHED, base, head):
        yield _finding(
            where, _differing(old, new, _WATCHED),
            f"The alarm of this watches another figure: “{said}”",
            f"이 알람이 보는 지표가 바뀝니다: “{said}”",
        )  # fmt: skip
    elif not _same(where[0], old, new, _LIMIT, base, head):
        yield _finding(
            where, _differing(old, new, _LIMIT),
            f"The alarm of this rings at other times than before: “{said}”",
            f"이 알람이 울리는 조건이 바뀝니다: “{said}”",
        )  # fmt: skip


def _about(where: Address, alarm: dict[str, Any]) -> str:
    """Its description, without where the runbook is."""
    said = str(alarm.get("AlarmDescription") or stem(where[1]))
    return said.partition(" Runbook:")[0]


def _told(alarm: dict[str, Any]) -> Any:
    return alarm.get("AlarmActions") if alarm.get("ActionsEnabled", True) else None


def _same(
    stack: str,
    old: dict[str, Any],
    new: dict[str, Any],
    keys: tuple[str, ...],
    base: Account,
    head: Account,
) -> bool:
    return all(alike(stack, old.get(key), new.get(key), base, head) for key in keys)


def _differing(old: dict[str, Any], new: dict[str, Any], keys: tuple[str, ...]) -> str:
    return "\n".join(
        f"{key}: {json.dumps(old.get(key))} → {json.dumps(new.get(key))}"
        for key in keys
        if old.get(key) != new.get(key)
    )


def _untold(where: Address, alarm: dict[str, Any], evidence: str) -> Finding:
    said = _about(where, alarm)
    return _finding(
        where, evidence,
        f"Nobody is told any more of this: “{said}”",
        f"이제 이 일을 아무에게도 알리지 않습니다: “{said}”",
    )  # fmt: skip


def _unwarned(where: Address, evidence: str) -> Finding:
    return _finding(
        where, evidence,
        f"The budget {stem(where[1])} warns nobody any more",
        f"예산 {stem(where[1])}이(가) 더는 아무에게도 알리지 않습니다",
    )  # fmt: skip


def _finding(where: Address, evidence: str, english: str, korean: str) -> Finding:
    sentence = Sentence(english, korean)
    return Finding(Topic.DATA, Rank.NOTICE, address(*where), sentence, evidence)
