"""Accepting an invitation and answering a match, sent again with the same Idempotency-Key."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest

from cufit_contracts.identity import member_id_of
from cufit_contracts.vocabulary import pair_id
from cufit_service.application.once import LEASE
from cufit_service.domain.errors import Unavailable
from cufit_service.domain.member import Role
from tests.unit.service.couples import MALE
from tests.unit.service.http_world import HttpWorld
from tests.unit.service.signing import ISSUER
from tests.unit.service.world import candidate_of

KEY = {"Idempotency-Key": "8e03978e-40d5-43e8-bc93-6894a57f9324"}
HER, HIM = (member_id_of(ISSUER, subject) for subject in ("her", "him"))
ANSWER = f"/v1/matches/{pair_id(HER, HIM)}/answer"
YES, NO = {"answer": "ACCEPT"}, {"answer": "REJECT"}


async def _couple() -> HttpWorld:
    http = HttpWorld()
    maker = http.person("maker", Role.MAKER, "admin")
    for subject in ("her", "him"):
        http.person(subject, Role.CANDIDATE, "maker")
    http.world.has(
        candidate_of(maker.member_id, HER), candidate_of(maker.member_id, HIM, profile=MALE)
    )
    await http.world.use_cases.matches.suggest(maker, HER, HIM, "sug_1")
    return http


async def _invited() -> tuple[HttpWorld, str]:
    http = HttpWorld()
    http.person("maker", Role.MAKER, "admin")
    async with http.client("maker") as client:
        body = {"kind": "CANDIDATE", "relation": "FRIEND"}
        made = await client.post("/v1/invitations", json=body)
    return http, f"/v1/invitations/{made.json()['code']}/accept"


async def _post(
    http: HttpWorld, subject: str, address: str, body: Any = None, **headers: str
) -> httpx.Response:
    async with http.client(subject) as client:
        return await client.post(address, json=body, headers=KEY | headers)


@contextmanager
def _answer_is_lost(owner: Any, method: str) -> Iterator[None]:
    """It is written; then nothing answers any more."""
    real = getattr(owner, method)

    async def unheard(*given: Any, **named: Any) -> None:
        await real(*given, **named)
        raise Unavailable

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, method, unheard)
        yield


def _same(again: httpx.Response, first: Mapping[str, Any]) -> None:
    assert (again.status_code, again.json()) == (200, first)


async def test_accepted_again_it_is_accepted_as_before() -> None:
    http, address = await _invited()
    first, again = [await _post(http, "guest", address) for _ in range(2)]
    assert first.json()["role"] == "CANDIDATE"
    _same(again, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    async with http.client("guest") as client:
        other = await client.post(address)
    assert (other.status_code, other.json()["code"]) == (409, "invitation_used")


async def test_an_acceptance_whose_answer_was_lost_is_found_again() -> None:
    http, address = await _invited()
    with _answer_is_lost(http.world.invitations, "record_acceptance"):
        assert (await _post(http, "guest", address)).status_code == 503
    again = await _post(http, "guest", address)
    _same(again, again.json() | {"role": "CANDIDATE"})
    stranger = await _post(http, "stranger", address)
    assert stranger.json()["code"] == "invitation_used"


async def test_the_same_key_with_another_code_or_answer_is_refused() -> None:
    http, address = await _invited()
    await _post(http, "guest", address)
    other = await _post(http, "guest", "/v1/invitations/ANOTHER/accept")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    http = await _couple()
    await _post(http, "her", ANSWER, YES)
    for address, body in ((ANSWER, NO), (f"/v1/matches/{pair_id(HER, 'm_x')}/answer", YES)):
        other = await _post(http, "her", address, body)
        assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")


@pytest.mark.parametrize("reply", [YES, NO])
async def test_answered_again_it_is_answered_as_before(reply: dict[str, str]) -> None:
    http = await _couple()
    first = await _post(http, "her", ANSWER, reply, **{"If-Match": '"v1"'})
    await _post(http, "him", ANSWER, YES)
    http.world.clock.advance(days=2)
    again = await _post(http, "her", ANSWER, reply, **{"If-Match": '"v1"'})
    _same(again, first.json())
    assert again.headers["ETag"] == first.headers["ETag"] == '"v2"'
    assert again.headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize(
    ("hers", "his", "status", "version"),
    [
        (YES, YES, "ACCEPTED", '"v2"'),
        (NO, YES, "REJECTED", '"v2"'),
        (YES, NO, "ACCEPTED", '"v2"'),
    ],
)
async def test_an_answer_whose_answer_was_lost_is_found_again_whatever_came_of_it(
    hers: Any, his: Any, status: str, version: str
) -> None:
    http = await _couple()
    with _answer_is_lost(http.world.matches, "save"):
        assert (await _post(http, "her", ANSWER, hers)).status_code == 503
    await _post(http, "him", ANSWER, his)
    again = await _post(http, "her", ANSWER, hers, **{"If-Match": '"v1"'})
    assert (again.json()["status"], again.headers["ETag"]) == (status, version)


async def test_the_second_to_agree_is_told_again_that_both_did() -> None:
    http = await _couple()
    await _post(http, "him", ANSWER, YES)
    with _answer_is_lost(http.world.matches, "save"):
        await _post(http, "her", ANSWER, YES)
    again = await _post(http, "her", ANSWER, YES)
    assert (again.json()["status"], again.headers["ETag"]) == ("MATCHED", '"v3"')


async def test_anothers_no_is_not_taken_for_ones_own() -> None:
    http = await _couple()
    await _post(http, "him", ANSWER, NO)
    hers = await _post(http, "her", ANSWER, NO)
    assert (hers.status_code, hers.json()["code"]) == (409, "match_closed")


async def test_without_a_key_twice_is_twice() -> None:
    http = await _couple()
    async with http.client("her") as client:
        first, again = [await client.post(ANSWER, json=YES) for _ in range(2)]
    assert (first.status_code, again.json()["code"]) == (200, "match_answered")


async def test_a_request_that_crashed_is_taken_up_after_its_lease(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    http = await _couple()

    async def crash(*_: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(http.world.matches, "save", crash)
        assert (await _post(http, "her", ANSWER, YES)).status_code == 500
    assert (await _post(http, "her", ANSWER, YES)).json()["code"] == "request_running"
    http.world.clock.time += LEASE + timedelta(seconds=1)
    assert (await _post(http, "her", ANSWER, YES)).json()["status"] == "ACCEPTED"
