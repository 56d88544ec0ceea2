"""The alarms: few enough to stay within CloudWatch's 10 free ones, each with a runbook page."""

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks import timing
from stacks.components.python_function import PythonFunction
from stacks.matching import MatchingStack
from stacks.photos import PhotosStack
from stacks.service import ServiceStack

RUNBOOK = "docs/runbook"
MINUTE = cdk.Duration.minutes(1)
FIVE_MINUTES = cdk.Duration.minutes(5)
QUEUE_AGE_LIMIT = 600
"""Seconds a request may wait before someone should know."""
MEMORY_LIMIT = 90
"""Per cent; above it the next deploy or burst may end in an out-of-memory kill."""


class Alarms(Construct):
    """Every alarm of an environment; each tells `topic` when it starts and when it ends."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        topic: sns.ITopic,
        matching: MatchingStack,
        photos: PhotosStack,
        service: ServiceStack,
        heartbeat: PythonFunction,
    ) -> None:
        super().__init__(scope, id_)
        self._action = actions.SnsAction(topic)
        self.all: list[cloudwatch.Alarm] = []
        self._dead_letters("MatchRequestsDeadLetters", matching.match_requests.dead_letters)
        self._dead_letters("ProfileChangesDeadLetters", matching.profile_changes.dead_letters)
        self._dead_letters("PhotoFailures", photos.failures)
        self._age("MatchRequestsAge", matching.match_requests.queue)
        self._age("ProfileChangesAge", matching.profile_changes.queue)
        self._function_errors(
            [matching.match_worker, matching.profile_indexer, photos.upload_url, photos.processor]
        )
        self._server_errors(service)
        self._task_memory(service)
        self._no_heartbeat(heartbeat)

    def _alarm(
        self,
        name: str,
        meaning: str,
        metric: cloudwatch.IMetric,
        *,
        threshold: float,
        periods: int = 1,
        missing: cloudwatch.TreatMissingData = cloudwatch.TreatMissingData.NOT_BREACHING,
    ) -> None:
        alarm = cloudwatch.Alarm(
            self,
            name,
            alarm_description=f"{meaning} Runbook: {RUNBOOK}/{_page(name)}.md",
            metric=metric,
            threshold=threshold,
            comparison_operator=(cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD),
            evaluation_periods=periods,
            treat_missing_data=missing,
        )
        alarm.add_alarm_action(self._action)
        alarm.add_ok_action(self._action)
        self.all.append(alarm)

    def _dead_letters(self, name: str, queue: sqs.IQueue) -> None:
        self._alarm(
            name,
            "A message was given up; nothing is lost, a person decides.",
            queue.metric_approximate_number_of_messages_visible(period=MINUTE, statistic="Maximum"),
            threshold=1,
        )

    def _age(self, name: str, queue: sqs.IQueue) -> None:
        self._alarm(
            name,
            f"The oldest message has waited {QUEUE_AGE_LIMIT} s: the consumer is stuck or behind.",
            queue.metric_approximate_age_of_oldest_message(period=MINUTE, statistic="Maximum"),
            threshold=QUEUE_AGE_LIMIT,
            periods=3,
        )

    def _function_errors(self, functions: list[PythonFunction]) -> None:
        """Partial batch failures do not count here: queue age and DLQ depth tell of them."""
        errors = {
            f"e{number}": function.function.metric_errors(period=FIVE_MINUTES)
            for number, function in enumerate(functions)
        }
        self._alarm(
            "FunctionErrors",
            "Functions raise errors.",
            cloudwatch.MathExpression(
                expression=" + ".join(f"FILL({error}, 0)" for error in errors),
                using_metrics=dict(errors),
                label="errors of all functions",
                period=FIVE_MINUTES,
            ),
            threshold=3,
        )

    def _server_errors(self, service: ServiceStack) -> None:
        self._alarm(
            "ServerErrors",
            "The API answers 5xx.",
            service.http_api.api.metric_server_error(period=FIVE_MINUTES, statistic="Sum"),
            threshold=5,
        )

    def _task_memory(self, service: ServiceStack) -> None:
        self._alarm(
            "TaskMemory",
            f"A task uses {MEMORY_LIMIT} % of its memory, or none runs at all.",
            service.fargate.service.metric_memory_utilization(period=MINUTE, statistic="Maximum"),
            threshold=MEMORY_LIMIT,
            periods=5,
            # No task, no metric.
            missing=cloudwatch.TreatMissingData.BREACHING,
        )

    def _no_heartbeat(self, heartbeat: PythonFunction) -> None:
        period = cdk.Duration.minutes(timing.HEARTBEAT_MINUTES)
        self._alarm(
            "NoHeartbeat",
            "The API did not answer the heartbeat twice in a row.",
            heartbeat.function.metric_errors(period=period, statistic="Sum"),
            threshold=1,
            periods=2,
            missing=cloudwatch.TreatMissingData.BREACHING,
        )


def _page(name: str) -> str:
    """MatchRequestsAge → match-requests-age."""
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")
