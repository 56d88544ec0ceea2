"""Tokens that the issuer's key has signed and no issuer would make: refused, each of them."""

import base64
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as new_ec_key
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cufit_service.adapters.tokens.oidc_tokens import IssuerKeys, OidcTokens
from cufit_service.application.ports import TokenRefused
from tests.unit.service.http_world import HttpWorld
from tests.unit.service.signing import (
    AUDIENCE,
    AUDIENCES,
    ISSUER,
    KEY_ID,
    jwks,
    published,
    signed,
)

FAR = 4_000_000_000


def _raw(claims: str) -> bytes:
    return f'{{"iss": "{ISSUER}", "aud": "{AUDIENCE}", {claims}}}'.encode()


def _of_another_kind(header: dict[str, Any]) -> str:
    """ES256 under the id of an RSA key."""
    return jwt.encode({"sub": "maker"}, new_ec_key(SECP256R1()), "ES256", headers=header)


def _part(part: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


DEEP = '{"a":' * 50_000 + "1" + "}" * 50_000

ODD_TIMES = (
    *("1e400", "-1e400", "NaN", "Infinity", "1" + "0" * 400, "1" + "0" * 5000),
    *("true", '"4000000000"', '"soon"', "[]", "{}"),
)


def _each(name: str, make: Callable[[Any], str], *values: Any) -> dict[str, str]:
    return {f"{name} of {value!r:.20} ({len(str(value))})": make(value) for value in values}


def _time(claim: str) -> dict[str, str]:
    good = f'"sub": "maker", "exp": {FAR}'
    return _each(claim, lambda time: signed(_raw(f'{good}, "{claim}": {time}')), *ODD_TIMES)


ODD_TOKENS = {
    **_time("exp"),
    **_time("nbf"),
    **_time("iat"),
    **_each("exp", lambda exp: signed({"exp": exp}), 0, -1, None, True, "", FAR * 10**400),
    "nbf to come": signed({"nbf": FAR}),
    "iat to come": signed({"iat": FAR}),
    "a lone surrogate in sub": signed(_raw(rf'"sub": "\ud800", "exp": {FAR}')),
    "no text in sub": signed(_raw(f'"exp": {FAR}, "sub": "?"').replace(b"?", b"\xff")),
    "a sub of 1 MB": signed({"sub": "a" * 2**20}),
    "a sub of 256 characters": signed({"sub": "a" * 256}),
    **_each("sub", lambda sub: signed({"sub": sub}), "", None, 1, True, ["maker"], {}),
    **_each("iss", lambda iss: signed({"iss": iss}), "", None, 1, [ISSUER], {}),
    **_each("aud", lambda aud: signed({"aud": aud}), "", 1, [], [1], [None], {}, [[AUDIENCE]]),
    "client_id that is a list": signed({"aud": None, "client_id": [AUDIENCE]}),
    "no object": signed(b"[]"),
    "no JSON": signed(b"maker"),
    "nothing": signed(b""),
    "JSON in depth": signed(DEEP.encode()),
    "JSON in depth in the header": f"{base64.urlsafe_b64encode(DEEP.encode()).decode()}.e30.AAAA",
    **_each("kid", lambda kid: signed({}, kid=kid), None, 1, "", [KEY_ID], {}, "\ud800"),
    **_each("alg", lambda alg: signed({}, alg=alg), None, 1, "none", "HS256", [], {}, "RS512"),
    "a header that is a list": f"{_part([])}.e30.AAAA",
    "a critical extension": signed({}, crit=["exp"]),
    "an empty list of extensions": signed({}, crit=[]),
    "a payload apart": signed({}, crit=["b64"], b64=False),
    "a payload that is not encoded": signed({}, b64=False),
    "EC under the id of an RSA key": _of_another_kind({"kid": KEY_ID}),
    "two dots": "..",
    "one dot": ".",
    "five parts": "a.b.c.d.e",
}


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with HttpWorld(shares_app=True).client() as client:
        yield client


@pytest.mark.parametrize("odd", ODD_TOKENS.values(), ids=ODD_TOKENS)
async def test_an_odd_token_is_refused(odd: str, client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/members/me", headers={"Authorization": f"Bearer {odd}"})
    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")


def _tokens() -> OidcTokens:
    return OidcTokens(ISSUER, AUDIENCES, IssuerKeys(ISSUER, f"{ISSUER}/keys", fetch=published))


@pytest.mark.parametrize(
    "header", [{"jku": "https://evil.example/keys"}, {"x5u": "https://evil.example/key"}]
)
async def test_an_address_in_the_header_is_not_asked(header: dict[str, str]) -> None:
    asked: list[str] = []

    async def counting(uri: str) -> dict[str, Any]:
        asked.append(uri)
        return jwks()

    tokens = OidcTokens(ISSUER, AUDIENCES, IssuerKeys(ISSUER, f"{ISSUER}/keys", fetch=counting))
    with pytest.raises(TokenRefused):
        await tokens.verify(signed({}, key="stranger", kid=KEY_ID, **header))
    assert asked == [f"{ISSUER}/keys"]


async def test_of_two_claims_of_one_name_the_last_counts() -> None:
    """As RFC 7519, section 4, asks of whoever does not refuse them."""
    given = signed(_raw(f'"sub": "admin", "exp": {FAR}, "sub": "maker"'))
    assert (await _tokens().verify(given)).subject == "maker"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
CLAIMS = st.dictionaries(
    st.sampled_from(("exp", "nbf", "iat", "sub", "iss", "aud", "client_id", "jti")),
    JSON, max_size=3,
)  # fmt: skip
HEADERS = st.dictionaries(
    st.sampled_from(("alg", "kid", "typ", "crit", "b64", "jku", "jwk")), JSON, max_size=2
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(claims=CLAIMS, header=HEADERS)
async def test_whatever_a_token_says_it_names_somebody_or_is_refused(
    claims: dict[str, Any], header: dict[str, Any]
) -> None:
    try:
        identity = await _tokens().verify(signed(claims, **header))
    except TokenRefused:
        return
    assert identity.subject.encode()


@settings(max_examples=200, deadline=None)
@given(given_token=st.text() | st.lists(JSON.map(_part), min_size=2, max_size=4).map(".".join))
async def test_whatever_is_no_token_is_refused(given_token: str) -> None:
    with pytest.raises(TokenRefused):
        await _tokens().verify(given_token)
