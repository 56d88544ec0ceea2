"""Which notifications tell of a limit that is passed, and what to do about one. Pure."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from cufit_contracts.brake import BrakeValue
from cufit_contracts.metrics import Metric

A_DAY = timedelta(hours=24)
"""How long a day's breach holds: as long as the alarm's window, so that it has forgotten the
spending by then and can tell of the next."""

BUDGET_LAG = timedelta(hours=12)
"""How far Budgets are behind the spending, at most (AWS Budgets guide: updated up to three times
a day, 8 to 12 hours after the last). What is told in the first hours of a month is the last's."""

_DOLLARS = r"\$([\d,]+(?:\.\d+)?)\s*$"


@dataclass(frozen=True, slots=True)
class Breach:
    what: str
    told_at: datetime
    until: datetime
    """When it is over: a day's after 24 hours, a month's with the month (UTC, as Budgets count)."""


def breach_of(message: str, told_at: datetime) -> Breach | None:
    """The breach a notification tells of; None for alarms that end, forecasts, Budgets' messages
    of verification, and anything else."""
    try:
        alarm = json.loads(message)
    except (ValueError, RecursionError):
        return _of_budget(message, told_at)
    if not isinstance(alarm, dict) or alarm.get("NewStateValue") != "ALARM":
        return None
    trigger = alarm.get("Trigger")
    if not isinstance(trigger, dict) or trigger.get("MetricName") != Metric.AI_SPEND:
        return None
    return Breach("a day's AI spending", told_at, told_at + A_DAY)


def decision(
    now_set: BrakeValue, set_at: datetime, breach: Breach, now: datetime
) -> BrakeValue | None:
    """What to set the brake to, or None to leave it.

    What a person pulled stays pulled. What a person released after the breach was told stays
    released: SNS may deliver twice, and late. Of two breaches the longer one holds.
    """
    if breach.until <= now:
        return None
    if now_set.pulled and (now_set.until is None or now_set.until >= breach.until):
        return None
    if not now_set.pulled and set_at >= breach.told_at:
        return None
    return BrakeValue(pulled=True, until=breach.until)


def _of_budget(message: str, told_at: datetime) -> Breach | None:
    """Budgets write English text; the lines that count are the same since 2019 at least."""
    kind = re.search(r"^Alert Type:\s*(\w+)\s*$", message, re.MULTILINE)
    limit = re.search(rf"^Budgeted Amount:\s*{_DOLLARS}", message, re.MULTILINE)
    spent = re.search(rf"^ACTUAL Amount:\s*{_DOLLARS}", message, re.MULTILINE)
    if not (kind and limit and spent) or kind[1] != "ACTUAL" or _usd(spent) < _usd(limit):
        return None
    of = told_at.astimezone(UTC) - BUDGET_LAG
    until = datetime(of.year + of.month // 12, of.month % 12 + 1, 1, tzinfo=UTC)
    return Breach("a month's budget", told_at, until)


def _usd(found: re.Match[str]) -> Decimal:
    return Decimal(found[1].replace(",", ""))
