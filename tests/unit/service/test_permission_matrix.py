"""Every route of the API's own operations × everybody who might call it.

A route without an entry fails: whoever adds one decides here who may use it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cufit_contracts.identity import member_id_of
from cufit_contracts.photos import PhotoState
from cufit_contracts.vocabulary import RecommendationStatus
from cufit_service.domain.invitation import InvitationKind
from cufit_service.domain.match import Reply
from cufit_service.domain.member import Relation, Role
from cufit_service.domain.photo import Photo
from tests.unit.service.couples import MALE
from tests.unit.service.http_world import PROFILE_BODY, HttpWorld, operations
from tests.unit.service.signing import ISSUER, token, unsigned
from tests.unit.service.world import ADMIN_SUBJECT, MORNING, candidate_of

HER = member_id_of(ISSUER, "her")
HIM = member_id_of(ISSUER, "him")
MAN = member_id_of(ISSUER, "man")
MATCHED = "+".join(sorted((HER, HIM)))

EXPIRED = datetime.now(UTC) - timedelta(minutes=5)
STRANGERS_TOKENS = {
    "no token": None,
    "forged": token("maker", key="stranger", kid="key-1"),
    "unsigned": unsigned("maker"),
    "expired": token("maker", exp=EXPIRED),
    "other issuer": token("maker", iss="https://evil.example"),
    "other audience": token("maker", aud="another-app"),
}

CALLERS = {
    "BASIC": "newcomer",
    "CANDIDATE": "man",  # a candidate whose things these are not
    "owner": "her",  # the candidate whose profile and match it is
    "MAKER": "other-maker",  # a maker whose things these are not
    "maker": "maker",  # the maker of the candidates and recommendations
    "ADMIN": ADMIN_SUBJECT,
}


@dataclass(frozen=True)
class Route:
    """A call that would succeed for who may make it, and the status each caller gets."""

    path: str
    statuses: dict[str, int]
    body: dict[str, Any] | None = None


def _only(status: int, *callers: str, others: int = 403, **rest: int) -> dict[str, int]:
    return {caller: status if caller in callers else others for caller in CALLERS} | rest


EVERYBODY = tuple(CALLERS)
OPEN_INVITATION = "OPENINVITATION01"
RECOMMENDATION = "rec_of_maker"
DEGRADED = "rec_by_rules"
PHOTO = "pho_of_her"

PUBLIC = {"GET /health": 200, "GET /ready": 200}

ROUTES = {
    "GET /v1/members/me": Route("/v1/members/me", _only(200, *EVERYBODY)),
    "DELETE /v1/members/me": Route("/v1/members/me", _only(204, *EVERYBODY)),
    "POST /v1/invitations": Route(
        "/v1/invitations",
        _only(201, "maker", "MAKER"),
        {"kind": "CANDIDATE", "relation": "FRIEND"},
    ),
    "GET /v1/invitations": Route("/v1/invitations", _only(200, "ADMIN", "maker", "MAKER")),
    "POST /v1/invitations/{code}/accept": Route(
        f"/v1/invitations/{OPEN_INVITATION}/accept",
        # 409: a role taken already, or the inviter themselves.
        _only(200, "BASIC", others=409),
    ),
    "PUT /v1/candidates/me": Route(
        "/v1/candidates/me", _only(200, "owner", "CANDIDATE"), PROFILE_BODY
    ),
    "GET /v1/candidates/me": Route("/v1/candidates/me", _only(200, "owner", "CANDIDATE")),
    "PUT /v1/candidates/me/pause": Route(
        "/v1/candidates/me/pause", _only(200, "owner", "CANDIDATE"), {"paused": True}
    ),
    "GET /v1/candidates": Route("/v1/candidates", _only(200, "maker", "MAKER")),
    "GET /v1/candidates/{candidate_id}": Route(
        f"/v1/candidates/{HER}", _only(200, "maker", "MAKER")
    ),
    "POST /v1/recommendations": Route(
        "/v1/recommendations", _only(202, "maker", MAKER=404), {"candidateId": HER}
    ),
    "GET /v1/recommendations": Route("/v1/recommendations", _only(200, "maker", "MAKER")),
    "GET /v1/recommendations/{recommendation_id}": Route(
        f"/v1/recommendations/{RECOMMENDATION}", _only(200, "maker", MAKER=404)
    ),
    "POST /v1/recommendations/{recommendation_id}/upgrade": Route(
        f"/v1/recommendations/{DEGRADED}/upgrade", _only(202, "maker", MAKER=404)
    ),
    "POST /v1/matches": Route(
        "/v1/matches",
        _only(201, "maker", MAKER=404),
        {"candidateId": HER, "otherCandidateId": MAN},
    ),
    "GET /v1/matches": Route(
        f"/v1/matches?candidateId={HER}", _only(200, "owner", "CANDIDATE", "maker", MAKER=404)
    ),
    "GET /v1/matches/{match_id}": Route(
        f"/v1/matches/{MATCHED}", _only(200, "owner", "maker", MAKER=404, CANDIDATE=404)
    ),
    "POST /v1/matches/{match_id}/answer": Route(
        f"/v1/matches/{MATCHED}/answer",
        # 409: she has answered already.
        _only(409, "owner", CANDIDATE=404),
        {"answer": "REJECT"},
    ),
    "GET /v1/matches/{match_id}/contact": Route(
        f"/v1/matches/{MATCHED}/contact", _only(200, "owner", CANDIDATE=404)
    ),
    "PUT /v1/candidates/me/photos/order": Route(
        "/v1/candidates/me/photos/order",
        _only(204, "owner", CANDIDATE=404),
        {"photoIds": [PHOTO]},
    ),
    "DELETE /v1/candidates/me/photos/{photo_id}": Route(
        f"/v1/candidates/me/photos/{PHOTO}", _only(204, "owner", CANDIDATE=404)
    ),
    "GET /v1/candidates/{candidate_id}/photos": Route(
        f"/v1/candidates/{HER}/photos", _only(200, "maker", "MAKER")
    ),
    "GET /v1/operations": Route("/v1/operations", _only(200, "ADMIN")),
    "DELETE /v1/operations/blocks/{candidate_id}/{other_id}": Route(
        f"/v1/operations/blocks/{HER}/{MAN}", _only(200, "ADMIN")
    ),
    "PUT /v1/candidates/{candidate_id}/blocks/{other_id}": Route(
        f"/v1/candidates/{HER}/blocks/{MAN}", _only(204, "maker", MAKER=404)
    ),
    "DELETE /v1/candidates/{candidate_id}/blocks/{other_id}": Route(
        f"/v1/candidates/{HER}/blocks/{MAN}", _only(204, "maker", MAKER=404)
    ),
}


async def _world() -> HttpWorld:
    """She and he are matched; her maker waits for a recommendation and
    has one by rules; an invitation is open."""
    http = HttpWorld(shares_app=True)
    maker = http.person("maker", Role.MAKER, ADMIN_SUBJECT)
    other_maker = http.person("other-maker", Role.MAKER, ADMIN_SUBJECT)
    her = http.person("her", Role.CANDIDATE, "maker")
    him = http.person("him", Role.CANDIDATE, "maker")
    http.person("man", Role.CANDIDATE, "maker")
    http.world.has(
        candidate_of(maker.member_id, HER),
        candidate_of(maker.member_id, HIM, profile=MALE),
        candidate_of(maker.member_id, MAN, profile=MALE),
    )
    http.world.has_photos(Photo(PHOTO, HER, PhotoState.READY, MORNING, key="k"))
    use = http.world.use_cases
    matched = await use.matches.suggest(maker, HER, HIM, "sug_1")
    for who in (her, him):
        await use.matches.answer(who, matched.match_id, Reply.ACCEPT)
    await use.recommendations.ask(maker, HER, RECOMMENDATION)
    by_rules = await use.recommendations.ask(maker, HER, DEGRADED)
    http.world.worker_ends(replace(by_rules, status=RecommendationStatus.DEGRADED))
    await use.invitations.invite(maker, InvitationKind.CANDIDATE, Relation.FRIEND, OPEN_INVITATION)
    assert other_maker.member_id != maker.member_id
    return http


def _operations() -> Iterator[str]:
    for path, method, _ in operations():
        yield f"{method.upper()} {path}"


async def _status(http: HttpWorld, operation: str, authorization: dict[str, str]) -> int:
    method, path = operation.split(" ", 1)
    route = ROUTES.get(operation)
    async with http.client(**authorization) as client:
        answer = await client.request(
            method, route.path if route else path, json=route.body if route else None
        )
    return answer.status_code


def test_every_route_has_its_entry_and_every_entry_a_route() -> None:
    assert set(_operations()) == set(ROUTES) | set(PUBLIC)


def test_every_entry_calls_the_route_it_stands_for() -> None:
    for operation, route in ROUTES.items():
        template = re.escape(operation.split(" ", 1)[1])
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", template)
        assert re.fullmatch(pattern, route.path.split("?")[0]), operation
        assert set(route.statuses) == set(CALLERS), operation


@pytest.mark.parametrize("operation", ROUTES)
async def test_nobody_without_a_good_token_gets_anywhere(operation: str) -> None:
    http = await _world()
    for name, sent in STRANGERS_TOKENS.items():
        authorization = {} if sent is None else {"Authorization": f"Bearer {sent}"}
        assert await _status(http, operation, authorization) == 401, name


@pytest.mark.parametrize("operation", ROUTES)
async def test_each_caller_gets_what_their_role_and_ownership_allow(operation: str) -> None:
    got = {}
    for caller, subject in CALLERS.items():
        http = await _world()
        authorization = {"Authorization": f"Bearer {token(subject)}"}
        got[caller] = await _status(http, operation, authorization)
    assert got == ROUTES[operation].statuses


@pytest.mark.parametrize("operation", PUBLIC)
async def test_public_routes_need_no_token(operation: str) -> None:
    assert await _status(await _world(), operation, {}) == PUBLIC[operation]


async def test_what_exists_and_what_does_not_are_refused_alike() -> None:
    http = await _world()
    pairs = [
        ("GET", f"/v1/recommendations/{RECOMMENDATION}", "/v1/recommendations/rec_none"),
        ("GET", f"/v1/matches/{MATCHED}", "/v1/matches/m_a+m_b"),
        ("GET", f"/v1/matches?candidateId={HER}", "/v1/matches?candidateId=m_none"),
        ("PUT", f"/v1/candidates/{HER}/blocks/{MAN}", f"/v1/candidates/m_none/blocks/{MAN}"),
    ]
    async with http.client("other-maker") as stranger:
        for method, existing, missing in pairs:
            answers = [await stranger.request(method, path) for path in (existing, missing)]
            shown = [answer.json() | {"correlationId": ""} for answer in answers]
            assert shown[0] == shown[1]
            assert [answer.status_code for answer in answers] == [404, 404]
