"""What an issuer publishes: an odd key, or an address that leads astray, verifies nobody."""

import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from cufit_contracts.environment import ConfigurationError
from cufit_service.adapters.tokens.oidc_tokens import (
    require_trustworthy_issuer,
)
from cufit_service.domain.errors import Unavailable
from tests.unit.service.issuers import DISCOVERY, KEYS_URI, Issuer
from tests.unit.service.signing import ISSUER, KEY_ID, jwks


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://evil.example", "jwks_uri": KEYS_URI},
        {"issuer": ISSUER, "jwks_uri": "http://issuer.example/keys"},
        {"issuer": ISSUER},
    ],
    ids=["another issuer", "keys over plain HTTP", "no keys"],
)
async def test_a_discovery_document_that_leads_astray_is_not_followed(
    document: dict[str, str],
) -> None:
    issuer = Issuer()
    issuer.documents[DISCOVERY] = lambda: document
    with pytest.raises(Unavailable):
        await issuer.keys(None).find(KEY_ID)
    assert issuer.asked == [DISCOVERY]


def _key(name: str = KEY_ID, **changes: Any) -> dict[str, Any]:
    published: dict[str, Any] = jwks(name)["keys"][0]
    return published | changes


def _short() -> dict[str, Any]:
    private = generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - on purpose
    public: str = jwt.algorithms.RSAAlgorithm.to_jwk(private.public_key())
    published: dict[str, Any] = json.loads(public)
    return published | {"kid": KEY_ID}


def _each(member: str, *values: Any) -> dict[str, Any]:
    return {f"{member} of {value!r}": _key(**{member: value}) for value in values}


ODD_KEYS: dict[str, Any] = {
    **{f"{what!r} in place of a key": what for what in (None, 1, "key", [], ["key"])},
    "an empty key": {},
    "a secret": {"kty": "oct", "kid": KEY_ID, "k": "c2VjcmV0"},
    **_each("kty", "LATTICE", "EC", ["RSA"], None),
    **_each("n", None, 1, "", "ä", "!", [], {}, "AQ"),
    **_each("e", None, 1, "", "ä", "AA", []),
    **_each("kid", None, 1, ["key-1"], {}),
    **_each("use", "enc", ["sig"], 1),
    **_each("alg", "RS512", "RSA-OAEP", "none", 1, ["RS256"]),
    "1,024 bits": _short(),
    "EC": {"kty": "EC", "crv": "P-256", "kid": KEY_ID, "x": "AA", "y": "AA"},
}


@pytest.mark.parametrize("odd", ODD_KEYS.values(), ids=ODD_KEYS)
async def test_an_odd_key_verifies_nobody_and_costs_no_other(odd: Any) -> None:
    issuer = Issuer()
    issuer.documents[KEYS_URI] = lambda: {"keys": [odd]}
    with pytest.raises(Unavailable):
        await issuer.keys().find(KEY_ID)
    for around in ([odd, _key("key-2")], [_key("key-2"), odd]):
        issuer.documents[KEYS_URI] = lambda around=around: {"keys": around}  # type: ignore[misc]
        keys = issuer.keys()
        assert await keys.find("key-2") is not None
        assert keys.known(KEY_ID) is None


@pytest.mark.parametrize(
    "published", [{}, {"keys": []}, {"keys": None}, {"keys": 1}, {"keys": "a"}, {"keys": {}}]
)
async def test_an_issuer_without_a_key_verifies_nobody(published: dict[str, Any]) -> None:
    issuer = Issuer()
    issuer.documents[KEYS_URI] = lambda: published
    with pytest.raises(Unavailable):
        await issuer.keys().find(KEY_ID)


@pytest.mark.parametrize("env", ["dev", "prod", "Local", ""])
def test_only_local_may_name_the_keys_itself_or_use_plain_http(env: str) -> None:
    with pytest.raises(ConfigurationError, match="CUFIT_OIDC_JWKS_URI"):
        require_trustworthy_issuer(env, ISSUER, "https://issuer.example/keys")
    with pytest.raises(ConfigurationError, match="CUFIT_OIDC_ISSUER"):
        require_trustworthy_issuer(env, "http://issuer.example", None)
    require_trustworthy_issuer(env, ISSUER, None)
    require_trustworthy_issuer("local", "http://127.0.0.1:1", "http://127.0.0.1:1/keys")
