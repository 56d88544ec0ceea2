"""Every condition the code puts on a write, found by listening, so that each can be left out."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.drills.boundary import Rewrite

_AND = re.compile(r"\bAND\b")
_PLACEHOLDER = re.compile(r"[#:][A-Za-z0-9_]+")


@dataclass(frozen=True, order=True)
class Condition:
    """A ConditionExpression or one conjunct of it, with the names it stands for."""

    action: str
    """Put, Update, Delete or ConditionCheck."""
    table: str
    text: str

    def __str__(self) -> str:
        return f"{self.action} {self.table}: {self.text}"


def conditions_of(operation: str, request: Mapping[str, Any]) -> Iterator[Condition]:
    """Each conjunct and, where there are several, the whole."""
    for action, write in _writes(operation, request):
        parts = _conjuncts(write.get("ConditionExpression", ""))
        for part in [*parts, *([" AND ".join(parts)] if len(parts) > 1 else [])]:
            yield Condition(action, write["TableName"], _named(part, write))


def without(condition: Condition) -> Rewrite:
    """Requests are sent as if nobody had thought of `condition`."""

    def rewrite(service: str, operation: str, request: Mapping[str, Any]) -> Mapping[str, Any]:
        if service != "dynamodb" or condition not in conditions_of(operation, request):
            return request
        if "TransactItems" not in request:
            return _relieved(request, condition)
        actions = [
            {action: _relieved(write, condition) if _has(action, write, condition) else write}
            for action, write in _writes(operation, request)
        ]
        # A check that checks nothing is none.
        kept = [
            one
            for one in actions
            if "ConditionCheck" not in one or "ConditionExpression" in one["ConditionCheck"]
        ]
        return {**request, "TransactItems": kept}

    return rewrite


def _has(action: str, write: Mapping[str, Any], condition: Condition) -> bool:
    return (action, write["TableName"]) == (condition.action, condition.table)


def _relieved(write: Mapping[str, Any], condition: Condition) -> dict[str, Any]:
    parts = _conjuncts(write.get("ConditionExpression", ""))
    whole = _named(" AND ".join(parts), write) == condition.text
    kept = [part for part in parts if not whole and _named(part, write) != condition.text]
    changed = {name: value for name, value in write.items() if name != "ConditionExpression"}
    return changed | ({"ConditionExpression": " AND ".join(kept)} if kept else {})


def _writes(operation: str, request: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    if operation == "TransactWriteItems":
        return [next(iter(one.items())) for one in request["TransactItems"]]
    if operation in ("PutItem", "UpdateItem", "DeleteItem"):
        return [(operation.removesuffix("Item"), request)]
    return []


def _conjuncts(text: str) -> list[str]:
    """Split at each AND outside of parentheses; no condition of cufit has a BETWEEN."""
    text = text.strip()
    while text.startswith("(") and _closes_at(text) == len(text) - 1:
        text = text[1:-1].strip()
    if not text:
        return []
    cuts = [found for found in _AND.finditer(text) if _depth(text, found.start()) == 0]
    starts = [0, *(found.end() for found in cuts)]
    ends = [*(found.start() for found in cuts), len(text)]
    pieces = [text[start:end].strip() for start, end in zip(starts, ends, strict=True)]
    if len(pieces) == 1:
        return pieces
    return [part for piece in pieces for part in _conjuncts(piece)]


def _depth(text: str, end: int) -> int:
    return text.count("(", 0, end) - text.count(")", 0, end)


def _closes_at(text: str) -> int:
    """Where the parenthesis that opens at 0 closes."""
    return next(at for at in range(len(text)) if _depth(text, at + 1) == 0)


def _named(part: str, write: Mapping[str, Any]) -> str:
    names = write.get("ExpressionAttributeNames") or {}
    return _PLACEHOLDER.sub(lambda found: names.get(found[0], "?"), part)
