"""What a deployed environment used of its size in the last 14 days, by CloudWatch's metrics.

ECS reports a service's CPUUtilization and MemoryUtilization once a minute, in per cent of the
task's size (AWS/ECS, dimensions ClusterName and ServiceName), API Gateway its requests
(AWS/ApiGateway, Count, by ApiId). Three metrics are asked, $0.00003 (GetMetricData: $0.01 for a
thousand).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from cufit_ops.deployed_environment import AT_ONCE, Deployed, NotAwsError, NotDeployedError

DAYS = 14
PERIOD = 300
"""Seconds; 14 days are 4,032 of them. CloudWatch keeps minutes for 15 days."""


class NothingKnownError(Exception):
    """Nobody can say; the message is one sentence that says why."""


@dataclass(frozen=True)
class Share:
    """Per cent of the task's size: of the highest minute of each five, the most and the p95."""

    most: float
    p95: float


@dataclass(frozen=True)
class Used:
    processor: Share | None
    memory: Share | None
    requests_per_second: float | None
    """On the average of the five minutes that had most."""

    @property
    def words(self) -> str:
        parts = [
            f"{name} at most {share.most:.0f} %, p95 {share.p95:.0f} %"
            for name, share in (("processor", self.processor), ("memory", self.memory))
            if share
        ]
        if self.requests_per_second is not None:
            parts.append(f"at most {self.requests_per_second:.2g} requests a second")
        return "; ".join(parts)


def used(deployed: Deployed, now: datetime | None = None) -> Used:
    """Raises NothingKnownError: no credentials, not deployed, not allowed, or no metric yet."""
    try:
        if deployed.session.get_credentials() is None:
            raise NothingKnownError("what it used is not known without credentials")
        found = _asked(deployed, now or datetime.now(UTC))
    except (NotDeployedError, NotAwsError, BotoCoreError, ClientError) as error:
        raise NothingKnownError(f"what it used is not known: {error}") from error
    if found == Used(None, None, None):
        raise NothingKnownError(f"what it used is not known: there is no metric of {DAYS} days")
    return found


def _asked(deployed: Deployed, now: datetime) -> Used:
    service = {
        "ClusterName": deployed.output("Service", "ClusterName"),
        "ServiceName": deployed.output("Service", "ServiceName"),
    }
    api = {"ApiId": deployed.output("Service", "HttpApiId")}
    queries = [
        _query("cpu", "AWS/ECS", "CPUUtilization", service, "Maximum"),
        _query("memory", "AWS/ECS", "MemoryUtilization", service, "Maximum"),
        _query("requests", "AWS/ApiGateway", "Count", api, "Sum"),
    ]
    pages = (
        deployed.client("cloudwatch", AT_ONCE)
        .get_paginator("get_metric_data")
        .paginate(MetricDataQueries=queries, StartTime=now - timedelta(days=DAYS), EndTime=now)
    )
    values: dict[str, list[float]] = {query["Id"]: [] for query in queries}
    for page in pages:
        for result in page["MetricDataResults"]:
            values[result["Id"]] += result["Values"]
    requests = values["requests"]
    return Used(
        _share(values["cpu"]),
        _share(values["memory"]),
        max(requests) / PERIOD if requests else None,
    )


def _query(
    id_: str, namespace: str, metric: str, dimensions: dict[str, str], statistic: str
) -> dict[str, Any]:
    return {
        "Id": id_,
        "MetricStat": {
            "Metric": {
                "Namespace": namespace,
                "MetricName": metric,
                "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
            },
            "Period": PERIOD,
            "Stat": statistic,
        },
    }


def _share(values: Sequence[float]) -> Share | None:
    if not values:
        return None
    ordered = sorted(values)
    return Share(ordered[-1], ordered[min(len(ordered) * 95 // 100, len(ordered) - 1)])
