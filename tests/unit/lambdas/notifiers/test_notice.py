"""What the chat reads when something happens."""

import json
from typing import Any

import pytest

from alarm_notifier.notice import MAX_NOTICE, notice_of

NAME = "cufit-prod-Observability-AlarmMatchRequestsDeadLetters3F0C1B2A-Q8W2"
"""As CloudFormation names an alarm."""


def alarm(**changes: Any) -> str:
    fields = {
        "AlarmName": NAME,
        "AlarmDescription": "A message was given up. Runbook: docs/runbook/match-requests.md",
        "NewStateValue": "ALARM",
        "NewStateReason": "Threshold Crossed: 1 datapoint [1.0] was greater than 0",
        "Region": "Asia Pacific (Seoul)",
    }
    return json.dumps(fields | changes)


def test_an_alarm_says_what_why_and_what_next() -> None:
    assert notice_of("ALARM", alarm(), "prod").splitlines() == [
        f"🔴 **{NAME}** is ALARM (prod)",
        "Threshold Crossed: 1 datapoint [1.0] was greater than 0",
        "A message was given up. Runbook: docs/runbook/match-requests.md",
    ]


@pytest.mark.parametrize(
    ("state", "mark"), [("OK", "🟢"), ("INSUFFICIENT_DATA", "⚪"), ("NEW_STATE", "⚪")]
)
def test_states_have_marks(state: str, mark: str) -> None:
    assert notice_of("", alarm(NewStateValue=state), "dev").startswith(mark)


def test_a_missing_reason_is_told() -> None:
    assert "no reason given" in notice_of("", alarm(NewStateReason=None), "dev")


@pytest.mark.parametrize("message", ["Budget exceeded", "{}", "[1]", "[" * 100_000, "null"])
def test_anything_else_is_passed_on(message: str) -> None:
    text = notice_of("AWS Budgets", message, "dev")
    assert text.startswith("🔔 **AWS Budgets** (dev)\n" + message[:10])
    assert len(text) <= MAX_NOTICE


def test_a_notice_fits_into_a_message() -> None:
    text = notice_of("", alarm(NewStateReason="x" * 5000), "dev")
    assert len(text) == MAX_NOTICE
    assert text.endswith("…")
