"""A creating request sent again makes nothing twice."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from cufit_service.application.once import KEPT, LEASE
from cufit_service.domain.errors import ConcurrentChange, Unavailable
from cufit_service.domain.member import Role
from tests.unit.service.couples import MALE
from tests.unit.service.http_world import HttpWorld
from tests.unit.service.world import MORNING, candidate_of

KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324"


def _http() -> HttpWorld:
    http = HttpWorld()
    for subject in ("maker", "other"):
        maker = http.person(subject, Role.MAKER, "admin")
        http.world.has(
            candidate_of(maker.member_id, f"m_{subject}_her"),
            candidate_of(maker.member_id, f"m_{subject}_him", profile=MALE),
        )
    return http


REQUESTS: dict[str, tuple[str, dict[str, str]]] = {
    "invitation": ("/v1/invitations", {"kind": "CANDIDATE", "relation": "FRIEND"}),
    "recommendation": ("/v1/recommendations", {"candidateId": "m_maker_her"}),
    "match": (
        "/v1/matches",
        {"candidateId": "m_maker_her", "otherCandidateId": "m_maker_him"},
    ),
}


async def _post(
    http: HttpWorld, name: str, key: str | None = KEY, subject: str = "maker", **changes: str
) -> httpx.Response:
    address, body = REQUESTS[name]
    headers = {} if key is None else {"Idempotency-Key": key}
    async with http.client(subject) as client:
        return await client.post(address, json=body | changes, headers=headers)


def _made(http: HttpWorld) -> int:
    return sum(len(http.world.rows(name)) for name in ("invitations", "recommendations", "matches"))


@pytest.mark.parametrize("name", REQUESTS)
async def test_the_same_request_again_gets_the_same_answer(name: str) -> None:
    http = _http()
    first, again = await _post(http, name), await _post(http, name)
    assert first.is_success
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again.headers.get("Location") == first.headers.get("Location")
    assert _made(http) == 1
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"


async def test_a_repeated_recommendation_keeps_its_correlation_id() -> None:
    http = _http()
    first, again = [await _post(http, "recommendation") for _ in range(2)]
    assert again.headers["X-Correlation-Id"] == first.json()["recommendationId"]
    assert len(http.world.requests_sent) == 1


@pytest.mark.parametrize("name", ["invitation", "recommendation"])
async def test_without_a_key_every_request_is_its_own(name: str) -> None:
    http = _http()
    answers = [await _post(http, name, key=None) for _ in range(2)]
    assert answers[0].json() != answers[1].json()
    assert _made(http) == 2


async def test_another_body_or_route_with_the_same_key_is_refused() -> None:
    http = _http()
    await _post(http, "invitation")
    for answer in (
        await _post(http, "invitation", relation="FAMILY"),
        await _post(http, "recommendation"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")
    assert _made(http) == 1


async def test_a_key_is_its_members_own() -> None:
    http = _http()
    mine, theirs = await _post(http, "invitation"), await _post(http, "invitation", subject="other")
    assert mine.json()["code"] != theirs.json()["code"]


async def test_what_was_refused_may_be_tried_again() -> None:
    http = _http()
    her = http.world.stored(http.world.candidates.find("m_maker_her"))
    http.world.has(her.resting(True, MORNING))
    assert (await _post(http, "recommendation")).status_code == 409
    http.world.has(her)
    assert (await _post(http, "recommendation")).status_code == 202


async def test_of_two_at_once_one_works_and_the_other_is_told_to_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    http = _http()
    add = http.world.invitations.add
    release = asyncio.Event()

    async def slow(*given: Any) -> None:
        await release.wait()
        await add(*given)

    monkeypatch.setattr(http.world.invitations, "add", slow)
    first = asyncio.create_task(_post(http, "invitation"))
    await asyncio.sleep(0.05)
    second = await _post(http, "invitation")
    release.set()
    assert (second.status_code, second.json()["code"]) == (409, "request_running")
    assert (await first).status_code == 201
    assert (await _post(http, "invitation")).json() == (await first).json()


FAILING = {
    "invitation": ("invitations", "add"),
    "recommendation": ("recommendations", "accept"),
    "match": ("matches", "add"),
}


@pytest.mark.parametrize("name", REQUESTS)
@pytest.mark.parametrize("effect", ["before", "after"])
async def test_work_that_may_have_happened_is_not_done_twice(
    name: str, effect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    http = _http()
    store, method = FAILING[name]
    owner = getattr(http.world, store)
    real = getattr(owner, method)

    async def fail(*args: Any) -> None:
        if effect == "after":
            await real(*args)
        raise Unavailable

    with monkeypatch.context() as patched:
        patched.setattr(owner, method, fail)
        assert (await _post(http, name)).status_code == 503
    answer = await _post(http, name)
    assert answer.is_success, answer.text
    assert _made(http) == 1


@pytest.mark.parametrize("error", [Unavailable, ConcurrentChange])
async def test_an_answer_that_could_not_be_recorded_is_given_all_the_same(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    http = _http()
    save = http.world.records.save

    async def fail_to_complete(record: Any) -> None:
        if record.answer is not None:
            raise error
        await save(record)

    with monkeypatch.context() as patched:
        patched.setattr(http.world.records, "save", fail_to_complete)
        first = await _post(http, "invitation")
    assert first.status_code == 201
    assert (await _post(http, "invitation")).json()["code"] == "request_running"
    http.world.clock.time += LEASE + timedelta(seconds=1)
    assert (await _post(http, "invitation")).json()["code"] == first.json()["code"]
    assert _made(http) == 1


async def test_a_crashed_request_is_taken_up_after_its_lease(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    http = _http()

    async def crash(*_: Any) -> None:
        raise RuntimeError

    for _ in range(2):  # a request taken up has a lease of its own
        with monkeypatch.context() as patched:
            patched.setattr(http.world.invitations, "add", crash)
            assert (await _post(http, "invitation")).status_code == 500
        assert (await _post(http, "invitation")).status_code == 409
        http.world.clock.time += LEASE + timedelta(seconds=1)
    assert (await _post(http, "invitation")).status_code == 201


async def test_a_key_may_be_used_anew_after_its_time() -> None:
    http = _http()
    first = await _post(http, "invitation")
    http.world.clock.time += KEPT
    for _ in range(2):
        anew = await _post(http, "invitation", relation="FAMILY")
        assert anew.status_code == 201
        assert anew.json()["code"] != first.json()["code"]
    assert _made(http) == 2


async def test_two_that_claim_at_once_do_not_both_work(monkeypatch: pytest.MonkeyPatch) -> None:
    http = _http()
    save = http.world.records.save
    lost = False

    async def lose_once(record: Any) -> None:
        nonlocal lost
        if not lost:
            lost = True
            raise ConcurrentChange
        await save(record)

    monkeypatch.setattr(http.world.records, "save", lose_once)
    assert (await _post(http, "invitation")).status_code == 201
    assert _made(http) == 1


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "ü"])
async def test_a_key_that_is_none_is_refused(key: str) -> None:
    http = _http()
    async with http.client("maker") as client:
        answer = await client.post(
            "/v1/invitations",
            json=REQUESTS["invitation"][1],
            headers=[(b"Idempotency-Key", key.encode())],
        )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"
    assert not http.world.rows("invitations")
