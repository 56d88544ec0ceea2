"""Budget: what the account spends, credits not counted in, and a brake at the limit."""

from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from stacks.components.environment_stack import EnvironmentStack
from stacks.components.permissions import allow_publishing
from stacks.components.python_function import PythonFunction
from stacks.matching import MatchingStack
from stacks.observability import ObservabilityStack
from stacks.photos import PhotosStack
from stacks.settings import Environment

NOTICES = (("ACTUAL", 50), ("ACTUAL", 80), ("FORECASTED", 100))
"""Per cent of the budget that someone should hear of."""
BRAKE = ("ACTUAL", 100)
"""From here on matching ranks by rules alone. Budgets run up to 12 hours behind the spending."""


class BudgetStack(EnvironmentStack):
    """Notices go where alarms go; the brake goes to cost_brake as well."""

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
        self._notices = self._topic("Notices")
        self._brake = self._topic("Brake")
        for topic in (self._notices, self._brake):
            self.keep_export(topic.topic_arn)  # imported with a webhook alone
        self._tell_people(observability)
        self.cost_brake = self._cost_brake(matching, photos)
        self._budget()

    def _topic(self, id_: str) -> sns.Topic:
        """Unencrypted: Budgets cannot use a topic under the AWS managed key. It holds no secret."""
        topic = sns.Topic(self, id_, enforce_ssl=True)
        source = f"arn:{self.partition}:budgets::{self.account}:*"
        allow_publishing(topic, "budgets.amazonaws.com", source)
        return topic

    def _tell_people(self, observability: ObservabilityStack) -> None:
        for topic in (self._notices, self._brake):
            if self.settings.alarms.email:
                topic.add_subscription(subscriptions.EmailSubscription(self.settings.alarms.email))
            if observability.notifier:
                topic.add_subscription(
                    subscriptions.LambdaSubscription(observability.notifier.function)
                )

    def _cost_brake(self, matching: MatchingStack, photos: PhotosStack) -> PythonFunction:
        function = PythonFunction(
            self,
            "CostBrake",
            name="cost_brake",
            description="Lets matching go on without AI when the budget is spent",
            settings=self.settings,
            environment={"brake_parameter": matching.brake.parameter_name},
        )
        function.allow(["ssm:PutParameter"], [matching.brake.parameter_arn])
        function.invoked_asynchronously(retries=2, failures=photos.failures)
        self._brake.add_subscription(subscriptions.LambdaSubscription(function.function))
        return function

    def _budget(self) -> None:
        """Without a name: notifications cannot be changed, a change makes another budget."""
        budgets.CfnBudget(
            self,
            "Budget",
            budget=budgets.CfnBudget.BudgetDataProperty(
                budget_type="COST",
                time_unit="MONTHLY",
                budget_limit=budgets.CfnBudget.SpendProperty(
                    amount=self.settings.budget.monthly_usd, unit="USD"
                ),
                # Counted in, credits would keep the sum at $0 until they are gone.
                cost_types=budgets.CfnBudget.CostTypesProperty(
                    include_credit=False, include_refund=False, use_blended=False
                ),
            ),
            notifications_with_subscribers=[
                *(_notification(*notice, self._notices) for notice in NOTICES),
                _notification(*BRAKE, self._brake),
            ],
        )


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
