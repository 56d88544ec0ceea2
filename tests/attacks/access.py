"""Object-level access: everybody asks for everything of everybody else, by every operation.

What is refused must be refused as the rules of domain.md say, word for word as if the thing did not
exist, show no canary, and change no row.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from tests.attacks.document import Document, Operation
from tests.attacks.exchange import Answer, Client, Request
from tests.attacks.judge import CANARY, Judge, code_of
from tests.attacks.people import Actor
from tests.attacks.system import LASTING, System
from tests.attacks.town import Town, build, everybody, photo_id, visibility

TOWNS: Final = 2

NO_ID: Final = "m_" + "0" * 26
"""As long as one, and nobody's."""

ANYBODY: Final = ("ADMIN", "MAKER", "CANDIDATE", "BASIC")
ROLES: Final[dict[str, Sequence[str]]] = {
    **dict.fromkeys(("get_me", "delete_me", "accept_invitation"), ANYBODY),
    **dict.fromkeys(("create_invitation", "list_invitations"), ("ADMIN", "MAKER")),
    **dict.fromkeys(("list_matches", "get_match"), ("MAKER", "CANDIDATE")),
    **dict.fromkeys(
        ("put_profile", "get_profile", "put_pause", "answer_match", "get_contact",
         "put_photo_order", "delete_photo"), ("CANDIDATE",),
    ),
    **dict.fromkeys(
        ("create_recommendation", "list_recommendations", "get_recommendation",
         "upgrade_recommendation", "list_candidates", "get_candidate", "create_match",
         "list_photos", "block_pair", "unblock_pair"), ("MAKER",),
    ),
    **dict.fromkeys(("get_operations", "lift_blocks"), ("ADMIN",)),
}  # fmt: skip
"""By operationId, whose role includes it (domain.md, People and roles)."""

UNKNOWN: Final = {
    "recommendation_id": "recommendation_unknown",
    "candidate_id": "candidate_unknown",
    "match_id": "match_unknown",
    "photo_id": "photo_unknown",
}
CARDS: Final = ("get_candidate", "list_photos")
"""Any maker sees any candidate's card."""


@dataclass(frozen=True)
class Thing:
    kind: str
    """The name addresses have for it."""
    id: str
    owners: Sequence[str]
    """Names of the actors it is not unknown to."""


def things(town: Town) -> Iterator[Thing]:
    makers = {name: maker for name, maker in town.maker_of.items() if maker in town.people}
    for name, actor in town.people.items():
        if actor.role == "CANDIDATE":
            owners = [makers[name]] if name in makers else []
            yield Thing("candidate_id", actor.member_id, owners)
            yield Thing("photo_id", actor.own["photo_id"], [name])
    yield Thing("candidate_id", town.people["left"].member_id, [])
    for life in ("left", "returned"):
        yield Thing("photo_id", photo_id(f"{life}, before", town.number), [])
    for seeker, made in town.recommendations.items():
        yield Thing("recommendation_id", made, [makers[seeker]])
    for pair, made in town.matches.items():
        one, other = pair.split("+")
        gone = {one, other} & {"left", "returned"}
        introduced_by = {"maker one" if name in gone else makers[name] for name in (one, other)}
        yield Thing("match_id", made, sorted({one, other} - gone | introduced_by))


def asked(operation: Operation, actor: Actor, thing: Thing) -> Request:
    """The operation on the thing, else with the actor's own or what does not matter."""
    path, query, body = operation.path, "", operation.sample
    named = {**actor.own, thing.kind: thing.id}
    for variable in operation.variables:
        path = path.replace(f"{{{variable}}}", named.get(variable, NO_ID))
    if operation.described["operationId"] == "list_matches" and thing.id:
        query = f"?candidateId={thing.id}"
    if isinstance(body, dict) and "candidateId" in body and thing.kind == "candidate_id":
        body = body | {"candidateId": thing.id, "otherCandidateId": NO_ID}
        body = {name: body[name] for name in operation.sample}
    if isinstance(body, dict) and "photoIds" in body:
        body = {"photoIds": [thing.id]}
    data = None if body is None else json.dumps(body).encode()
    return Request(operation.method, path + query, actor, data)


def concerns(operation: Operation, thing: Thing) -> bool:
    """Whether the operation takes such a thing from whoever asks."""
    name = operation.described["operationId"]
    body = operation.sample
    return (
        thing.kind in operation.variables
        or (name == "list_matches" and thing.kind == "candidate_id")
        or (isinstance(body, dict) and "candidateId" in body and thing.kind == "candidate_id")
        or (isinstance(body, dict) and "photoIds" in body and thing.kind == "photo_id")
    )


