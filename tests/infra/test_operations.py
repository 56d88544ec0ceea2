"""Alarms, budget and delivery."""

import json
from pathlib import Path
from typing import Any

from cufit_ops.knowledge_base import base as knowledge_base
from tests.infra.synthesis import Synthesized, as_list

FREE_ALARMS = 10
"""CloudWatch's free tier, per account."""


def test_alarms_are_few_and_each_tells_the_topic(environment: Synthesized) -> None:
    alarms = environment.properties("AWS::CloudWatch::Alarm")

    assert 0 < len(alarms) <= FREE_ALARMS
    for alarm in alarms:
        assert alarm["AlarmActions"] == alarm["OKActions"]
        assert "docs/runbook/" in alarm["AlarmDescription"]


def test_every_dead_letter_queue_is_watched(environment: Synthesized) -> None:
    watched = json.dumps(
        [
            alarm["Dimensions"]
            for alarm in environment.properties("AWS::CloudWatch::Alarm")
            if alarm.get("MetricName") == "ApproximateNumberOfMessagesVisible"
        ]
    )

    for name in ("MatchRequestsDeadLetters", "ProfileChangesDeadLetters", "Failures"):
        assert name in watched


def test_silence_of_service_and_heartbeat_is_alarming(environment: Synthesized) -> None:
    alarming = {
        logical_id.removeprefix("Alarm")
        for logical_id, alarm in environment.resources("AWS::CloudWatch::Alarm").items()
        if alarm["Properties"]["TreatMissingData"] == "breaching"
    }

    assert {name[:-8] for name in alarming} == {"TaskMemory", "NoHeartbeat"}


def test_someone_is_subscribed(environment: Synthesized) -> None:
    protocols = {
        subscription["Protocol"]
        for subscription in environment.properties("AWS::SNS::Subscription", "Observability")
    }
    alarms = environment.settings.alarms

    assert ("email" in protocols) is (alarms.email is not None)
    assert ("lambda" in protocols) is (alarms.webhook_parameter is not None)


def test_there_is_one_dashboard_of_up_to_fifty_metrics(environment: Synthesized) -> None:
    body = json.dumps(environment.only("AWS::CloudWatch::Dashboard")["DashboardBody"])
    shown = body.count("AWS/")

    assert 0 < shown <= 50


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


def test_budgets_may_publish_for_this_account_only(environment: Synthesized) -> None:
    statements = [
        statement
        for policy in environment.properties("AWS::SNS::TopicPolicy", "Budget")
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Principal"] == {"Service": "budgets.amazonaws.com"}
    ]

    assert len(statements) == 2
    for statement in statements:
        assert statement["Action"] == "sns:Publish"
        assert "aws:SourceAccount" in statement["Condition"]["StringEquals"]


def test_the_heartbeat_asks_the_api(environment: Synthesized) -> None:
    variables = environment.function("heartbeat")["Environment"]["Variables"]
    (rule,) = environment.properties("AWS::Events::Rule", "Observability")

    assert rule["ScheduleExpression"] == "rate(5 minutes)"
    assert "/health" in json.dumps(variables["CUFIT_HEALTH_URL"])


def test_locally_nothing_points_at_aws(synthesized: dict[str, Synthesized]) -> None:
    variables = synthesized["local"].function("heartbeat")["Environment"]["Variables"]

    assert variables["CUFIT_HEALTH_URL"] == "http://127.0.0.1:8080/health"


def test_github_may_deploy_from_named_places_only(synthesized: dict[str, Synthesized]) -> None:
    dev = synthesized["dev"]
    trusted = {
        logical_id[:8]: role["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]
        for logical_id, role in dev.resources("AWS::IAM::Role", "Delivery").items()
        if logical_id.startswith(("DiffRole", "DeployRo"))
    }
    issuer = "token.actions.githubusercontent.com"

    assert {tuple(s["Condition"]) for s in trusted.values()} == {("StringEquals",)}
    assert trusted["DiffRole"]["Condition"]["StringEquals"][f"{issuer}:sub"] == [
        "repo:cufit/cufit:pull_request"
    ]
    assert trusted["DeployRo"]["Condition"]["StringEquals"][f"{issuer}:sub"] == [
        "repo:cufit/cufit:environment:dev",
        "repo:cufit/cufit:environment:prod",
    ]


def test_a_pull_request_may_look_and_not_touch(synthesized: dict[str, Synthesized]) -> None:
    allowed = synthesized["dev"].allowed("DiffRole")

    assert set(allowed) == {"sts:AssumeRole"}
    (role,) = allowed["sts:AssumeRole"]
    assert "lookup-role" in role


def test_people_need_a_second_factor(synthesized: dict[str, Synthesized]) -> None:
    for logical_id, role in synthesized["dev"].resources("AWS::IAM::Role", "Delivery").items():
        if logical_id.startswith("Ops"):
            (statement,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
            assert statement["Condition"] == {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


def test_reading_operators_see_no_profile(synthesized: dict[str, Synthesized]) -> None:
    reading = {
        json.dumps(statement["Resource"]).partition("-*-")[2].partition("*")[0]: statement
        for role, statement in synthesized["dev"].statements()
        if role.startswith("OpsRead") and "dynamodb:" in json.dumps(statement["Action"])
    }
    assert set(reading) == {"Recommendations", "Candidates"}
    for statement in reading.values():
        attributes = statement["Condition"]["ForAllValues:StringEquals"]["dynamodb:Attributes"]
        assert not {"name", "phone", "self_introduction", "result"} & set(attributes)


def test_operators_may_read_of_a_profile_what_the_command_reads(app: Any) -> None:
    from stacks.components.operator_permissions import INDEX_FACTS  # noqa: PLC0415 - conftest.app

    assert tuple(INDEX_FACTS) == knowledge_base.INDEX_FACTS


def test_operators_reach_this_projects_knowledge_bases_only(
    synthesized: dict[str, Synthesized],
) -> None:
    granted = {
        action: statement["Condition"]
        for role, statement in synthesized["dev"].statements()
        for action in as_list(statement["Action"])
        if role.startswith("Ops") and action.startswith("bedrock:")
    }
    assert {json.dumps(condition) for condition in granted.values()} == {
        json.dumps({"Null": {"aws:ResourceTag/cufit:environment": "false"}})
    }
    assert {action.removeprefix("bedrock:") for action in granted} == {
        *(f"{verb}KnowledgeBaseDocuments" for verb in ("List", "Get", "Ingest", "Delete")),
        "StartIngestionJob",
        "Retrieve",
    }
    reading = synthesized["dev"].allowed("OpsReadRole")
    assert [action for action in reading if action.startswith("bedrock:")] == [
        "bedrock:ListKnowledgeBaseDocuments"
    ]


def test_delivery_is_once_per_account(synthesized: dict[str, Synthesized]) -> None:
    holders = [name for name, found in synthesized.items() if "Delivery" in found.templates]

    assert holders == ["dev"]


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


def test_every_alarm_has_a_runbook_name_of_its_own(environment: Synthesized) -> None:
    pages = [
        Path(alarm["AlarmDescription"].rpartition(" ")[2]).stem
        for alarm in environment.properties("AWS::CloudWatch::Alarm")
    ]

    assert len(set(pages)) == len(pages)
    assert "match-requests-dead-letters" in pages
