"""The alarms: each with a runbook page, and none to be forgotten.

Queues and functions of the stacks made before this one are found, not listed: a queue with a
dead-letter queue must not wait, whatever lies in a queue without one was given up, and functions
must not raise. tests/infra tells of a queue or function that no alarm covers.
"""

import re

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct, IConstruct

from stacks.components.python_function import PythonFunction
from stacks.service import ServiceStack

RUNBOOK = "docs/runbook"
MINUTE = cdk.Duration.minutes(1)
FIVE_MINUTES = cdk.Duration.minutes(5)
QUEUE_AGE_LIMIT = 600
"""Seconds a request may wait before someone should know."""
HEARTBEAT_PERIOD = FIVE_MINUTES
"""How often the API is asked whether it lives; two silent periods are an alarm."""
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
        service: ServiceStack,
        heartbeat: PythonFunction,
    ) -> None:
        super().__init__(scope, id_)
        self._action = actions.SnsAction(topic)
        self.all: list[cloudwatch.Alarm] = []
        earlier = _of_other_stacks(self)
        queues = [found for found in earlier if isinstance(found, sqs.Queue)]
        for queue in queues:
            if queue.dead_letter_queue is None:
                self._dead_letters(queue)
        for queue in queues:
            if queue.dead_letter_queue is not None:
                self._age(queue)
        self._function_errors([found for found in earlier if isinstance(found, lambda_.Function)])
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
        page: str | None = None,
        periods: int = 1,
        missing: cloudwatch.TreatMissingData = cloudwatch.TreatMissingData.NOT_BREACHING,
    ) -> None:
        alarm = cloudwatch.Alarm(
            self,
            name,
            alarm_description=f"{meaning} Runbook: {RUNBOOK}/{_kebab(page or name)}.md",
            metric=metric,
            threshold=threshold,
            comparison_operator=(cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD),
            evaluation_periods=periods,
            treat_missing_data=missing,
        )
        alarm.add_alarm_action(self._action)
        alarm.add_ok_action(self._action)
        self.all.append(alarm)

    def _dead_letters(self, queue: sqs.Queue) -> None:
        name = _name(queue)
        self._alarm(
            name,
            "A message was given up; nothing is lost, a person decides.",
            queue.metric_approximate_number_of_messages_visible(period=MINUTE, statistic="Maximum"),
            page=name.removesuffix("DeadLetters"),
            threshold=1,
        )

    def _age(self, queue: sqs.Queue) -> None:
        name = _name(queue).removesuffix("Queue")
        self._alarm(
            f"{name}Age",
            f"The oldest message has waited {QUEUE_AGE_LIMIT} s: the consumer is stuck or behind.",
            queue.metric_approximate_age_of_oldest_message(period=MINUTE, statistic="Maximum"),
            page=name,
            threshold=QUEUE_AGE_LIMIT,
            periods=3,
        )

    def _function_errors(self, functions: list[lambda_.Function]) -> None:
        """Partial batch failures do not count here: queue age and DLQ depth tell of them."""
        errors = {
            f"e{number}": function.metric_errors(period=FIVE_MINUTES)
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
            missing=(
                cloudwatch.TreatMissingData.NOT_BREACHING
                if service.settings.parked_sometimes
                else cloudwatch.TreatMissingData.BREACHING
            ),
        )

    def _no_heartbeat(self, heartbeat: PythonFunction) -> None:
        self._alarm(
            "NoHeartbeat",
            "The API did not answer the heartbeat twice in a row.",
            heartbeat.function.metric_errors(period=HEARTBEAT_PERIOD, statistic="Sum"),
            threshold=1,
            periods=2,
            missing=cloudwatch.TreatMissingData.BREACHING,
        )


def _of_other_stacks(scope: Construct) -> list[IConstruct]:
    """Everything that the stage made so far, but for the stack of `scope`."""
    stage, own = cdk.Stage.of(scope), cdk.Stack.of(scope)
    assert stage is not None  # noqa: S101 - every stack of an environment is in its stage
    return [
        found
        for stack in stage.node.children
        if stack.node.id != own.node.id
        for found in stack.node.find_all()
    ]


def _name(queue: sqs.Queue) -> str:
    """Matching/MatchRequests/DeadLetters → MatchRequestsDeadLetters; Photos/Failures, which stands
    alone → PhotosFailures."""
    _, stack, *ids = queue.node.path.split("/")
    return "".join(ids if len(ids) > 1 else [stack, *ids])


def _kebab(name: str) -> str:
    """MatchRequestsAge → match-requests-age."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()
