"""What is wrong with an answer, whatever is asked; and the findings, each with an example."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from tests.attacks.document import PROBLEM, Document, Operation
from tests.attacks.exchange import Answer, Request

CANARY: Final = re.compile(rb"Zq[A-Z]{2}\d{6}qZ|(?<!\d)01070\d{6}(?!\d)")
"""Planted in texts and phone numbers; made in town.py."""

FIELDS: Final = {
    "NM": "name",
    "FT": "freeText",
    "HB": "hobbies",
    "NK": "nickname",
    "CT": "city",
    "DT": "district",
    "JB": "job",
    "SI": "selfIntroduction",
    "RS": "reason",
}
"""By what stands in a canary's middle."""

_CORRELATION: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_OF_NO_OPERATION: Final = {404: "route_unknown", 405: "method_not_allowed"}

KINDS: Final = ("5xx", "undocumented", "leak", "wrong", "race")
"""Of findings: an answer of 5xx or none; not as the document says; somebody else's data; another
answer than the rule says; an invariant broken by a race."""


@dataclass
class Finding:
    kind: str
    fault: str
    example: str
    times: int = 0
    places: Counter[str] = field(default_factory=Counter)
    """Operations."""

    def __str__(self) -> str:
        places = list(self.places)
        where = places[0] if len(places) == 1 else f"{places[0]} and {len(places) - 1} more"
        return f"{self.kind} ×{self.times} {self.fault}\n    {where}: {self.example}"


MaySee = Callable[[Request, str], bool]
"""Whether who sent a request may see a canary in its answer."""


@dataclass
class Judge:
    document: Document
    may_see: MaySee = lambda _request, _canary: False
    attack: str = ""
    findings: dict[tuple[str, str, str], Finding] = field(default_factory=dict)
    """By attack, kind and fault, so that what is alike is told once."""
    reason: Callable[[str], str] = lambda _correlation_id: ""
    """Why a request failed, from the service's log."""

    def find(self, kind: str, fault: str, where: str, example: object) -> None:
        finding = self.findings.setdefault(
            (self.attack, kind, fault), Finding(kind, fault, str(example))
        )
        finding.times += 1
        finding.places[where] += 1

    def of(self, attack: str) -> Iterator[Finding]:
        return (found for key, found in self.findings.items() if key[0] == attack)

    def look(self, request: Request, answer: Answer) -> None:
        """Record what is wrong with the answer."""
        operation = self.document.of(request.method, request.target)
        where = (
            str(operation) if isinstance(operation, Operation) else f"{request.method} elsewhere"
        )
        for kind, fault in self._faults(request, operation, answer):
            self.find(kind, fault, where, request)

    def _faults(
        self, request: Request, operation: Operation | int, answer: Answer
    ) -> Iterator[tuple[str, str]]:
        shown = {found.decode() for found in CANARY.findall(answer.everything)}
        if leaked := {told(canary) for canary in shown if not self.may_see(request, canary)}:
            fields = ", ".join(sorted(leaked))
            yield "leak", f"{answer.status} shows {fields} to {request.actor.name}"
        if answer.status == 0:
            yield "5xx", f"no answer: {answer.body.decode()}"
        elif answer.status >= 500:
            why = self.reason(answer.header(b"x-correlation-id") or "")
            yield "5xx", f"{answer.status} {code_of(answer)} {why}".strip()
        elif request.is_http or answer.status != 400:
            yield from (("undocumented", fault) for fault in _form(request, operation, answer))


def told(canary: str) -> str:
    """The field it was planted in."""
    return FIELDS[canary[2:4]] if canary[:2] == "Zq" else "phone"


def _form(request: Request, operation: Operation | int, answer: Answer) -> Iterator[str]:
    correlation_id = answer.header(b"x-correlation-id")
    if correlation_id is None or not _CORRELATION.fullmatch(correlation_id):
        yield f"{answer.status} has no X-Correlation-Id"
    body: Any = None
    if answer.body:
        try:
            body = json.loads(answer.body)
        except ValueError:
            yield f"{answer.status} is not JSON"
            return
    if answer.content_type == PROBLEM and isinstance(body, dict):
        if body.get("status") != answer.status:
            yield f"{answer.status} says it is {body.get('status')}"
        if body.get("correlationId") != correlation_id:
            yield f"{answer.status} has two correlation ids"
    if isinstance(operation, Operation):
        if request.method != "HEAD":
            yield from operation.faults(answer.status, answer.content_type, body)
    elif answer.status != operation or code_of(answer) != _OF_NO_OPERATION[operation]:
        yield f"{answer.status} {code_of(answer)}, where the document has nothing"


def code_of(answer: Answer) -> str:
    """Of a problem."""
    found = re.search(rb'"code": ?"(\w+)"', answer.body)
    return found.group(1).decode() if found else ""
