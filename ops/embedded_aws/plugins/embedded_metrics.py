"""A log line in the embedded metric format becomes metrics, as in CloudWatch Logs.

MiniStack keeps such a line as text, so what functions report about themselves reaches no alarm.
As CloudWatch's user guide says (Specification: embedded metric format): each set of dimensions is a
metric of its own, and a value is a number or a list of them. A line that is none, or names what it
does not hold, is a line and nothing else. Unlike AWS, a datapoint has the time of its arrival, not
the line's `Timestamp`.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from ministack.services import cloudwatch, cloudwatch_logs


class Datapoint(NamedTuple):
    namespace: str
    metric: str
    value: float
    unit: str
    dimensions: dict[str, str]


def apply() -> None:
    append: Callable[..., None] = cloudwatch_logs._append_log_events

    def append_and_measure(stream: dict[str, Any], events: list[dict[str, Any]]) -> None:
        append(stream, events)
        for event in events:
            for datapoint in datapoints(event["message"]):
                cloudwatch.record_metric(*datapoint)

    cloudwatch_logs._append_log_events = append_and_measure


def datapoints(line: str) -> list[Datapoint]:
    """What `line` reports; nothing when it is not in the format."""
    if '"_aws"' not in line:
        return []
    try:
        return [*_datapoints(json.loads(line))]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []


def _datapoints(told: dict[str, Any]) -> Iterator[Datapoint]:
    for directive in told["_aws"]["CloudWatchMetrics"]:
        for names in directive["Dimensions"]:
            dimensions = {name: told[name] for name in names}
            for metric in directive["Metrics"]:
                values = told[metric["Name"]]
                for value in values if isinstance(values, list) else [values]:
                    yield Datapoint(
                        directive["Namespace"],
                        metric["Name"],
                        float(value),
                        metric.get("Unit", "None"),
                        dimensions,
                    )
