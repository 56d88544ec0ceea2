"""How often rules start something by the clock."""

import re
from collections.abc import Mapping
from typing import Any

_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_MINUTES = {"minute": 1, "hour": 60, "day": 1440}


def every_minutes(rule: Mapping[str, Any]) -> int | None:
    """Of an AWS::Events::Rule's schedule; None without one, and for a cron expression, which is not
    read here."""
    rate = _RATE.fullmatch(str(rule.get("ScheduleExpression", "")))
    return int(rate[1]) * _MINUTES[rate[2]] if rate else None
