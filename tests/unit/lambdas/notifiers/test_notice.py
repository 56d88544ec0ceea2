"""What the chat reads when something happens."""

import json
from typing import Any

import pytest

from alarm_notifier.notice import MAX_NOTICE, notice_of, runbook_of


def alarm(**changes: Any) -> str:
    fields = {
        "AlarmName": "cufit-prod-match-requests-dlq",
        "AlarmDescription": "A request failed five times",
        "NewStateValue": "ALARM",
        "NewStateReason": "Threshold Crossed: 1 datapoint [1.0] was greater than 0",
        "Region": "Asia Pacific (Seoul)",
    }
    return json.dumps(fields | changes)


def test_an_alarm_says_what_why_and_what_next() -> None:
    assert notice_of("ALARM", alarm(), "prod").splitlines() == [
        "🔴 **cufit-prod-match-requests-dlq** is ALARM (prod)",
        "Threshold Crossed: 1 datapoint [1.0] was greater than 0",
        "A request failed five times",
        "runbook: docs/runbook/match-requests-dlq.md",
        "next: `cufit status --env prod`",
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


def test_an_alarm_of_another_name_has_a_page_too() -> None:
    assert runbook_of("service-5xx", "dev") == "docs/runbook/service-5xx.md"
