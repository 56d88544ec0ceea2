"""Nobody gets in with a token that proves nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.unit.service.http_world import HttpWorld
from tests.unit.service.signing import (
    APP_AUDIENCE,
    AUDIENCE,
    signed_with_public_key,
    token,
    unsigned,
)

EXPIRED = datetime.now(UTC) - timedelta(minutes=5)

BAD_TOKENS = {
    "no JWT": "nonsense",
    "expired": token("maker", exp=EXPIRED),
    "without an end": token("maker", exp=None),
    "of another issuer": token("maker", iss="https://evil.example"),
    "without an issuer": token("maker", iss=None),
    "for another audience": token("maker", aud="another-app"),
    "for other audiences": token("maker", aud=["another-app", "a-third"]),
    "for a part of an audience": token("maker", aud=AUDIENCE[:-1]),
    "for no audience": token("maker", aud=None),
    "of nobody": token("maker", sub=None),
    "of an empty subject": token(""),
    "signed with a stranger's key": token("maker", key="stranger", kid="key-1"),
    "naming an unknown key": token("maker", key="stranger"),
    "unsigned": unsigned("maker"),
    "signed with the public key as a secret": signed_with_public_key("maker"),
    "tampered": token("maker")[:-6] + "AAAAAA",
}


async def _call(authorization: str | None) -> httpx.Response:
    headers = {} if authorization is None else {"Authorization": authorization}
    async with HttpWorld().client(**headers) as client:
        return await client.get("/v1/members/me")


@pytest.mark.parametrize("bad", BAD_TOKENS.values(), ids=BAD_TOKENS)
async def test_a_bad_token_is_refused(bad: str) -> None:
    answer = await _call(f"Bearer {bad}")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "token_invalid"
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    assert bad not in answer.text


@pytest.mark.parametrize("authorization", [None, "", "Basic bWFrZXI6", "Bearer"])
async def test_no_token_is_refused_without_an_error_in_the_challenge(
    authorization: str | None,
) -> None:
    answer = await _call(authorization)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="cufit"'


@pytest.mark.parametrize(
    "good",
    [
        {},
        {"aud": APP_AUDIENCE},
        {"aud": ["another-app", AUDIENCE]},
        {"aud": ["another-app", APP_AUDIENCE]},
        {"aud": None, "client_id": AUDIENCE},
    ],
    ids=[
        "web",
        "app",
        "several audiences",
        "several, the app's among them",
        "Cognito's access token",
    ],
)
async def test_a_good_token_is_let_in(good: dict[str, Any]) -> None:
    assert (await _call(f"Bearer {token('maker', **good)}")).status_code == 200


async def test_the_issuers_clock_may_be_a_little_off() -> None:
    just_over = datetime.now(UTC) - timedelta(seconds=5)
    assert (await _call(f"Bearer {token('maker', exp=just_over)}")).status_code == 200
