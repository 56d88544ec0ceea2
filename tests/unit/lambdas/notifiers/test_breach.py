"""Which notifications pull the brake, until when, and what of a person's they leave alone."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cost_brake.breach import Breach, breach_of, decision
from cufit_contracts.brake import BrakeValue

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 1, tzinfo=UTC)
OFF, BY_HAND = BrakeValue(pulled=False), BrakeValue(pulled=True)

BUDGET = """\
AWS Budget Notification November 28, 2026
AWS Account 123456789012

Dear AWS Customer,

You requested that we alert you when the {kind} Cost associated with your cufit-dev budget is \
greater than {limit} for the current month. The {kind} Cost associated with this budget is \
{spent}. You can find additional details below and by accessing the AWS Budgets dashboard [1].

Budget Name: cufit-dev
Budget Type: Cost
Budgeted Amount: {limit}
Alert Type: {kind}
Alert Threshold: > {limit}
{kind} Amount: {spent}

[1] https://console.aws.amazon.com/billing/home#/budgets
"""
"""As AWS publishes it to SNS: English text, logged by several public projects since 2019."""

VERIFICATION = (
    "You have successfully subscribed your Amazon SNS topic to receive AWS Budgets notifications."
)


def budget(kind: str = "ACTUAL", limit: str = "$2.50", spent: str = "$2.61") -> str:
    return BUDGET.format(kind=kind, limit=limit, spent=spent)


def alarm(**changes: Any) -> str:
    """As CloudWatch publishes it (user guide, notifying users on alarm changes)."""
    message = {
        "AlarmName": "cufit-dev-Budget-AiSpend1A2B3C4D-E5F6",
        "AlarmDescription": "AI cost more than $0.25 in 24 hours.",
        "AWSAccountId": "123456789012",
        "NewStateValue": "ALARM",
        "NewStateReason": "Threshold Crossed: 1 datapoint [0.2507] was greater than …",
        "StateChangeTime": "2026-11-28T11:59:58.123+0000",
        "Region": "Asia Pacific (Seoul)",
        "OldStateValue": "OK",
        "Trigger": {"MetricName": "AiSpend", "Namespace": "cufit", "Period": 86400},
    }
    return json.dumps({**message, **changes})


def test_a_day_holds_for_24_hours() -> None:
    breach = breach_of(alarm(), NOW)
    assert breach
    assert breach.until == NOW + timedelta(hours=24)


@pytest.mark.parametrize("spent", ["$2.50", "$2.61", "$1,002.61", "$3"])
def test_a_month_holds_until_it_is_over(spent: str) -> None:
    breach = breach_of(budget(spent=spent), NOW)
    assert breach
    assert breach.until == DECEMBER


@pytest.mark.parametrize(
    ("told_at", "until"),
    [
        (datetime(2026, 11, 30, 23, 59, tzinfo=UTC), DECEMBER),
        (datetime(2026, 12, 1, 11, 59, tzinfo=UTC), DECEMBER),  # of November, told late
        (datetime(2026, 12, 1, 12, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
        (datetime(2026, 12, 31, 12, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_months_breach_is_of_the_month_it_was_spent_in(
    told_at: datetime, until: datetime
) -> None:
    breach = breach_of(budget(), told_at)
    assert breach
    assert breach.until == until


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(alarm(NewStateValue="OK", OldStateValue="ALARM"), id="the alarm ends"),
        pytest.param(alarm(NewStateValue="INSUFFICIENT_DATA"), id="no data"),
        pytest.param(alarm(Trigger={"MetricName": "Errors"}), id="another alarm"),
        pytest.param(alarm(Trigger=None), id="a composite alarm"),
        pytest.param(budget(kind="FORECASTED"), id="a forecast"),
        pytest.param(budget(spent="$2.49"), id="less than the budget"),
        pytest.param(budget(limit="a lot"), id="no limit"),
        pytest.param(VERIFICATION, id="verification"),
        pytest.param("The budget is exceeded! Alert Type: ACTUAL", id="not from AWS"),
        pytest.param("[" * 100_000, id="deep"),
        *("{}", "[]", "null", ""),
    ],
)
def test_nothing_else_is_a_breach(message: str) -> None:
    assert breach_of(message, NOW) is None


def breach(until: datetime) -> Breach:
    return Breach("test", NOW, until)


def until(when: datetime) -> BrakeValue:
    return BrakeValue(pulled=True, until=when)


BEFORE, LATER, TOMORROW = (NOW + timedelta(hours=hours) for hours in (-1, 1, 24))


@pytest.mark.parametrize(
    ("now_set", "set_at", "of", "expected"),
    [
        (OFF, BEFORE, TOMORROW, until(TOMORROW)),
        (OFF, LATER, TOMORROW, None),  # a person released it after this was told
        (BY_HAND, BEFORE, TOMORROW, None),  # stays pulled, and does not end tomorrow
        (until(LATER), BEFORE, TOMORROW, until(TOMORROW)),
        (until(DECEMBER), BEFORE, TOMORROW, None),  # the longer one holds, in either order
        (until(TOMORROW), LATER, DECEMBER, until(DECEMBER)),
        (until(TOMORROW), BEFORE, TOMORROW, None),  # delivered twice
        (until(BEFORE), BEFORE, TOMORROW, until(TOMORROW)),  # the last one has ended
        (OFF, BEFORE, BEFORE, None),  # delivered when it is over
    ],
)
def test_what_is_there_decides(
    now_set: BrakeValue, set_at: datetime, of: datetime, expected: BrakeValue | None
) -> None:
    assert decision(now_set, set_at, breach(of), NOW) == expected
