"""Alarms look at their own dimensions, count their datapoints, and treat missing data as told.

MiniStack evaluates an alarm over every metric of its name, whatever the dimensions (a full queue
sets off the alarms of all other queues), over all periods at once, and only when data is put, so
`DatapointsToAlarm` and `TreatMissingData` have no effect and nothing returns to OK by itself.
Evaluated here per period as CloudWatch describes it, every second
(docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html).
Alarms on metric math (`Metrics`) are refused by its CloudFormation; accepted and evaluated here.

Two things differ from CloudWatch, so that every start of a laptop is quiet. From INSUFFICIENT_DATA
to OK, as every alarm goes when it is made, no actions run. And where missing data is breaching,
nothing but missing data is not, until the alarm has been watched for as long as it looks back: what
sends the data starts later, and a laptop sleeps.
"""

import time
from collections.abc import Callable
from typing import Any

from ministack.services import cloudwatch
from ministack.services.cloudformation import provisioners

from embedded_aws import background, metric_math

INTERVAL_SECONDS = 1.0

Alarm = dict[str, Any]
Period = tuple[float, float]
"""After, up to: seconds since the epoch."""

_started = time.time()
_seen_first: dict[str, float] = {}
"""When each alarm, by its ARN, was evaluated first."""

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}


def apply() -> None:
    metric_alarm_record = provisioners._cw_metric_alarm_record

    def record(name: str, properties: Alarm) -> Alarm:
        queries = properties.get("Metrics")
        if not queries:
            return dict(metric_alarm_record(name, properties))
        plain = {key: value for key, value in properties.items() if key != "Metrics"}
        made = metric_alarm_record(name, {**plain, "Namespace": "-", "MetricName": "-"})
        return {**made, "Namespace": "", "MetricName": "", "Metrics": queries}

    provisioners._cw_metric_alarm_record = record
    cloudwatch._evaluate_alarm = evaluate
    background.every(INTERVAL_SECONDS, cloudwatch._evaluate_all_alarms)


def evaluate(alarm: Alarm) -> None:
    """Move `alarm` to the state its datapoints ask for, and run the actions of that state."""
    if alarm["ComparisonOperator"] not in _COMPARISONS:
        return
    now = time.time()
    verdicts = _verdicts(alarm, now)
    if _is_too_early(alarm, verdicts, now):
        return
    new_state = _state(alarm, verdicts)
    old_state = alarm["StateValue"]
    if new_state is None or new_state == old_state:
        return
    breaching = sum(verdict is True for verdict in verdicts)
    alarm["StateValue"] = new_state
    alarm["StateReason"] = reason = (
        f"Threshold Crossed: {breaching} of {len(verdicts)} datapoints were "
        f"{alarm['ComparisonOperator']} {alarm['Threshold']}"
    )
    alarm["StateUpdatedTimestamp"] = int(time.time())
    cloudwatch._record_history(alarm["AlarmName"], old_state, new_state, reason)
    if (old_state, new_state) != ("INSUFFICIENT_DATA", "OK"):
        cloudwatch._dispatch_alarm_actions(alarm, old_state, new_state, reason)
    cloudwatch._evaluate_parent_alarms(alarm)


def _is_too_early(alarm: Alarm, verdicts: list[bool | None], now: float) -> bool:
    """Whether all data is missing because nobody has been there long enough to send any."""
    watched_since = max(_started, _seen_first.setdefault(alarm["AlarmArn"], now))
    silent = all(verdict is None for verdict in verdicts)
    breaching = alarm.get("TreatMissingData") == "breaching"
    return silent and breaching and now - watched_since < len(verdicts) * _period_seconds(alarm)


def _verdicts(alarm: Alarm, now: float) -> list[bool | None]:
    """Whether each of the evaluated periods breaches, newest first; None for missing data."""
    compare = _COMPARISONS[alarm["ComparisonOperator"]]
    seconds = _period_seconds(alarm)
    verdicts: list[bool | None] = []
    for index in range(int(alarm.get("EvaluationPeriods") or 1)):
        end = now - index * seconds
        value = _value(alarm, (end - seconds, end))
        verdicts.append(None if value is None else compare(value, float(alarm["Threshold"])))
    return verdicts


def _period_seconds(alarm: Alarm) -> int:
    queries = alarm.get("Metrics")
    if not queries:
        return int(alarm.get("Period") or 60)
    return max(int(query["MetricStat"]["Period"]) for query in queries if "MetricStat" in query)


def _value(alarm: Alarm, period: Period) -> float | None:
    queries = alarm.get("Metrics")
    if not queries:
        statistic = alarm.get("ExtendedStatistic") or alarm.get("Statistic") or "Average"
        return _statistic(alarm, statistic, period)
    metrics = {
        query["Id"]: _statistic(query["MetricStat"]["Metric"], query["MetricStat"]["Stat"], period)
        for query in queries
        if "MetricStat" in query
    }
    (watched,) = (query for query in queries if query.get("ReturnData", True))
    if "Expression" not in watched:
        return metrics[watched["Id"]]
    return metric_math.evaluate(watched["Expression"], metrics)


def _statistic(metric: dict[str, Any], statistic: str, period: Period) -> float | None:
    after, up_to = period
    wanted = cloudwatch._dims_key(cloudwatch._dims_from_list(metric.get("Dimensions") or []))
    points = cloudwatch._metrics.get((metric["Namespace"], metric["MetricName"], wanted)) or []
    inside = [point for point in points if after < point["Timestamp"] <= up_to]
    if not inside:
        return None
    value: float | None = cloudwatch._stat_value(cloudwatch._calc_stats(inside), statistic, inside)
    return value


def _state(alarm: Alarm, verdicts: list[bool | None]) -> str | None:
    """The state the verdicts ask for; None to stay."""
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
