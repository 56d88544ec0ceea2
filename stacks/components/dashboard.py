"""One page per environment: alarms first, then how much is asked and how fast it is answered."""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from cufit_contracts.metrics import Metric
from stacks.components.alarms import Alarms
from stacks.components.python_function import PythonFunction
from stacks.matching import MatchingStack
from stacks.photos import PhotosStack
from stacks.service import ServiceStack

PERIOD = cdk.Duration.minutes(5)


def dashboard(
    scope: Construct,
    id_: str,
    *,
    alarms: Alarms,
    matching: MatchingStack,
    photos: PhotosStack,
    service: ServiceStack,
    functions: Sequence[PythonFunction],
) -> cloudwatch.Dashboard:
    """Up to three dashboards of 50 metrics each are free in an account; showing costs nothing.

    So what no alarm watches is shown: the errors of `functions`.
    """
    page = cloudwatch.Dashboard(scope, id_, dashboard_name=f"cufit-{service.settings.name}")
    page.add_widgets(cloudwatch.AlarmStatusWidget(title="Alarms", alarms=[*alarms.all], width=24))
    api = service.http_api.api
    page.add_widgets(
        _graph("Requests", api.metric_count(period=PERIOD)),
        _graph(
            "Latency (ms)",
            api.metric_latency(period=PERIOD, statistic="p50"),
            api.metric_latency(period=PERIOD, statistic="p95"),
            api.metric_latency(period=PERIOD, statistic="p99"),
        ),
        _graph(
            "Tasks (% of CPU and memory)",
            service.fargate.service.metric_cpu_utilization(period=PERIOD, statistic="Maximum"),
            service.fargate.service.metric_memory_utilization(period=PERIOD, statistic="Maximum"),
        ),
    )
    worker = matching.match_worker
    page.add_widgets(
        _graph(
            "Messages: waiting, given up",
            *(
                queue.metric_approximate_number_of_messages_visible(period=PERIOD, label=label)
                for label, queue in (
                    ("match requests", matching.match_requests.queue),
                    ("profile changes", matching.profile_changes.queue),
                    ("dead letters", matching.dead_letters),
                    ("failures", photos.failures),
                )
            ),
        ),
        _graph(
            "Recommendations",
            _count(worker, Metric.DEGRADED, "SampleCount", "all"),
            _count(worker, Metric.DEGRADED, "Sum", "without AI"),
            _count(worker, Metric.MODEL_MISCONFIGURED, "Sum", "refused by the model"),
        ),
        _graph(
            "Time to rank (ms)",
            worker.function.metric_duration(period=PERIOD, statistic="p50"),
            worker.function.metric_duration(period=PERIOD, statistic="p99"),
        ),
    )
    page.add_widgets(
        _graph(
            "Errors of functions",
            *(one.function.metric_errors(period=PERIOD, label=one.name) for one in functions),
        )
    )
    return page


def _count(worker: PythonFunction, metric: Metric, statistic: str, label: str) -> cloudwatch.Metric:
    return worker.metric(metric, period=PERIOD, statistic=statistic).with_(label=label)


def _graph(title: str, *metrics: cloudwatch.IMetric) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=list(metrics), width=8, height=6)
