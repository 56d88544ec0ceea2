"""Who is told, the budget, and who may do what by hand."""

import json
from typing import Any

from cufit_ops.knowledge_base import base as knowledge_base
from tests.infra.synthesis import Synthesized


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


def test_the_budget_does_not_count_credits(environment: Synthesized) -> None:
    budget = environment.only("AWS::Budgets::Budget")["Budget"]

    assert budget["CostTypes"] == {
        "IncludeCredit": False,
        "IncludeRefund": False,
        "UseBlended": False,
    }
    assert budget["BudgetLimit"] == {
        "Amount": environment.settings.budget.monthly_usd,
        "Unit": "USD",
    }
    assert "BudgetName" not in budget  # notifications are immutable: a change is a new budget


def test_the_whole_budget_pulls_the_brake_and_half_of_it_does_not(
    environment: Synthesized,
) -> None:
    notifications = environment.only("AWS::Budgets::Budget")["NotificationsWithSubscribers"]
    braking = {
        notification["Notification"]["Threshold"]
        for notification in notifications
        if "Brake" in json.dumps(notification["Subscribers"])
    }
    (target,) = (
        json.dumps(subscription["Endpoint"])
        for subscription in environment.properties("AWS::SNS::Subscription", "Budget")
        if "Brake" in json.dumps(subscription["TopicArn"])
        and subscription["Protocol"] == "lambda"
        and "CostBrake" in json.dumps(subscription["Endpoint"])
    )

    assert braking == {100}
    assert {n["Notification"]["Threshold"] for n in notifications} == {50, 80, 100}
    assert target


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
