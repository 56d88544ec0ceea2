"""The alarms: each with a runbook page and a command to begin with, and none to be forgotten.

Queues of the stacks made before this one are found, not listed: whatever lies in a queue that
nothing consumes was given up, and in the others nothing may wait. Functions need no alarm of their
own: what they fail to do is heard in a queue, in the API's answers or by the heartbeat. tests/infra
tells of a queue or function that nothing hears.

CloudWatch bills the metrics alarms watch, $0.10 a month each beyond ten of the account (price list
of 2026-10): each alarm here watches one, and `[alarms] level` says how many there are (ADR 0036).
"""

import re

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct, IConstruct

from cufit_contracts.metrics import Metric
from stacks.components.python_function import PythonFunction
from stacks.matching import MatchingStack
from stacks.service import ServiceStack
from stacks.settings import Environment

RUNBOOK = "docs/runbook"
MINUTE = cdk.Duration.minutes(1)
FIVE_MINUTES = cdk.Duration.minutes(5)
HOUR = cdk.Duration.hours(1)
QUEUE_AGE_LIMIT = 600
"""Seconds a request may wait before someone should know."""
HEARTBEAT_PERIOD = FIVE_MINUTES
"""How often the API is asked whether it lives; two silent periods are an alarm."""
MEMORY_LIMIT = 90
"""Per cent; above it the next deploy or burst may end in an out-of-memory kill."""
SLOW_MS = 2000
"""Milliseconds; the API gives up at 12,000."""
DEGRADED_SHARE = 0.5

_IGNORE = cloudwatch.TreatMissingData.IGNORE
"""Silence says nothing: at night nobody asks, and the alarm stays as it is."""


class Alarms(Construct):
    """Every alarm of an environment; each tells `topic` when it starts and when it ends."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        topic: sns.ITopic,
        settings: Environment,
        matching: MatchingStack,
        service: ServiceStack,
        heartbeat: PythonFunction,
    ) -> None:
        super().__init__(scope, id_)
        self._action = actions.SnsAction(topic)
        self._env = settings.name
        self.all: list[cloudwatch.Alarm] = []
        queues = [found for found in _of_other_stacks(self) if isinstance(found, sqs.Queue)]
        consumed = [queue for queue in queues if queue.dead_letter_queue is not None]
        worker = matching.match_worker
        asks_a_model = settings.matching.matchmaker != "rules"
        for queue in queues:
            if queue not in consumed:
                self._given_up(queue)
        self._server_errors(service)
        self._no_heartbeat(heartbeat)
        if asks_a_model:
            self._degraded(worker)
        if settings.alarms.level == "minimum":
            return
        for queue in consumed:
            self._age(queue)
        self._task_memory(service)
        self._slow_api(service)
        if asks_a_model:
            self._model_misconfigured(worker)

    def _alarm(
        self,
        name: str,
        meaning: str,
        metric: cloudwatch.IMetric,
        *,
        threshold: float,
        first: str | None = None,
        periods: int = 1,
        missing: cloudwatch.TreatMissingData = cloudwatch.TreatMissingData.NOT_BREACHING,
    ) -> None:
        """`first` is the command to begin with; without one the notice names the alarm's own."""
        begin = f" First: `{first} --env {self._env}`." if first else ""
        alarm = cloudwatch.Alarm(
            self,
            name,
            alarm_description=f"{meaning}{begin} Runbook: {page(name)}",
            metric=metric,
            threshold=threshold,
            comparison_operator=(cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD),
            evaluation_periods=periods,
            treat_missing_data=missing,
        )
        alarm.add_alarm_action(self._action)
        alarm.add_ok_action(self._action)
        self.all.append(alarm)

    def _given_up(self, queue: sqs.Queue) -> None:
        self._alarm(
            _name(queue),
            "A message was given up; nothing is lost, a person decides.",
            queue.metric_approximate_number_of_messages_visible(period=MINUTE, statistic="Maximum"),
            threshold=1,
        )

    def _age(self, queue: sqs.Queue) -> None:
        self._alarm(
            f"{_name(queue).removesuffix('Queue')}Age",
            f"The oldest message has waited {QUEUE_AGE_LIMIT} s: the consumer is stuck or behind.",
            queue.metric_approximate_age_of_oldest_message(period=MINUTE, statistic="Maximum"),
            threshold=QUEUE_AGE_LIMIT,
            periods=3,
        )

    def _server_errors(self, service: ServiceStack) -> None:
        self._alarm(
            "ServerErrors",
            "The API answers 5xx.",
            service.http_api.api.metric_server_error(period=FIVE_MINUTES, statistic="Sum"),
            threshold=5,
        )

    def _slow_api(self, service: ServiceStack) -> None:
        self._alarm(
            "SlowApi",
            f"For 15 minutes one answer in twenty has taken {SLOW_MS / 1000:g} s or more.",
            service.http_api.api.metric_latency(period=FIVE_MINUTES, statistic="p95"),
            threshold=SLOW_MS,
            periods=3,
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

    def _degraded(self, worker: PythonFunction) -> None:
        self._alarm(
            "Degraded",
            "Half or more of an hour's recommendations were ranked without AI.",
            worker.metric(Metric.DEGRADED, period=HOUR, statistic="Average"),
            threshold=DEGRADED_SHARE,
            first="cufit brake status",
            missing=_IGNORE,
        )

    def _model_misconfigured(self, worker: PythonFunction) -> None:
        self._alarm(
            "ModelMisconfigured",
            "Bedrock refuses the worker's questions in a way that no repeating mends.",
            worker.metric(Metric.MODEL_MISCONFIGURED, period=FIVE_MINUTES, statistic="Maximum"),
            threshold=1,
            missing=_IGNORE,
        )


def page(name: str) -> str:
    """SlowApi → docs/runbook/slow-api.md."""
    return f"{RUNBOOK}/{re.sub(r'(?<!^)(?=[A-Z])', '-', name).lower()}.md"


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
    """Matching/MatchRequests/Queue → MatchRequestsQueue; Photos/Failures → Failures."""
    _, _, *ids = queue.node.path.split("/")
    return "".join(ids)
