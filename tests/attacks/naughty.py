"""Naughty strings in every text, number, key, header, path and query of every operation."""

import json
import random
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote

from tests.attacks.access import NO_ID
from tests.attacks.access import ROLES as ROLES_OF
from tests.attacks.cast import ROLES, Cast, gather_cast
from tests.attacks.corpora import naughty_strings
from tests.attacks.document import Operation, leaves, replaced
from tests.attacks.exchange import Answer, Client, Header, Request
from tests.attacks.judge import Judge
from tests.attacks.people import Actor
from tests.attacks.system import System
from tests.attacks.town import visibility

TOWN: Final = 9
"""Its number."""

OTHERS_SHARE: Final = 12
"""One string in so many is sent by those whose role does not include the operation, too."""

OF_ANY_OPERATION: Final = (
    "Authorization", "X-Correlation-Id", "Accept", "Accept-Language", "Origin", "Cookie",
)  # fmt: skip
ON_ONE: Final = "get_me"
"""The operation whose requests carry headers that no operation is particular about."""

PROFILE: Final = "/v1/candidates/me"
MISLEADING: Final = re.compile(
    "[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069\\ud800-\\udfff\\U000e0000-\\U000e007f]"
)
"""Controls but line breaks, bidi overrides and isolates, lone surrogates, tags."""
FILLERS: Final = "\u115f\u1160\u3164\uffa0"
"""Letters of Hangul that show nothing."""

Make = Callable[[Actor, str], Request]


@dataclass(frozen=True)
class Slot:
    """One place for a string in the requests of an operation."""

    operation: Operation
    make: Make


def slots(operation: Operation) -> Iterator[Slot]:
    sample = operation.sample
    for variable in operation.variables:
        yield Slot(operation, _in_path(operation, variable))
    for name in operation.parameters("query"):
        yield Slot(operation, _in_query(operation, name))
    if operation.described["operationId"] == ON_ONE:
        yield Slot(operation, _in_query(operation, "unknown"))
        for name in OF_ANY_OPERATION:
            yield Slot(operation, _in_header(operation, name))
    for name in operation.parameters("header"):
        yield Slot(operation, _in_header(operation, name))
    if sample is not None:
        yield Slot(operation, _in_header(operation, "Content-Type"))
        for place in leaves(sample):
            yield Slot(operation, lambda who, text, at=place: request(  # type: ignore[misc]
                operation, who, body=replaced(body_of(operation, who), at, text)))  # fmt: skip
        yield Slot(operation, lambda who, text: request(
            operation, who, body=body_of(operation, who) | {text: text}))  # fmt: skip


def request(
    operation: Operation,
    actor: Actor,
    *,
    body: Any = None,
    headers: tuple[Header, ...] = (),
    query: str = "",
    variables: Mapping[str, str] = MappingProxyType({}),
) -> Request:
    """With the actor's own things where nothing else is given."""
    path = operation.path
    for name in operation.variables:
        value = variables.get(name, actor.own.get(name, NO_ID))
        path = path.replace(f"{{{name}}}", _quoted(value))
    data = None
    if operation.sample is not None:
        data = json.dumps(body_of(operation, actor) if body is None else body).encode()
    typed = {"content_type": None} if any(name == "Content-Type" for name, _ in headers) else {}
    return Request(operation.method, path + query, actor, data, headers, **typed)


def body_of(operation: Operation, actor: Actor) -> Any:
    """As the document describes it, with the actor's own things."""
    body = operation.sample
    own = {
        "candidateId": actor.own.get("candidate_id", NO_ID),
        "otherCandidateId": actor.own.get("other_id", NO_ID),
        "photoIds": [actor.own.get("photo_id", "pho_none")],
    }
    return body | {name: own[name] for name in body if name in own}


def _in_path(operation: Operation, variable: str) -> Make:
    return lambda who, text: request(operation, who, variables={variable: text})


def _in_query(operation: Operation, name: str) -> Make:
    return lambda who, text: request(operation, who, query=f"?{name}={_quoted(text)}")


def _in_header(operation: Operation, name: str) -> Make:
    before = "Bearer " if name == "Authorization" else ""

    def make(who: Actor, text: str) -> Request:
        sent = (before + text).translate({0: "", 10: "", 13: ""})
        return request(operation, who, headers=((name, sent.encode("utf-8", "surrogatepass")),))

    return make


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


async def attack(system: System, client: Client, judge: Judge) -> None:
    cast = await gather_cast(client, system.tables, TOWN)
    judge.may_see = visibility([cast.town])

    def look(sent: Request, answer: Answer) -> None:
        judge.look(sent, answer)
        if sent.method == "PUT" and sent.target == PROFILE and answer.status in (200, 201):
            for fault in unreadable(json.loads(answer.body)):
                judge.find("wrong", f"a profile is kept {fault}", f"PUT {PROFILE}", sent)

    await client.all(_requests(judge, cast), look)


def unreadable(profile: Mapping[str, Any]) -> Iterator[str]:
    """What nobody should read in a profile that was kept."""
    texts = [value for value in _values(profile) if isinstance(value, str)]
    if not re.fullmatch(r"01[0-9]{8,9}", profile["phone"]):
        yield f"with the phone {profile['phone']!a}"
    for text in texts:
        if unicodedata.normalize("NFC", text) != text:
            yield "with a text that is not NFC"
        if MISLEADING.search(text):
            yield "with characters that mislead"
        if text and all(mark in FILLERS or unicodedata.category(mark)[0] in "ZC" for mark in text):
            yield "with a text that nobody sees"


def _values(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _values(one)
    else:
        yield value


def _requests(judge: Judge, cast: Cast) -> Iterator[Request]:
    """In an order drawn at random, which spreads each role's over all the time."""
    drawn: list[tuple[Slot, str, str]] = []
    for operation in judge.document.operations:
        may = ROLES_OF.get(operation.described["operationId"], ROLES)
        for slot in slots(operation):
            for number, text in enumerate(naughty_strings()):
                for role in ROLES:
                    if role in may or number % OTHERS_SHARE == 0:
                        drawn.append((slot, role, text))
    random.shuffle(drawn)
    for slot, role, text in drawn:
        yield slot.make(cast.one(role), text)
