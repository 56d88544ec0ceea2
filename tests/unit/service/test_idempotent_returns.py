"""Who left and came back: what was asked in the membership before is not answered again."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from cufit_contracts.identity import member_id_of
from cufit_service.application.deliver_event import DeliverEvent
from cufit_service.application.once import LEASE
from cufit_service.domain.errors import Unavailable
from cufit_service.domain.invitation import InvitationKind
from cufit_service.domain.member import Member, Relation, Role
from tests.unit.service.http_world import HttpWorld
from tests.unit.service.signing import ISSUER

KEY = {"Idempotency-Key": "8e03978e-40d5-43e8-bc93-6894a57f9324"}
ME = "/v1/members/me"
ASKED = {"kind": "CANDIDATE", "relation": "FRIEND"}


@pytest.fixture(autouse=True)
def _forgotten_later(monkeypatch: pytest.MonkeyPatch) -> None:
    async def later(*_: object) -> None:
        raise Unavailable

    monkeypatch.setattr(DeliverEvent, "__call__", later)


async def _invited(http: HttpWorld, code: str) -> str:
    """Where to accept."""
    maker = http.person("maker", Role.MAKER, "admin")
    await http.world.use_cases.invitations.invite(
        maker, InvitationKind.CANDIDATE, Relation.FRIEND, code
    )
    return f"/v1/invitations/{code}/accept"


async def _ask(http: HttpWorld, subject: str, method: str, at: str, **sent: Any) -> httpx.Response:
    async with http.client(subject) as client:
        return await client.request(method, at, **sent)


def _code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize("stored_before", [True, False])
@pytest.mark.parametrize("stored_again", [True, False])
async def test_an_acceptance_of_before_is_not_answered_again(
    stored_before: bool, stored_again: bool
) -> None:
    http = HttpWorld()
    address = await _invited(http, "CODE1")
    if stored_before:
        await _ask(http, "ann", "GET", ME)
    assert (await _ask(http, "ann", "POST", address, headers=KEY)).json()["role"] == "CANDIDATE"
    await _ask(http, "ann", "DELETE", ME)
    http.world.clock.advance(seconds=3)
    if stored_again:
        await _ask(http, "ann", "GET", ME)
    again = await _ask(http, "ann", "POST", address, headers=KEY)
    assert _code(again) == (409, "invitation_used")
    other = await _ask(http, "ann", "POST", await _invited(http, "CODE2"), headers=KEY)
    assert other.json()["role"] == "CANDIDATE", "the key is free"


async def test_an_acceptance_that_crashed_before_the_leaving_is_not_found_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    http = HttpWorld()
    address = await _invited(http, "CODE1")
    await _crash_after_accepting(http, address, monkeypatch)
    await _ask(http, "ann", "DELETE", ME)
    http.world.clock.advance(seconds=3)
    await _ask(http, "ann", "GET", ME)
    http.world.clock.time += LEASE
    again = await _ask(http, "ann", "POST", address, headers=KEY)
    assert _code(again) == (409, "invitation_used")


async def test_a_first_acceptance_that_crashed_is_found_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody is stored when it is claimed; the membership began while it was under way."""
    http = HttpWorld()
    address = await _invited(http, "CODE1")
    await _crash_after_accepting(http, address, monkeypatch)
    assert _code(await _ask(http, "ann", "POST", address, headers=KEY)) == (409, "request_running")
    http.world.clock.time += LEASE + timedelta(seconds=1)
    for _ in range(2):
        again = await _ask(http, "ann", "POST", address, headers=KEY)
        assert (again.status_code, again.json()["role"]) == (200, "CANDIDATE")


async def _crash_after_accepting(
    http: HttpWorld, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = http.world.invitations.record_acceptance

    async def crash(*given: Any, **named: Any) -> None:
        http.world.clock.advance(milliseconds=5)
        await record(*given, **named)
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(http.world.invitations, "record_acceptance", crash)
        assert (await _ask(http, "ann", "POST", address, headers=KEY)).status_code == 500


async def test_time_that_passes_while_accepting_does_not_hide_the_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    http = HttpWorld()
    address = await _invited(http, "CODE1")
    find = http.world.invitations.find

    async def slow(code: str) -> Any:
        http.world.clock.advance(milliseconds=5)
        return await find(code)

    monkeypatch.setattr(http.world.invitations, "find", slow)
    first, again = [await _ask(http, "ann", "POST", address, headers=KEY) for _ in range(2)]
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (first.json(), "true")


async def test_a_maker_who_came_back_is_not_given_the_invitation_of_before() -> None:
    http = HttpWorld()
    maker = http.person("maker", Role.MAKER, "admin")
    first = await _ask(http, "maker", "POST", "/v1/invitations", json=ASKED, headers=KEY)
    await _ask(http, "maker", "DELETE", ME)
    http.world.clock.advance(seconds=3)
    http.world.knows(Member(maker.member_id, Role.MAKER, http.world.clock.now()))
    again = await _ask(http, "maker", "POST", "/v1/invitations", json=ASKED, headers=KEY)
    assert again.status_code == 201
    assert again.json()["code"] != first.json()["code"]


async def test_nor_by_the_code_kept_for_a_request_that_crashed() -> None:
    http = HttpWorld()
    maker = http.person("maker", Role.MAKER, "admin")
    invitations = http.world.use_cases.invitations
    await invitations.invite(maker, InvitationKind.CANDIDATE, Relation.FRIEND, "CODE1")
    http.world.clock.advance(seconds=3)
    back = Member(maker.member_id, Role.MAKER, http.world.clock.now())
    http.world.knows(back)
    with pytest.raises(Unavailable):
        await invitations.invite(back, InvitationKind.CANDIDATE, Relation.FRIEND, "CODE1")


async def test_an_admin_is_answered_again_whether_stored_or_not() -> None:
    http = HttpWorld()
    admin = {"kind": "MAKER", "relation": "FRIEND"}
    sent: dict[str, Any] = {"json": admin, "headers": KEY}
    first = await _ask(http, "the-admin", "POST", "/v1/invitations", **sent)
    http.world.clock.advance(seconds=3)
    again = await _ask(http, "the-admin", "POST", "/v1/invitations", **sent)
    assert again.json() == first.json()
    await _ask(http, "the-admin", "GET", ME)
    stored = await _ask(http, "the-admin", "POST", "/v1/invitations", **sent)
    assert stored.json() == first.json()
    assert member_id_of(ISSUER, "the-admin") in http.world.rows("members")
