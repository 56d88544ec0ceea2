"""Alarms look at their own dimensions, count their datapoints, and treat missing data as told.

MiniStack evaluates an alarm over every metric of its name, whatever the dimensions (a full queue
sets off the alarms of all other queues), over all periods at once, and only when data is put, so
`DatapointsToAlarm` and `TreatMissingData` have no effect and nothing returns to OK by itself.
Evaluated here per period as CloudWatch describes it, every few seconds
(docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html).
"""

import time
from collections.abc import Callable
from typing import Any

from ministack.services import cloudwatch

from embedded_aws import background

INTERVAL_SECONDS = 5.0

Alarm = dict[str, Any]

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}


def apply() -> None:
    cloudwatch._evaluate_alarm = evaluate
    background.every(INTERVAL_SECONDS, cloudwatch._evaluate_all_alarms)


def evaluate(alarm: Alarm) -> None:
    """Move `alarm` to the state its datapoints ask for, and run the actions of that state."""
    if not alarm.get("MetricName") or alarm["ComparisonOperator"] not in _COMPARISONS:
        return
    verdicts = _verdicts(alarm, time.time())
    new_state = _state(alarm, verdicts)
    if new_state is not None and new_state != alarm["StateValue"]:
        breaching = sum(verdict is True for verdict in verdicts)
        _transition(
            alarm,
            new_state,
            f"Threshold Crossed: {breaching} of {len(verdicts)} datapoints were "
            f"{alarm['ComparisonOperator']} {alarm['Threshold']}",
        )


def _verdicts(alarm: Alarm, now: float) -> list[bool | None]:
    """Whether each of the evaluated periods breaches, newest first; None for missing data."""
    period = int(alarm.get("Period") or 60)
    wanted = cloudwatch._dims_key(cloudwatch._dims_from_list(alarm.get("Dimensions") or []))
    key = (alarm["Namespace"], alarm["MetricName"], wanted)
    points = cloudwatch._metrics.get(key) or []
    compare = _COMPARISONS[alarm["ComparisonOperator"]]
    verdicts: list[bool | None] = []
    for index in range(int(alarm.get("EvaluationPeriods") or 1)):
        end = now - index * period
        values = [point for point in points if end - period < point["Timestamp"] <= end]
        value = _statistic(alarm, values)
        verdicts.append(None if value is None else compare(value, float(alarm["Threshold"])))
    return verdicts


def _statistic(alarm: Alarm, points: list[dict[str, Any]]) -> float | None:
    if not points:
        return None
    name = alarm.get("ExtendedStatistic") or alarm.get("Statistic") or "Average"
    value: float | None = cloudwatch._stat_value(cloudwatch._calc_stats(points), name, points)
    return value


def _state(alarm: Alarm, verdicts: list[bool | None]) -> str | None:
    """The state of the verdicts; None to stay."""
    treatment = alarm.get("TreatMissingData") or "missing"
    if all(verdict is None for verdict in verdicts):
        if treatment == "ignore":
            return None
        if treatment == "missing":
            return "INSUFFICIENT_DATA"
    filled = [
        treatment == "breaching" if verdict is None else verdict
        for verdict in verdicts
        if verdict is not None or treatment in ("breaching", "notBreaching")
    ]
    needed = int(alarm.get("DatapointsToAlarm") or len(verdicts))
    return "ALARM" if sum(filled) >= needed else "OK"


def _transition(alarm: Alarm, new_state: str, reason: str) -> None:
    old_state = alarm["StateValue"]
    alarm["StateValue"] = new_state
    alarm["StateReason"] = reason
    alarm["StateUpdatedTimestamp"] = int(time.time())
    cloudwatch._record_history(alarm["AlarmName"], old_state, new_state, reason)
    cloudwatch._dispatch_alarm_actions(alarm, old_state, new_state, reason)
    cloudwatch._evaluate_parent_alarms(alarm)
