"""Observability: who is told when something is wrong, and one page to look at."""

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks.components.alarms import HEARTBEAT_PERIOD, Alarms
from stacks.components.dashboard import dashboard
from stacks.components.ecs_events import tell_of_service
from stacks.components.environment_stack import EnvironmentStack
from stacks.components.permissions import allow_publishing
from stacks.components.python_function import PythonFunction
from stacks.matching import MatchingStack
from stacks.photos import PhotosStack
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
        photos: PhotosStack,
        service: ServiceStack,
    ) -> None:
        super().__init__(scope, id_, settings=settings, description="alarms and dashboard")
        self.topic = sns.Topic(self, "Alarms", enforce_ssl=True)
        allow_publishing(
            self.topic,
            "cloudwatch.amazonaws.com",
            f"arn:{self.partition}:cloudwatch:{self.region}:{self.account}:alarm:*",
        )
        self.notifier = self._notifier(photos.failures)
        if settings.alarms.email:
            self.topic.add_subscription(subscriptions.EmailSubscription(settings.alarms.email))
        self.heartbeat = self._heartbeat(service.url)
        alarms = Alarms(
            self,
            "Alarm",
            topic=self.topic,
            settings=settings,
            matching=matching,
            service=service,
            heartbeat=self.heartbeat,
        )
        tell_of_service(self, service.fargate.service, self.topic)
        dashboard(
            self,
            "Dashboard",
            alarms=alarms,
            matching=matching,
            photos=photos,
            service=service,
            functions=[
                *(matching.match_worker, matching.profile_indexer),
                *(photos.upload_url, photos.processor, self.heartbeat),
                *([self.notifier] if self.notifier else []),
            ],
        )
        self.output("AlarmTopicArn", self.topic.topic_arn, "Where alarms are published")

    def _notifier(self, failures: sqs.Queue) -> PythonFunction | None:
        parameter, delivery = self.settings.alarms.webhook_parameter, self.settings.delivery
        if parameter is None:
            return None
        notifier = PythonFunction(
            self,
            "AlarmNotifier",
            name="alarm_notifier",
            description="Posts alarms to Discord or Slack",
            settings=self.settings,
            environment={
                "webhook_parameter": parameter,
                **({"github_repository": delivery.github_repository} if delivery else {}),
            },
        )
        # A SecureString under the AWS managed key decrypts without a permission on the key.
        notifier.allow(
            ["ssm:GetParameter"],
            [f"arn:{self.partition}:ssm:{self.region}:{self.account}:parameter{parameter}"],
        )
        # The topic's own retries end when Lambda has taken the event.
        notifier.invoked_asynchronously(retries=2, failures=failures)
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
        # A beat that fails is one error: a retry of it would look like the beat after.
        heartbeat.invoked_asynchronously(retries=0, max_age=60)
        events.Rule(
            self,
            "HeartbeatSchedule",
            description="Every few minutes",
            schedule=events.Schedule.rate(HEARTBEAT_PERIOD),
            targets=[
                targets.LambdaFunction(
                    heartbeat.function,
                    retry_attempts=0,  # of EventBridge's; Lambda's are above
                    max_event_age=cdk.Duration.minutes(1),
                )
            ],
        )
        return heartbeat
