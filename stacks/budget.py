"""Budget: the brake of an environment's AI; once per account, notices of what it all costs."""

import aws_cdk as cdk
from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from cufit_contracts.metrics import ENVIRONMENT_DIMENSION, NAMESPACE, Metric
from stacks.components.alarms import RUNBOOK
from stacks.components.environment_stack import EnvironmentStack
from stacks.components.permissions import allow_publishing
from stacks.components.python_function import PythonFunction
from stacks.matching import MatchingStack
from stacks.money_settings import Budget
from stacks.observability import ObservabilityStack
from stacks.photos import PhotosStack
from stacks.settings import Environment

NOTICES = (("ACTUAL", 90), ("FORECASTED", 100), ("ACTUAL", 100))
"""Per cent of the account's budget that someone should hear of: none that a month without anybody
reaches (tests/infra/test_costs.py), or people stop reading them."""
BRAKE = ("ACTUAL", 100)
"""Of Bedrock's budget: from here on matching ranks by rules alone."""
A_DAY = cdk.Duration.days(1)
"""The alarm's window; it slides, so spending is noticed when it happens and forgotten a day later
(CloudWatch user guide, alarm evaluation window)."""


class BudgetStack(EnvironmentStack):
    """Notices go where alarms go; what pulls the brake goes to cost_brake as well."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: Environment,
        matching: MatchingStack,
        photos: PhotosStack,
        observability: ObservabilityStack,
    ) -> None:
        super().__init__(scope, id_, settings=settings, description="budget and cost brake")
        self._observability = observability
        self._brake = self._topic("Brake")
        self.cost_brake = self._cost_brake(matching, photos)
        self._brake_by_the_day(matching)
        self._brake_by_the_month()
        if settings.budget:
            self._tell_of_the_account(settings.budget)

    def _topic(self, id_: str) -> sns.Topic:
        """Unencrypted: Budgets cannot use a topic under the AWS managed key. It holds no secret."""
        topic = sns.Topic(self, id_, enforce_ssl=True)
        source = f"arn:{self.partition}:budgets::{self.account}:*"
        allow_publishing(topic, "budgets.amazonaws.com", source)
        if self.settings.alarms.email:
            topic.add_subscription(subscriptions.EmailSubscription(self.settings.alarms.email))
        if self._observability.notifier:
            notifier = self._observability.notifier.function
            topic.add_subscription(subscriptions.LambdaSubscription(notifier))
        self.keep_export(topic.topic_arn)  # imported with a webhook alone
        return topic

    def _cost_brake(self, matching: MatchingStack, photos: PhotosStack) -> PythonFunction:
        function = PythonFunction(
            self,
            "CostBrake",
            name="cost_brake",
            description="Lets matching go on without AI when a limit of AI is passed",
            settings=self.settings,
            environment={"brake_parameter": matching.brake.parameter_name},
        )
        function.allow(["ssm:GetParameter", "ssm:PutParameter"], [matching.brake.parameter_arn])
        function.invoked_asynchronously(retries=2, failures=photos.failures)
        self._brake.add_subscription(subscriptions.LambdaSubscription(function.function))
        return function

    def _brake_by_the_day(self, matching: MatchingStack) -> None:
        """By the worker's own count, which is there within minutes."""
        alarms = f"arn:{self.partition}:cloudwatch:{self.region}:{self.account}:alarm:*"
        allow_publishing(self._brake, "cloudwatch.amazonaws.com", alarms)
        limit = self.settings.brake.daily_usd
        alarm = cloudwatch.Alarm(
            self,
            "AiSpend",
            alarm_description=(
                f"AI cost more than ${limit:g} in 24 hours: for the next 24 hours rules alone "
                f"answer. Runbook: {RUNBOOK}/ai-spend.md"
            ),
            metric=cloudwatch.Metric(
                namespace=NAMESPACE,
                metric_name=Metric.AI_SPEND,
                dimensions_map={
                    "service": matching.match_worker.name,
                    ENVIRONMENT_DIMENSION: self.settings.name,
                },
                statistic="Sum",
                period=A_DAY,
            ),
            threshold=limit,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            evaluation_periods=1,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(actions.SnsAction(self._brake))
        alarm.add_ok_action(actions.SnsAction(self._brake))  # people hear it; cost_brake minds not

    def _brake_by_the_month(self) -> None:
        """By what is billed for all of the account: Bedrock's bill knows no environment."""
        self._budget(
            "AiBudget",
            self.settings.brake.monthly_usd,
            [_notification(*BRAKE, self._brake)],
            self._brake,
            services=["Amazon Bedrock"],
        )

    def _tell_of_the_account(self, budget: Budget) -> None:
        notices = self._topic("Notices")
        notifications = [_notification(*notice, notices) for notice in NOTICES]
        self._budget("Budget", budget.usage_usd, notifications, notices)

    def _budget(
        self,
        id_: str,
        usd: float,
        notifications: list[budgets.CfnBudget.NotificationWithSubscribersProperty],
        topic: sns.Topic,
        services: list[str] | None = None,
    ) -> None:
        """Without a name: notifications cannot be changed, a change makes another budget. After the
        topic's policy: Budgets may publish when it is made."""
        made = budgets.CfnBudget(
            self,
            id_,
            budget=budgets.CfnBudget.BudgetDataProperty(
                budget_type="COST",
                time_unit="MONTHLY",
                budget_limit=budgets.CfnBudget.SpendProperty(amount=usd, unit="USD"),
                cost_filters={"Service": services} if services else None,
                # Counted in, credits would keep the sum at $0 until they are gone.
                cost_types=budgets.CfnBudget.CostTypesProperty(
                    include_credit=False, include_refund=False, include_tax=False, use_blended=False
                ),
            ),
            notifications_with_subscribers=notifications,
        )
        made.node.add_dependency(topic)


def _notification(
    kind: str, percent: int, topic: sns.ITopic
) -> budgets.CfnBudget.NotificationWithSubscribersProperty:
    return budgets.CfnBudget.NotificationWithSubscribersProperty(
        notification=budgets.CfnBudget.NotificationProperty(
            notification_type=kind,
            threshold=percent,
            threshold_type="PERCENTAGE",
            comparison_operator="GREATER_THAN",
        ),
        subscribers=[
            budgets.CfnBudget.SubscriberProperty(subscription_type="SNS", address=topic.topic_arn)
        ],
    )
