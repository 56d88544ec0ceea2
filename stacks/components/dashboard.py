"""One page per environment: alarms first, then how much is asked and how fast it is answered."""

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from stacks.components.alarms import Alarms
from stacks.matching import MatchingStack
from stacks.service import ServiceStack

PERIOD = cdk.Duration.minutes(5)


def dashboard(
    scope: Construct, id_: str, *, alarms: Alarms, matching: MatchingStack, service: ServiceStack
) -> cloudwatch.Dashboard:
    """Up to three dashboards of 50 metrics each are free in an account."""
    page = cloudwatch.Dashboard(scope, id_, dashboard_name=f"cufit-{service.settings.name}")
    page.add_widgets(cloudwatch.AlarmStatusWidget(title="Alarms", alarms=[*alarms.all], width=24))
    api = service.http_api.api
    page.add_widgets(
        _graph("Requests", api.metric_count(period=PERIOD)),
        _graph(
            "Latency (ms)",
            api.metric_latency(period=PERIOD, statistic="p50"),
            api.metric_latency(period=PERIOD, statistic="p99"),
        ),
        _graph(
            "Tasks (% of CPU and memory)",
            service.fargate.service.metric_cpu_utilization(period=PERIOD, statistic="Maximum"),
            service.fargate.service.metric_memory_utilization(period=PERIOD, statistic="Maximum"),
        ),
    )
    requests, worker = matching.match_requests, matching.match_worker.function
    page.add_widgets(
        _graph(
            "Waiting requests",
            requests.queue.metric_approximate_number_of_messages_visible(period=PERIOD),
            matching.dead_letters.metric_approximate_number_of_messages_visible(period=PERIOD),
        ),
        _graph("Recommendations", worker.metric_invocations(period=PERIOD)),
        _graph(
            "Time to rank (ms)",
            worker.metric_duration(period=PERIOD, statistic="p50"),
            worker.metric_duration(period=PERIOD, statistic="p99"),
        ),
    )
    return page


def _graph(title: str, *metrics: cloudwatch.IMetric) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=list(metrics), width=8, height=6)
