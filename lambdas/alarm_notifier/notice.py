"""The sentence people read when something happens: what, why, the page to read and the command to
begin with. Pure.

Whoever publishes says the page and the command: an alarm in its description, a rule in its text, as
"… First: `COMMAND`. Runbook: docs/runbook/PAGE.md". Names are never taken apart to guess a page.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

MAX_NOTICE = 1900
"""Characters; Discord takes 2,000 in `content`, Slack advises 4,000 in `text`."""

INDEX = "docs/runbook/README.md"
"""The page of whatever names none."""

_MARKS = {"ALARM": "🔴", "OK": "🟢", "INSUFFICIENT_DATA": "⚪"}
_PAGE = re.compile(r"docs/runbook/[\w-]+\.md")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the environment's people."""

    env: str
    github_repository: str | None = None

    def link(self, page: str) -> str:
        """`page` on GitHub, of the default branch; its path where no repository is configured."""
        if self.github_repository is None:
            return page
        return f"https://github.com/{self.github_repository}/blob/HEAD/{page}"


def notice_of(subject: str, message: str, reader: Reader) -> str:
    """Text for one SNS notification: a CloudWatch alarm, or whatever else was published."""
    content = _decoded(message)
    if isinstance(content, dict) and "AlarmName" in content and "NewStateValue" in content:
        return _of_alarm(content, reader)
    # A rule's text arrives as a JSON string (EventBridge user guide, input transformation).
    return _other(subject, content if isinstance(content, str) else message, reader)


def _of_alarm(alarm: dict[str, Any], reader: Reader) -> str:
    name, state = str(alarm["AlarmName"]), str(alarm["NewStateValue"])
    meaning, first, page = _parts(str(alarm.get("AlarmDescription") or ""))
    return _fitted(
        f"{_MARKS.get(state, '⚪')} **{_short(name)}** is {state} ({reader.env})",
        meaning,
        str(alarm.get("NewStateReason") or "no reason given"),
        first or f"aws cloudwatch describe-alarms --alarm-names {name}",
        reader.link(page),
    )


def _other(subject: str, message: str, reader: Reader) -> str:
    text, first, page = _parts(message)
    if first is None and subject.startswith("AWS Budgets"):
        first = f"cufit brake status --env {reader.env}"
    title = f"🔔 **{subject or 'notification'}** ({reader.env})"
    return _fitted(title, "", text, first, reader.link(page))


def _fitted(title: str, meaning: str, reason: str, first: str | None, link: str) -> str:
    """The reason is what may be cut: of all lines the page and the command are needed most."""
    lines = [title, meaning, f"`{first}`" if first else "", link]
    room = MAX_NOTICE - len("\n".join(line for line in lines if line)) - 1
    cut = reason if len(reason) <= room else reason[: max(room - 1, 0)] + "…"
    return "\n".join(line for line in (title, cut, meaning, *lines[2:]) if line)[:MAX_NOTICE]


def _parts(text: str) -> tuple[str, str | None, str]:
    """What a description means, its command and its page."""
    rest, _, page = text.rstrip().rpartition("Runbook: ")
    if not _PAGE.fullmatch(page):
        return text.strip(), None, INDEX
    meaning, _, first = rest.rstrip().rpartition("First: `")
    if not first.endswith("`."):
        return rest.strip(), None, page
    return meaning.strip(), first.removesuffix("`."), page


def _short(name: str) -> str:
    """cufit-dev-Observability-AlarmNoHeartbeat0EFF4080-xYz1 → NoHeartbeat; others stay."""
    made = re.fullmatch(r"cufit-\w+-\w+-Alarm(\w+?)[0-9A-F]{8}-\w+", name)
    return made[1] if made else name


def _decoded(message: str) -> Any:
    try:
        return json.loads(message)
    except (ValueError, RecursionError):
        return None
