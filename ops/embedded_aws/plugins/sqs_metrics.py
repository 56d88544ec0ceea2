"""The `AWS/SQS` metrics that alarms on queues need; MiniStack produces none.

ApproximateNumberOfMessagesVisible, …NotVisible, …Delayed and ApproximateAgeOfOldestMessage per
queue, one datapoint a minute as on AWS, refreshed within the minute so that alarms see it soon.
"""

import time
from typing import Any

from ministack.services import cloudwatch, sqs

from embedded_aws import background

INTERVAL_SECONDS = 1.0
_COUNTS = {
    "ApproximateNumberOfMessages": "ApproximateNumberOfMessagesVisible",
    "ApproximateNumberOfMessagesNotVisible": "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed": "ApproximateNumberOfMessagesDelayed",
}


def apply() -> None:
    background.every(INTERVAL_SECONDS, pump)


def pump() -> None:
    """Record every queue's metrics now."""
    now = time.time()
    for queue in sqs._queues.values():
        sqs._refresh_counts(queue)
        for attribute, metric in _COUNTS.items():
            _record(queue, metric, float(queue["attributes"][attribute]), "Count", now)
        sent = [message["sent_at"] for message in queue["messages"]]
        age = now - min(sent) if sent else 0.0
        _record(queue, "ApproximateAgeOfOldestMessage", age, "Seconds", now)


def _record(queue: dict[str, Any], metric: str, value: float, unit: str, now: float) -> None:
    dimensions = {"QueueName": queue["name"]}
    key = ("AWS/SQS", metric, cloudwatch._dims_key(dimensions))
    points = cloudwatch._metric_bucket(key)
    if points and int(points[-1]["Timestamp"] // 60) == int(now // 60):
        points.pop()
    points.append({"Timestamp": now, "Value": value, "Unit": unit, "Dimensions": dimensions})
