"""Observability: who is told when something is wrong, and one page to look at."""

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from stacks.components.alarms import HEARTBEAT_PERIOD, Alarms
from stacks.components.dashboard import dashboard
from stacks.components.environment_stack import EnvironmentStack
from stacks.components.permissions import allow_publishing
from stacks.components.python_function import PythonFunction
from stacks.matching import MatchingStack
from stacks.service import ServiceStack
from stacks.settings import Environment


class ObservabilityStack(EnvironmentStack):
    """Alarms → topic → e-mail and webhook; a heartbeat that asks the API whether it lives."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: Environment,
        matching: MatchingStack,
        service: ServiceStack,
    ) -> None:
        super().__init__(scope, id_, settings=settings, description="alarms and dashboard")
        self.topic = sns.Topic(self, "Alarms", enforce_ssl=True)
        allow_publishing(
            self.topic,
            "cloudwatch.amazonaws.com",
            f"arn:{self.partition}:cloudwatch:{self.region}:{self.account}:alarm:*",
        )
        self.notifier = self._notifier()
        if settings.alarms.email:
            self.topic.add_subscription(subscriptions.EmailSubscription(settings.alarms.email))
        self.heartbeat = self._heartbeat(service.url)
        alarms = Alarms(
            self,
            "Alarm",
            topic=self.topic,
            service=service,
            heartbeat=self.heartbeat,
        )
        dashboard(self, "Dashboard", alarms=alarms, matching=matching, service=service)
        self.output("AlarmTopicArn", self.topic.topic_arn, "Where alarms are published")

    def _notifier(self) -> PythonFunction | None:
        parameter = self.settings.alarms.webhook_parameter
        if parameter is None:
            return None
        notifier = PythonFunction(
            self,
            "AlarmNotifier",
            name="alarm_notifier",
            description="Posts alarms to Discord or Slack",
            settings=self.settings,
            environment={"webhook_parameter": parameter},
        )
        # A SecureString under the AWS managed key decrypts without a permission on the key.
        notifier.allow(
            ["ssm:GetParameter"],
            [f"arn:{self.partition}:ssm:{self.region}:{self.account}:parameter{parameter}"],
        )
        self.topic.add_subscription(subscriptions.LambdaSubscription(notifier.function))
        return notifier

    def _heartbeat(self, url: str) -> PythonFunction:
        """Also keeps the VPC link awake: it goes inactive after 60 days without traffic."""
        heartbeat = PythonFunction(
            self,
            "Heartbeat",
            name="heartbeat",
            description="Asks the API whether it lives",
            settings=self.settings,
            environment={
                "health_url": f"{url}/health",
                **({"on": str(self.settings.on)} if self.settings.on else {}),
            },
        )
        events.Rule(
            self,
            "HeartbeatSchedule",
            description="Every few minutes",
            schedule=events.Schedule.rate(HEARTBEAT_PERIOD),
            targets=[
                targets.LambdaFunction(
                    heartbeat.function,
                    retry_attempts=0,
                    max_event_age=cdk.Duration.minutes(1),
                )
            ],
        )
        return heartbeat
