"""The attacks' own parts: a fault that is planted is found, and without one nothing is."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
import uvicorn

from cufit_service.adapters.dynamodb.expressions import packed, unpacked
from cufit_service.application import recommendations
from cufit_service.domain.errors import RecommendationUnknown
from cufit_service.domain.member import Member
from cufit_service.domain.recommendation import Recommendation
from cufit_service.entrypoints.http.rate_limits import Rate, RateLimits
from cufit_service.entrypoints.http.schemas.photos import PhotoAnswer
from tests.attacks import access, town
from tests.attacks.corpora import json_suite, naughty_strings
from tests.attacks.document import Document
from tests.attacks.exchange import Answer, Client, Request
from tests.attacks.judge import Judge
from tests.attacks.messages import HIDDEN, messages
from tests.attacks.people import NOBODY, Actor
from tests.attacks.system import System, Tables
from tests.attacks.wire import say
from tests.benchmarks.system_under_load import free_port
from tests.unit.service import world as worlds
from tests.unit.service.http_world import HttpWorld, document
from tests.unit.service.world import ADMIN_SUBJECT, SetClock, World

ME = Request("GET", "/v1/members/me", Actor("somebody", "BASIC"))
MEMBER = {
    "memberId": "m_1", "role": "BASIC", "joinedAt": "2026-11-22T09:00:00.000Z",
    "inviterId": None, "relation": None,
}  # fmt: skip
NO_LIMIT = Rate(10**6, 10**6)


def _answer(status: int, body: Any, content_type: bytes = b"application/json") -> Answer:
    headers = [(b"X-Correlation-Id", b"id-1"), (b"Content-Type", content_type)]
    return Answer(status, headers, json.dumps(body).encode())


def _problem(answered: int, code: str, **changes: Any) -> Answer:
    body = {"type": "/problems/x", "title": "X", "detail": "X", "code": code}
    whole = body | {"status": answered, "correlationId": "id-1"} | changes
    return _answer(answered, whole, b"application/problem+json")


def _found(request: Request, answer: Answer) -> set[str]:
    judge = Judge(Document(document()))
    judge.look(request, answer)
    return {kind for _, kind, _ in judge.findings}


def test_what_the_document_says_is_fine() -> None:
    assert _found(ME, _answer(200, MEMBER)) == set()
    assert _found(ME, _problem(401, "token_invalid")) == set()
    assert _found(Request("GET", "/v1/nothing", NOBODY), _problem(404, "route_unknown")) == set()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (_problem(500, "internal_error"), "5xx"),
        (Answer(0, body=b"no answer"), "5xx"),
        (_answer(200, MEMBER | {"role": "KING"}), "undocumented"),
        (_answer(200, {"memberId": "m_1"}), "undocumented"),
        (_answer(200, MEMBER, b"text/html"), "undocumented"),
        (_problem(418, "teapot"), "undocumented"),
        (_problem(404, "route_unknown"), "undocumented"),
        (_problem(401, "token_invalid", correlationId="id-2"), "undocumented"),
        (_problem(401, "token_invalid", status=400), "undocumented"),
        (Answer(200, [(b"Content-Type", b"application/json")], b"{}"), "undocumented"),
        (_answer(200, MEMBER | {"inviterId": "01070000001"}), "leak"),
        (Answer(204, [(b"X-Correlation-Id", b"ZqNM000001qZ")]), "leak"),
    ],
)
def test_what_is_wrong_with_an_answer_is_found(answer: Answer, kind: str) -> None:
    assert kind in _found(ME, answer)


def test_what_is_alike_is_told_once() -> None:
    judge = Judge(Document(document()))
    for path in ("/v1/members/me", "/v1/operations"):
        judge.look(Request("GET", path, NOBODY), _problem(500, "internal_error"))
    (finding,) = judge.findings.values()
    assert "×2 500 internal_error" in str(finding)
    assert "GET /v1/members/me and 1 more" in str(finding)


def test_the_collections_are_there() -> None:
    assert len(naughty_strings()) > 400
    kinds = [name[0] for name in json_suite()]
    assert (kinds.count("n") > 150, kinds.count("y") > 80, kinds.count("i") > 20) == (True,) * 3


async def test_a_server_that_reads_a_message_twice_is_noticed() -> None:
    gone = asyncio.Event()

    async def twice(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, OSError):
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        writer.transport.abort()
        gone.set()

    server = await asyncio.start_server(twice, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    hides = next(one for one in messages() if one.body.endswith(HIDDEN))
    heard = await say(port, hides.data("token"), quiet=0.1)
    await gone.wait()
    server.close()
    assert len(heard.statuses) > hides.answers


class _RunningClock(SetClock):
    @property
    def time(self) -> datetime:
        return datetime.now(UTC)

    @time.setter
    def time(self, _: datetime) -> None:
        pass


class _TablesOf(Tables):
    def __init__(self, world: World) -> None:
        self._cloud = world.cloud

    def rows(self, table: str) -> Sequence[Mapping[str, Any]]:
        items = self._cloud.dynamodb.tables[table].items
        return [unpacked(item) for item in items.values()]

    def put(self, table: str, item: Mapping[str, Any]) -> None:
        self._cloud.dynamodb.call("PutItem", {"TableName": table, "Item": packed(item)})


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def test_who_may_ask_is_known_of_every_operation_of_the_service() -> None:
    asked = [one for one in Document(document()).operations if not one.is_public]
    names = {one.described["operationId"] for one in asked}
    assert names - {"create_photo"} == set(access.ROLES)  # a function answers that one


@asynccontextmanager
async def _system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[System]:
    """The application in this process, on a port, with time that goes on."""
    monkeypatch.setattr(worlds, "SetClock", _RunningClock)
    monkeypatch.setattr(town, "ADMIN_SUBJECTS", [ADMIN_SUBJECT])
    monkeypatch.setattr(access, "TOWNS", 1)
    http = HttpWorld(rate_limits=RateLimits(NO_LIMIT, NO_LIMIT), shares_app=True)
    port = free_port()
    server = _Server(uvicorn.Config(http.app, port=port, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield System(port, cast(Any, None), _TablesOf(http.world), tmp_path / "log")
    server.should_exit = True
    await serving


async def _findings(system: System) -> dict[tuple[str, str], int]:
    """How often, by kind and operation, when everybody asks for everything."""
    judge, client = Judge(Document(document())), Client(system.port, at_once=4)
    await access.attack(system, client, judge)
    client.close()
    found: Counter[tuple[str, str]] = Counter()
    for finding in judge.findings.values():
        for place, times in finding.places.items():
            found[finding.kind, place] += times
    return found


async def test_who_gets_what_is_not_theirs_is_noticed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def anybodys(maker: Member, known: Recommendation | None) -> Recommendation:
        if known is None:
            raise RecommendationUnknown
        return known

    def broken(*_: object) -> list[PhotoAnswer]:
        raise KeyError

    reading = "GET /v1/recommendations/{recommendation_id}"
    photos = "GET /v1/candidates/{candidate_id}/photos"
    async with _system(monkeypatch, tmp_path) as system:
        monkeypatch.setattr(recommendations, "own_recommendation", anybodys)
        monkeypatch.setattr(PhotoAnswer, "of", broken)
        found = await _findings(system)
    assert {("leak", reading), ("wrong", reading), ("5xx", photos)} <= set(found)
    assert {place for _, place in found} & {"GET /v1/candidates/{candidate_id}", "members"} == set()
