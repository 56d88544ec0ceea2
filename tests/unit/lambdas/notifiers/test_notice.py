"""What the chat reads when something happens."""

import json
from typing import Any

import pytest

from alarm_notifier.notice import MAX_NOTICE, Reader, notice_of

NAME = "cufit-dev-Observability-AlarmNoHeartbeat0EFF4080-kQ8W2aBcDeFg"
"""As CloudFormation names an alarm: stack, logical id, twelve characters of its own."""
PROD = Reader("prod")
DEV = Reader("dev", "team/cufit")
PAGES = "https://github.com/team/cufit/blob/HEAD/docs/runbook"


def alarm(**changes: Any) -> str:
    """The message of an alarm's action, as CloudWatch's user guide shows it."""
    fields = {
        "AlarmName": NAME,
        "AlarmDescription": "The API did not answer. Runbook: docs/runbook/no-heartbeat.md",
        "AWSAccountId": "111122223333",
        "AlarmConfigurationUpdatedTimestamp": "2026-11-20T04:14:19.613+0000",
        "NewStateValue": "ALARM",
        "NewStateReason": "Threshold Crossed: 2 datapoints [1.0 (20/11/26 04:21:00), 1.0] were "
        "greater than or equal to the threshold (1.0).",
        "StateChangeTime": "2026-11-20T04:26:11.000+0000",
        "Region": "Asia Pacific (Seoul)",
        "AlarmArn": f"arn:aws:cloudwatch:ap-northeast-2:111122223333:alarm:{NAME}",
        "OldStateValue": "OK",
        "OKActions": ["arn:aws:sns:ap-northeast-2:111122223333:alarms"],
        "AlarmActions": ["arn:aws:sns:ap-northeast-2:111122223333:alarms"],
        "InsufficientDataActions": [],
        "Trigger": {
            "MetricName": "Errors",
            "Namespace": "AWS/Lambda",
            "StatisticType": "Statistic",
            "Statistic": "SUM",
            "Unit": None,
            "Dimensions": [{"value": "heartbeat", "name": "FunctionName"}],
            "Period": 300,
            "EvaluationPeriods": 2,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "Threshold": 1.0,
            "TreatMissingData": "breaching",
            "EvaluateLowSampleCountPercentile": "",
        },
    }
    return json.dumps(fields | changes)


def test_an_alarm_says_what_why_the_page_and_where_to_begin() -> None:
    subject = f'ALARM: "{NAME}" in Asia Pacific (Seoul)'
    assert notice_of(subject, alarm(), DEV).splitlines() == [
        "🔴 **NoHeartbeat** is ALARM (dev)",
        "Threshold Crossed: 2 datapoints [1.0 (20/11/26 04:21:00), 1.0] were greater than or "
        "equal to the threshold (1.0).",
        "The API did not answer.",
        f"`aws cloudwatch describe-alarms --alarm-names {NAME}`",
        f"{PAGES}/no-heartbeat.md",
    ]


def test_the_description_names_the_command_and_the_page_whatever_the_name() -> None:
    description = (
        "Half were ranked without AI. First: `cufit brake status --env prod`. "
        "Runbook: docs/runbook/degraded.md"
    )
    assert notice_of("", alarm(AlarmDescription=description), PROD).splitlines()[2:] == [
        "Half were ranked without AI.",
        "`cufit brake status --env prod`",
        "docs/runbook/degraded.md",
    ]


@pytest.mark.parametrize(
    "description", [None, "", "By hand.", "Runbook: docs/runbook/../../x.md", "Runbook: here"]
)
def test_without_a_page_the_index_is_named_and_none_is_guessed(description: str | None) -> None:
    text = notice_of("", alarm(AlarmDescription=description), DEV)
    assert text.splitlines()[-1] == f"{PAGES}/README.md"


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("cufit-prod-Observability-AlarmMatchRequestsAge3F0C1B2A-Q8W2", "MatchRequestsAge"),
        ("cufit-dev-Observability-AlarmDegraded60B21C41-1ABCDEFGHIJKL", "Degraded"),
        ("made-by-hand", "made-by-hand"),
    ],
)
def test_people_read_the_alarms_own_name(name: str, short: str) -> None:
    assert notice_of("", alarm(AlarmName=name), PROD).startswith(f"🔴 **{short}** is ALARM")


@pytest.mark.parametrize(
    ("state", "mark"), [("OK", "🟢"), ("INSUFFICIENT_DATA", "⚪"), ("NEW_STATE", "⚪")]
)
def test_states_have_marks(state: str, mark: str) -> None:
    assert notice_of("", alarm(NewStateValue=state), DEV).startswith(mark)


def test_a_missing_reason_is_told() -> None:
    assert "no reason given" in notice_of("", alarm(NewStateReason=None), DEV)


def test_what_a_rule_says_is_a_sentence_with_its_page() -> None:
    """The text of an input transformer arrives in quotes."""
    message = json.dumps(
        "A deployment of the service failed. ECS says: SERVICE_DEPLOYMENT_FAILED ECS deployment "
        "circuit breaker: task failed to start.. Runbook: docs/runbook/deployment-failed.md"
    )
    assert notice_of("", message, DEV).splitlines() == [
        "🔔 **notification** (dev)",
        "A deployment of the service failed. ECS says: SERVICE_DEPLOYMENT_FAILED ECS deployment "
        "circuit breaker: task failed to start..",
        f"{PAGES}/deployment-failed.md",
    ]


def test_what_a_budget_says_comes_with_the_brakes_command() -> None:
    message = (
        "AWS Budget Notification November 20, 2026\nAWS Account 111122223333\n\nDear AWS Customer,"
        "\n\nYou requested that we alert you when the ACTUAL Cost associated with your budget is "
        "greater than $30.00 for the current month. The ACTUAL Cost is $31.07.\n"
    )
    subject = "AWS Budgets: cufit has exceeded your alert threshold"
    text = notice_of(subject, message, PROD)
    assert text.startswith(f"🔔 **{subject}** (prod)\nAWS Budget Notification November 20, 2026\n")
    assert text.endswith("\n`cufit brake status --env prod`\ndocs/runbook/README.md")


@pytest.mark.parametrize("message", ["Budget exceeded", "{}", "[1]", "[" * 100_000, "null"])
def test_anything_else_is_passed_on(message: str) -> None:
    text = notice_of("Something", message, DEV)
    assert text.startswith("🔔 **Something** (dev)\n" + message[:10])
    assert len(text) <= MAX_NOTICE


@pytest.mark.parametrize(
    "long",
    [
        alarm(NewStateReason="x" * 5000),
        alarm(
            AlarmName="n" * 255,
            NewStateReason="x" * 1023,
            AlarmDescription=f"{'y' * 900}. Runbook: docs/runbook/no-heartbeat.md",
        ),
        " " * 200_000 + "x" * 50_000 + ". Runbook: docs/runbook/no-heartbeat.md",
    ],
    ids=["reason", "everything", "text"],
)
def test_a_notice_fits_into_a_message_and_keeps_its_page(long: str) -> None:
    text = notice_of("", long, DEV)
    assert len(text) <= MAX_NOTICE
    assert "…" in text
    assert text.endswith(f"{PAGES}/no-heartbeat.md")
