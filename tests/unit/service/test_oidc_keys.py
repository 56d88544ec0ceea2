"""The issuer's keys: fetched when needed, kept, and never a reason to sign everybody out."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from cufit_contracts.environment import ConfigurationError
from cufit_service.adapters.tokens.json_web_tokens import fetch_json
from cufit_service.adapters.tokens.oidc_tokens import (
    COOL_DOWN_SECONDS,
    KEYS_LIVE_SECONDS,
    IssuerKeys,
    require_trustworthy_issuer,
)
from cufit_service.domain.errors import Unavailable
from tests.unit.service.signing import ISSUER, KEY_ID, jwks

DISCOVERY = f"{ISSUER}/.well-known/openid-configuration"
KEYS_URI = f"{ISSUER}/keys"


class Issuer:
    """Serves documents and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.documents: dict[str, Callable[[], Mapping[str, Any]]] = {
            DISCOVERY: lambda: {"issuer": ISSUER, "jwks_uri": KEYS_URI},
            KEYS_URI: jwks,
        }
        self.time = 1000.0

    def fetch(self, uri: str) -> Mapping[str, Any]:
        self.asked.append(uri)
        return self.documents[uri]()

    def keys(self, jwks_uri: str | None = KEYS_URI) -> IssuerKeys:
        return IssuerKeys(ISSUER, jwks_uri, fetch=self.fetch, clock=lambda: self.time)


def _down() -> Mapping[str, Any]:
    raise OSError("down")


async def test_keys_are_found_through_discovery() -> None:
    issuer = Issuer()
    assert await issuer.keys(None).find(KEY_ID) is not None
    assert issuer.asked == [DISCOVERY, KEYS_URI]


async def test_keys_read_beforehand_are_not_read_again() -> None:
    issuer = Issuer()
    keys = issuer.keys()
    for _ in range(2):
        await keys.warm_up()
    assert await keys.find(KEY_ID) is not None
    assert issuer.asked == [KEYS_URI]


async def test_an_issuer_that_is_down_beforehand_is_asked_again() -> None:
    issuer = Issuer()
    issuer.documents[KEYS_URI] = _down
    keys = issuer.keys()
    await keys.warm_up()
    issuer.documents[KEYS_URI] = jwks
    assert await keys.find(KEY_ID) is not None


async def test_keys_are_fetched_once_however_many_ask_at_once() -> None:
    issuer = Issuer()
    keys = issuer.keys()
    found = await asyncio.gather(*(keys.find(KEY_ID) for _ in range(20)))
    assert None not in found
    assert issuer.asked == [KEYS_URI]


async def test_an_unknown_key_is_looked_for_once_a_minute() -> None:
    issuer = Issuer()
    keys = issuer.keys()
    await keys.find(KEY_ID)
    issuer.documents[KEYS_URI] = lambda: jwks(KEY_ID, "key-2")
    for _ in range(5):
        assert await keys.find("key-2") is None
    issuer.time += COOL_DOWN_SECONDS + 1
    assert await keys.find("key-2") is not None
    assert len(issuer.asked) == 2


async def test_keys_are_read_again_after_an_hour_and_a_withdrawn_one_is_gone() -> None:
    issuer = Issuer()
    keys = issuer.keys()
    await keys.find(KEY_ID)
    issuer.documents[KEYS_URI] = lambda: jwks("key-2")
    assert await keys.find(KEY_ID) is not None
    issuer.time += KEYS_LIVE_SECONDS + 1
    assert await keys.find(KEY_ID) is None


async def test_known_keys_stay_good_while_the_issuer_is_down() -> None:
    issuer = Issuer()
    keys = issuer.keys()
    await keys.find(KEY_ID)
    issuer.documents[KEYS_URI] = _down
    issuer.time += KEYS_LIVE_SECONDS + 1
    assert await keys.find(KEY_ID) is not None
    issuer.time += 1
    await keys.find(KEY_ID)
    assert len(issuer.asked) == 2


async def test_without_any_key_nobody_can_be_verified_and_each_request_tries() -> None:
    issuer = Issuer()
    issuer.documents[KEYS_URI] = _down
    keys = issuer.keys()
    for _ in range(2):
        with pytest.raises(Unavailable):
            await keys.find(KEY_ID)
    issuer.documents[KEYS_URI] = jwks
    assert await keys.find(KEY_ID) is not None


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


@pytest.mark.parametrize("published", [{"keys": []}, {}, {"keys": [{"kty": "oct", "kid": "x"}]}])
async def test_an_issuer_without_an_rsa_key_verifies_nobody(published: dict[str, Any]) -> None:
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


@pytest.mark.parametrize("uri", ["file:///etc/hostname", "ftp://issuer.example/keys"])
def test_only_http_is_fetched(uri: str) -> None:
    with pytest.raises(ValueError, match="not an http address"):
        fetch_json(uri)
