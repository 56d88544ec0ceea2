"""Who is told, the budget, and who may do what by hand."""

import json
from typing import Any

from cufit_ops.knowledge_base import base as knowledge_base
from cufit_ops.template_graph import Address
from tests.infra.synthesis import Synthesized, plain

TOPIC = "AWS::SNS::Topic"
USAGE_ALONE = {
    "IncludeCredit": False,
    "IncludeRefund": False,
    "IncludeTax": False,
    "UseBlended": False,
}


def test_someone_is_subscribed(environment: Synthesized) -> None:
    protocols = {
        subscription["Protocol"]
        for subscription in environment.properties("AWS::SNS::Subscription", "Observability")
    }
    alarms = environment.settings.alarms

    assert ("email" in protocols) is (alarms.email is not None)
    assert ("lambda" in protocols) is (alarms.webhook_parameter is not None)


def test_there_is_one_dashboard_of_up_to_fifty_metrics(environment: Synthesized) -> None:
    body = environment.only("AWS::CloudWatch::Dashboard")["DashboardBody"]
    parts = (part if isinstance(part, str) else "…" for part in body["Fn::Join"][1])
    widgets = json.loads("".join(parts))["widgets"]
    shown = [metric for one in widgets for metric in one["properties"].get("metrics", [])]

    assert 0 < len(shown) <= 50
    assert {metric[0] for metric in shown} >= {"AWS/Lambda", "AWS/SQS", "cufit"}


def test_the_accounts_budget_is_of_usage_alone_and_stops_nothing(environment: Synthesized) -> None:
    found = _budgets(environment, filtered=False)
    if (budget := environment.settings.budget) is None:
        assert not found
        assert "Budget/Notices" not in {plain(t) for t, _ in environment.account.of(TOPIC)}
        return
    ((address, properties),) = found
    assert properties["Budget"]["CostTypes"] == USAGE_ALONE
    assert properties["Budget"]["BudgetLimit"] == {"Amount": budget.usage_usd, "Unit": "USD"}
    notifications = properties["NotificationsWithSubscribers"]
    assert {n["Notification"]["Threshold"] for n in notifications} == {90, 100}
    told = {plain(t) for t in environment.account.referred(address[0], notifications)}
    assert told == {"Budget/Notices"}


def test_what_bedrock_costs_pulls_the_brake(environment: Synthesized) -> None:
    ((address, properties),) = _budgets(environment, filtered=True)
    budget, limit = properties["Budget"], environment.settings.brake.monthly_usd
    assert budget["CostFilters"] == {"Service": ["Amazon Bedrock"]}
    assert budget["CostTypes"] == USAGE_ALONE
    assert budget["BudgetLimit"] == {"Amount": limit, "Unit": "USD"}
    (notification,) = properties["NotificationsWithSubscribers"]
    assert notification["Notification"] == {
        "ComparisonOperator": "GREATER_THAN",
        "NotificationType": "ACTUAL",
        "Threshold": 100,
        "ThresholdType": "PERCENTAGE",
    }
    told = {plain(t) for t in environment.account.referred(address[0], notification)}
    assert told == {"Budget/Brake"}


def test_what_the_worker_counts_pulls_the_brake(environment: Synthesized) -> None:
    alarms = environment.account.of("AWS::CloudWatch::Alarm")
    ((address, alarm),) = [found for found in alarms if found[1].get("MetricName") == "AiSpend"]
    told = {plain(t) for t in environment.account.referred(address[0], alarm["AlarmActions"])}
    assert told == {"Budget/Brake"}
    assert (alarm["Statistic"], alarm["Period"], alarm["EvaluationPeriods"]) == ("Sum", 86400, 1)
    assert alarm["Threshold"] == environment.settings.brake.daily_usd
    variables = environment.function("match_worker")["Environment"]["Variables"]
    assert alarm["Namespace"] == variables["POWERTOOLS_METRICS_NAMESPACE"]
    assert {one["Name"]: one["Value"] for one in alarm["Dimensions"]} == {
        "service": variables["POWERTOOLS_SERVICE_NAME"],
        "environment": variables["CUFIT_ENV"],
    }


def test_the_brake_topic_reaches_cost_brake(environment: Synthesized) -> None:
    subscribed = {
        (plain(topic), plain(endpoint))
        for (stack, _), subscription in environment.account.of("AWS::SNS::Subscription")
        for topic in environment.account.referred(stack, subscription["TopicArn"])
        for endpoint in environment.account.referred(stack, subscription["Endpoint"])
    }
    assert ("Budget/Brake", "Budget/CostBrakeFunction") in subscribed
    assert ("Budget/Notices", "Budget/CostBrakeFunction") not in subscribed


def _budgets(environment: Synthesized, *, filtered: bool) -> list[tuple[Address, dict[str, Any]]]:
    """The account's or Bedrock's. None has a name: notifications are immutable, and a change is a
    new budget."""
    found = [*environment.account.of("AWS::Budgets::Budget")]
    assert not any("BudgetName" in properties["Budget"] for _, properties in found)
    return [one for one in found if ("CostFilters" in one[1]["Budget"]) is filtered]


def test_the_heartbeat_asks_the_api(environment: Synthesized) -> None:
    variables = environment.function("heartbeat")["Environment"]["Variables"]
    (schedule,) = (
        rule["ScheduleExpression"]
        for rule in environment.properties("AWS::Events::Rule", "Observability")
        if "ScheduleExpression" in rule
    )

    assert schedule == "rate(5 minutes)"
    told = variables["CUFIT_HEALTH_URL"]
    if url := environment.settings.public_url:
        assert told == f"{url}/health"
    else:
        assert "/health" in json.dumps(told)


def test_operators_may_read_of_a_profile_what_the_command_reads(app: Any) -> None:
    from stacks.components.operator_permissions import INDEX_FACTS  # noqa: PLC0415 - conftest.app

    assert tuple(INDEX_FACTS) == knowledge_base.INDEX_FACTS


def test_physical_names_are_few(environment: Synthesized) -> None:
    """A name in the template cannot be replaced without an outage; each here has its reason."""
    kinds = {
        "AWS::DynamoDB::GlobalTable": "TableName",
        "AWS::S3::Bucket": "BucketName",
        "AWS::SQS::Queue": "QueueName",
        "AWS::SNS::Topic": "TopicName",
        "AWS::Lambda::Function": "FunctionName",
        "AWS::IAM::Role": "RoleName",
    }
    named = [
        properties[key]
        for kind, key in kinds.items()
        for properties in environment.properties(kind)
        if key in properties
    ]

    # Bedrock's guide says how this one is to begin.
    assert [name.partition("_")[0] for name in named] == [
        "AmazonBedrockExecutionRoleForKnowledgeBase"
    ]
