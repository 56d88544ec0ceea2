"""Whatever is wrong with a request, its answer says what, in one shape."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from cufit_service.domain.errors import Unavailable
from cufit_service.domain.member import Role
from tests.unit.service.http_world import PROFILE_BODY, HttpWorld
from tests.unit.service.world import candidate_of


def _http() -> HttpWorld:
    http = HttpWorld(shares_app=True)
    maker = http.person("maker", Role.MAKER, "admin")
    http.person("candidate", Role.CANDIDATE, "maker")
    http.world.has(candidate_of(maker.member_id, "m_own"))
    return http


def _assert_problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["correlationId"] == answer.headers["X-Correlation-Id"]
    assert body["type"] == f"/problems/{code}"
    assert body["title"]
    assert body["detail"]
    return body


async def _put_profile(**raw: Any) -> httpx.Response:
    async with _http().client("candidate") as client:
        return await client.put("/v1/candidates/me", **raw)


@pytest.mark.parametrize("body", [b"{not json", b"", b"\xff\xfe{}", b"[" * 20_000, b"{} {}"])
async def test_a_body_that_is_not_json(body: bytes) -> None:
    answer = await _put_profile(content=body, headers={"Content-Type": "application/json"})
    if body == b"":
        _assert_problem(answer, 422, "fields_invalid")
    else:
        _assert_problem(answer, 400, "body_not_json")


@pytest.mark.parametrize(
    "media_type", ["text/plain", "text/x+json", "application/x-www-form-urlencoded", ""]
)
async def test_a_body_that_does_not_say_it_is_json(media_type: str) -> None:
    headers = {"Content-Type": media_type} if media_type else {}
    answer = await _put_profile(content=b'{"a": 1}', headers=headers)
    _assert_problem(answer, 415, "content_type_not_json")


async def test_an_unknown_field_is_named() -> None:
    answer = await _put_profile(json=PROFILE_BODY | {"salary": 1, "idealType": {"rich": True}})
    problem = _assert_problem(answer, 422, "fields_unknown")
    assert {"salary", "idealType.rich"} <= {error["field"] for error in problem["errors"]}
    assert "salary" in problem["detail"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"heightCm": "164"}, "heightCm"),
        ({"heightCm": 164.5}, "heightCm"),
        ({"heightCm": 10**30}, "heightCm"),
        ({"gender": "OTHER"}, "gender"),
        ({"mbti": "INFX"}, "mbti"),
        ({"name": None}, "name"),
        ({"nickname": "a\u0000b"}, "nickname"),
        ({"nickname": "   "}, "nickname"),
        ({"selfIntroduction": "\ud800"}, "selfIntroduction"),
        ({"hobbies": ["등산"] * 11}, "hobbies"),
        ({"birthYear": 2010}, "birthYear"),
        ({"phone": "1234"}, "phone"),
        ({"idealType": {"ageRange": {"min": 40, "max": 30}}}, "idealType.ageRange"),
        ({"idealType": {"ageRange": {"min": 30}}}, "idealType.ageRange.max"),
        ({"idealType": {}}, "idealType.agePreference"),
        (
            {"idealType": {"agePreference": "SAME", "ageRange": {"min": 30, "max": 31}}},
            "idealType.agePreference",
        ),
        ({"birthYear": 2007, "idealType": {"agePreference": "YOUNGER"}}, "idealType"),
    ],
)
async def test_a_field_at_fault_is_named_as_the_client_knows_it(
    changes: dict[str, Any], field: str
) -> None:
    content = json.dumps(PROFILE_BODY | changes).encode()
    answer = await _put_profile(content=content, headers={"Content-Type": "application/json"})
    problem = _assert_problem(answer, 422, "fields_invalid")
    assert field in [error["field"] for error in problem["errors"]]


async def test_what_was_entered_is_never_repeated() -> None:
    secret = "900101-1234567"
    wrong = {"phone": secret, "heightCm": secret, "gender": secret, secret[:3]: secret}
    answer = await _put_profile(json=PROFILE_BODY | wrong)
    assert answer.status_code == 422
    assert secret not in answer.text


async def test_hangul_typed_decomposed_is_stored_composed() -> None:
    http = _http()
    async with http.client("candidate") as client:
        decomposed = {"nickname": "\u1112\u1161\u11ab", "phone": "010 1234 5678"}
        saved = await client.put("/v1/candidates/me", json=PROFILE_BODY | decomposed)
    assert (saved.json()["nickname"], saved.json()["phone"]) == ("한", "01012345678")


@pytest.mark.parametrize("preference", ["OLDER", "SAME", "YOUNGER"])
async def test_an_age_may_be_wished_for_in_a_word_and_saved_again_as_it_was_read(
    preference: str,
) -> None:
    first = await _put_profile(json=PROFILE_BODY | {"idealType": {"agePreference": preference}})
    ideal = first.json()["idealType"]
    assert (ideal["agePreference"], ideal["ageRange"]) == (preference, None)
    again = await _put_profile(json=PROFILE_BODY | {"idealType": ideal})
    assert again.json()["idealType"] == ideal


async def test_a_body_over_64_kib_is_refused_announced_or_not() -> None:
    large = b'{"name": "' + b"a" * 70_000 + b'"}'
    json_type = {"Content-Type": "application/json"}
    _assert_problem(await _put_profile(content=large, headers=json_type), 413, "body_too_large")

    async def chunks() -> Any:
        for start in range(0, len(large), 1000):
            yield large[start : start + 1000]

    unannounced = await _put_profile(content=chunks(), headers=json_type)
    _assert_problem(unannounced, 413, "body_too_large")


async def test_an_address_or_method_nobody_serves() -> None:
    async with _http().client("maker") as client:
        _assert_problem(await client.get("/v1/nothing"), 404, "route_unknown")
        wrong_method = await client.delete("/v1/invitations")
        _assert_problem(wrong_method, 405, "method_not_allowed")
    assert wrong_method.headers["Allow"]


async def test_refusals_have_their_own_code() -> None:
    async with _http().client("maker") as maker:
        answers = [
            (await maker.post("/v1/invitations/NOPE/accept"), 404, "invitation_unknown"),
            (await maker.get("/v1/candidates/m_nobody"), 404, "candidate_unknown"),
            (await maker.get("/v1/recommendations/rec_none"), 404, "recommendation_unknown"),
            (await maker.get("/v1/candidates/me"), 403, "role_not_allowed"),
            (await maker.get("/v1/candidates?cursor=%21%21"), 422, "fields_invalid"),
            (await maker.get("/v1/candidates?cursor=YWJj"), 422, "fields_invalid"),
            (await maker.get("/v1/candidates?cursor=가"), 422, "fields_invalid"),
            (await maker.get("/v1/candidates?limit=51"), 422, "fields_invalid"),
            (await maker.get("/v1/candidates?limit=0"), 422, "fields_invalid"),
        ]
    for answer, status, code in answers:
        _assert_problem(answer, status, code)


async def test_if_match_guards_a_profile() -> None:
    http = _http()
    async with http.client("candidate") as client:

        async def put(if_match: str) -> httpx.Response:
            headers = {"If-Match": if_match}
            return await client.put("/v1/candidates/me", json=PROFILE_BODY, headers=headers)

        _assert_problem(await put('"v1"'), 412, "version_stale")
        assert (await put("*")).status_code == 201
        second = await put('"v1"')
        assert (second.status_code, second.headers["ETag"]) == (200, '"v2"')
        _assert_problem(await put('"v1"'), 412, "version_stale")
        _assert_problem(await put("v1"), 422, "fields_invalid")


async def test_what_is_unavailable_says_when_to_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    http = _http()

    async def fail(_: str) -> None:
        raise Unavailable

    monkeypatch.setattr(http.world.candidates, "find", fail)
    async with http.client("maker") as client:
        answer = await client.get("/v1/candidates/m_own")
    _assert_problem(answer, 503, "temporarily_unavailable")
    assert answer.headers["Retry-After"] == "1"


async def test_a_request_that_takes_too_long_is_answered_before_the_gateway_gives_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    http = _http()

    async def hang(_: str) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(http.world.candidates, "find", hang)
    monkeypatch.setattr("cufit_service.lifetimes.REQUEST_SECONDS", 0.05)
    async with http.client("maker") as client:
        answer = await client.get("/v1/candidates/m_own")
    _assert_problem(answer, 503, "temporarily_unavailable")


async def test_a_defect_is_a_500_that_tells_nothing_but_its_correlation_id(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    http = _http()

    async def break_down(_: str) -> None:
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr(http.world.candidates, "find", break_down)
    async with http.client("maker") as client:
        answer = await client.get("/v1/candidates/m_own")
    _assert_problem(answer, 500, "internal_error")
    assert "hunter2" not in answer.text
