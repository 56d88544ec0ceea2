"""The sentence people read when something happens: what, why, and the runbook's page. Pure."""

import json
from typing import Any

MAX_NOTICE = 1900
"""Characters; Discord takes 2,000 in `content`."""

_MARKS = {"ALARM": "🔴", "OK": "🟢", "INSUFFICIENT_DATA": "⚪"}


def notice_of(subject: str, message: str, env: str) -> str:
    """Text for one SNS notification: a CloudWatch alarm, or whatever else was published."""
    alarm = _alarm(message)
    text = _other(subject, message, env) if alarm is None else _of_alarm(alarm, env)
    return text if len(text) <= MAX_NOTICE else text[: MAX_NOTICE - 1] + "…"


def _of_alarm(alarm: dict[str, Any], env: str) -> str:
    name, state = str(alarm["AlarmName"]), str(alarm["NewStateValue"])
    lines = [
        f"{_MARKS.get(state, '⚪')} **{name}** is {state} ({env})",
        str(alarm.get("NewStateReason") or "no reason given"),
    ]
    if description := alarm.get("AlarmDescription"):  # names the runbook's page
        lines.append(str(description))
    return "\n".join(lines)


def _other(subject: str, message: str, env: str) -> str:
    title = subject or "notification"
    return f"🔔 **{title}** ({env})\n{message}"


def _alarm(message: str) -> dict[str, Any] | None:
    try:
        found = json.loads(message)
    except (ValueError, RecursionError):
        return None
    is_alarm = isinstance(found, dict) and "AlarmName" in found and "NewStateValue" in found
    return found if is_alarm else None