def expected(operation: Operation, actor: Actor, thing: Thing) -> tuple[int, str] | None:
    """Status and code; None when it is not to be refused."""
    name = operation.described["operationId"]
    if actor.role == "NOBODY":
        return 401, "token_invalid"
    if actor.role not in ROLES[name]:
        return 403, "role_not_allowed"
    is_done = (
        actor.name in thing.owners
        or (name == "list_matches" and actor.role == "CANDIDATE")  # their own, whoever is named
        or (name in CARDS and thing.id != NO_ID)
        or name == "lift_blocks"  # nothing to lift is no fault
    )
    return None if is_done else (404, UNKNOWN[thing.kind])


async def attack(system: System, client: Client, judge: Judge) -> None:
    towns = [await build(client, system.tables, number) for number in range(TOWNS)]
    judge.may_see = visibility(towns)
    await _owners_see(client, judge, towns)
    before = system.tables.lasting()
    inspection = _Inspection(judge)
    requests = [inspection.of(*one) for one in _attempts(judge.document, towns)]
    await client.all(_in_turns(requests), inspection.look)
    after = system.tables.lasting()
    for table in LASTING:
        for row in before[table].keys() ^ after[table].keys():
            change = "written" if row in after[table] else "gone"
            judge.find("wrong", f"a row is {change} by refused requests", table, row[:200])


def _attempts(document: Document, towns: list[Town]) -> Iterator[tuple[Operation, Actor, Thing]]:
    """What would be done is asked for by GET alone: nothing may change."""
    missing = [Thing(kind, NO_ID, []) for kind in UNKNOWN]
    for operation in document.operations:
        if operation.described["operationId"] not in ROLES:
            continue
        for town, actor in everybody(towns):
            if operation.method == "GET" and not operation.variables:
                yield operation, actor, Thing("nothing", "", [actor.name])
            for thing in [*_seen_from(town, towns), *missing]:
                refused = expected(operation, actor, thing) is not None
                if concerns(operation, thing) and (refused or operation.method == "GET"):
                    yield operation, actor, thing


def _seen_from(town: Town, towns: list[Town]) -> Iterator[Thing]:
    for other in towns:
        for thing in things(other):
            somebody = ["somebody else"] if thing.owners else []
            yield thing if other is town else replace(thing, owners=somebody)


class _Inspection:
    """Holds each answer against what is expected."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._asked: dict[int, tuple[Operation, Thing]] = {}
        self._refusals: dict[tuple[str, str, int, str], Any] = {}

    def of(self, operation: Operation, actor: Actor, thing: Thing) -> Request:
        request = asked(operation, actor, thing)
        self._asked[id(request)] = operation, thing
        return request

    def look(self, request: Request, answer: Answer) -> None:
        self._judge.look(request, answer)
        operation, thing = self._asked[id(request)]
        wanted = expected(operation, request.actor, thing)
        if wanted is None or answer.status >= 500:
            return
        got = (answer.status, code_of(answer))
        who = f"{request.actor.name}, {thing.kind} of {' or '.join(thing.owners) or 'nobody'}"
        if got != wanted:
            self._judge.find("wrong", f"{who}: {got}, not {wanted}", str(operation), request)
            return
        told = _without_id(answer)
        if self._refusals.setdefault((str(operation), request.actor.role, *got), told) != told:
            self._judge.find("wrong", f"{who}: refused in other words", str(operation), request)


async def _owners_see(client: Client, judge: Judge, towns: list[Town]) -> None:
    """Without this nothing would have been refused that is there."""
    for town in towns:
        her, maker = town.people["her"], town.people["maker one"]
        shown = [
            (her, "/v1/candidates/me", {"phone", "NM"}),
            (her, f"/v1/matches/{town.matches['her+him']}/contact", {"phone", "NM"}),
            (maker, f"/v1/candidates/{her.member_id}", {"NM", "SI"}),
            (maker, f"/v1/recommendations/{town.recommendations['her']}", {"RS", "NK"}),
        ]
        for actor, path, wanted in shown:
            request = Request("GET", path, actor)
            answer = await client.send(request)
            judge.look(request, answer)
            found = {found.decode() for found in CANARY.findall(answer.body)}
            codes = {town.canaries[canary][1] for canary in found if canary in town.canaries}
            if not wanted <= codes:
                judge.find("wrong", f"owners do not see {wanted - codes}", path, request)


def _in_turns(requests: Sequence[Request]) -> Iterator[Request]:
    """One of each actor in turn: nobody asks faster than one may."""
    by_actor: dict[str, list[Request]] = {}
    for request in requests:
        by_actor.setdefault(request.actor.member_id, []).append(request)
    lists = list(by_actor.values())
    for number in range(max(map(len, lists), default=0)):
        yield from (one[number] for one in lists if number < len(one))


def _without_id(answer: Answer) -> Any:
    body = json.loads(answer.body) if answer.body else {}
    return {name: body[name] for name in body if name != "correlationId"}
