"""One line per request that says enough and never too much."""

import json
import logging
from collections.abc import Iterator

import pytest

from cufit_service.domain.member import Role
from cufit_service.entrypoints.json_log import JsonFormatter
from tests.unit.service.http_world import PROFILE_BODY, HttpWorld
from tests.unit.service.world import candidate_of


class Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonFormatter())
        self.text: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.text.append(self.format(record))

    def of(self, message: str) -> list[dict[str, object]]:
        parsed = [json.loads(line) for line in self.text]
        return [line for line in parsed if line["message"] == message]


@pytest.fixture
def lines() -> Iterator[Lines]:
    handler = Lines()
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield handler
    root.removeHandler(handler)
    root.setLevel(level)


async def test_a_request_is_one_line_with_its_route_and_not_its_address(lines: Lines) -> None:
    http = HttpWorld()
    maker = http.person("maker", Role.MAKER, "admin")
    http.world.has(candidate_of(maker.member_id, "m_own"))
    async with http.client("maker", **{"X-Correlation-Id": "from-the-app-1"}) as client:
        answer = await client.get("/v1/candidates/m_own?secret=1")
    (line,) = lines.of("request")
    assert answer.headers["X-Correlation-Id"] == line["correlation_id"] == "from-the-app-1"
    assert (line["method"], line["route"], line["status"]) == (
        "GET",
        "/v1/candidates/{candidate_id}",
        200,
    )
    assert line["member_id"] == maker.member_id
    assert isinstance(line["ms"], float)
    assert set(line) == {
        *("level", "location", "message", "timestamp", "service", "correlation_id"),
        *("method", "route", "status", "ms", "member_id"),
    }


@pytest.mark.parametrize("sent", ["", "a b", "ü", "x" * 65, "a\tb", "{}"])
async def test_a_correlation_id_that_does_not_fit_is_replaced(lines: Lines, sent: str) -> None:
    async with HttpWorld().client() as client:
        answer = await client.get("/v1/members/me", headers=[(b"X-Correlation-Id", sent.encode())])
    assert answer.headers["X-Correlation-Id"] != sent
    assert len(answer.headers["X-Correlation-Id"]) == 26


async def test_a_refusal_is_logged_with_its_code(lines: Lines) -> None:
    async with HttpWorld().client("stranger") as client:
        await client.get("/v1/candidates")
        await client.get("/no/such/secret-address")
    refused, unmatched = lines.of("request")
    assert (refused["status"], refused["code"]) == (403, "role_not_allowed")
    assert (unmatched["status"], unmatched["route"]) == (404, "unmatched")


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/openapi.json?secret=1", "/openapi.json"),
        ("/docs", "/docs"),
        ("/docs/assets/swagger-ui.css", "/docs/assets"),
        ("/docs/assets/secret", "/docs/assets"),
        ("/docs/secret", "unmatched"),
    ],
)
async def test_the_document_and_its_pages_have_their_route(
    lines: Lines, path: str, route: str
) -> None:
    async with HttpWorld(shares_app=True).client() as client:
        await client.get(path)
    assert [line["route"] for line in lines.of("request")] == [route]


async def test_the_correlation_id_of_an_accepted_recommendation_is_its_id(lines: Lines) -> None:
    http = HttpWorld()
    maker = http.person("maker", Role.MAKER, "admin")
    http.world.has(candidate_of(maker.member_id, "m_own"))
    http.world.requests_queue.broken = True
    async with http.client("maker") as client:
        asked = await client.post("/v1/recommendations", json={"candidateId": "m_own"})
    (request,) = lines.of("request")
    (left,) = lines.of("event left to the sweeper")
    assert request["correlation_id"] == asked.json()["recommendationId"] == left["correlation_id"]


async def test_health_is_quiet_while_it_is_well(lines: Lines) -> None:
    http = HttpWorld()
    async with http.client() as client:
        await client.get("/health")
        await client.get("/ready")
        assert not lines.of("request")
        http.lifecycle.draining = True
        await client.get("/ready")
    assert [line["status"] for line in lines.of("request")] == [503]


async def test_nothing_a_person_entered_is_ever_logged(
    lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    http = HttpWorld()
    http.person("candidate", Role.CANDIDATE, "maker")
    canaries = {"name": "카나리아", "phone": "010-9999-8888", "selfIntroduction": "비밀이야기"}
    async with http.client("candidate") as client:
        await client.put("/v1/candidates/me", json=PROFILE_BODY | canaries)
        await client.put("/v1/candidates/me", json=PROFILE_BODY | canaries | {"smoking": 9})
        await client.get("/v1/candidates/me?name=카나리아")

        async def break_down(*_: object) -> None:
            raise RuntimeError(f"could not save {canaries}")

        monkeypatch.setattr(http.world.candidates, "save", break_down)
        await client.put("/v1/candidates/me", json=PROFILE_BODY | canaries)
    logged = "".join(lines.text)
    assert lines.of("request failed")[0]["exception"] == "RuntimeError"
    assert "break_down" in str(lines.of("request failed")[0]["raised_at"])
    for secret in (*canaries.values(), "01099998888"):
        assert secret not in logged
