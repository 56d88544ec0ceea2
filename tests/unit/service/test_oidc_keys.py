"""The issuer's keys: fetched when needed, kept, and never a reason to sign everybody out."""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from cufit_contracts.environment import ConfigurationError
from cufit_service.adapters.tokens import oidc_tokens
from cufit_service.adapters.tokens.oidc_tokens import (
    COOL_DOWN_SECONDS,
    FIRST_PAUSE_SECONDS,
    KEYLESS_PAUSE_SECONDS,
    KEYS_LIVE_SECONDS,
    MAX_WAITING,
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
        self.answers = asyncio.Event()
        self.answers.set()

    async def fetch(self, uri: str) -> Mapping[str, Any]:
        self.asked.append(uri)
        await self.answers.wait()
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
        await keys.renew()
    assert await keys.find(KEY_ID) is not None
    assert issuer.asked == [KEYS_URI]


async def test_an_issuer_that_is_down_beforehand_is_asked_again() -> None:
    issuer = Issuer()
    issuer.documents[KEYS_URI] = _down
    keys = issuer.keys()
    await keys.renew()
    issuer.documents[KEYS_URI] = jwks
    issuer.time += FIRST_PAUSE_SECONDS
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


async def test_many_unknown_keys_are_one_question() -> None:
    issuer = Issuer()
    keys = issuer.keys()
    await keys.find(KEY_ID)
    issuer.time += COOL_DOWN_SECONDS + 1
    found = await asyncio.gather(*(keys.find(f"forged-{number}") for number in range(1000)))
    assert set(found) == {None}
    assert len(issuer.asked) == 2


async def test_keys_are_read_again_after_an_hour_and_a_withdrawn_one_is_gone() -> None:
    issuer = Issuer()
    keys = issuer.keys()
    await keys.renew()
    issuer.documents[KEYS_URI] = lambda: jwks("key-2")
    issuer.time += KEYS_LIVE_SECONDS
    await keys.renew()
    assert keys.known(KEY_ID) is not None
    issuer.time += 1
    await keys.renew()
    assert keys.known(KEY_ID) is None
    assert keys.known("key-2") is not None


async def test_known_keys_stay_good_while_the_issuer_is_down() -> None:
    issuer = Issuer()
    keys = issuer.keys()
    await keys.renew()
    issuer.documents[KEYS_URI] = _down
    issuer.time += KEYS_LIVE_SECONDS + 1
    for _ in range(2):
        await keys.renew()
        assert await keys.find(KEY_ID) is not None
    assert len(issuer.asked) == 2


async def test_an_issuer_that_hangs_delays_only_those_whose_key_is_unknown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(oidc_tokens, "READ_SECONDS", 0.2)
    issuer = Issuer()
    keys = issuer.keys()
    await keys.renew()
    issuer.answers.clear()
    issuer.time += KEYS_LIVE_SECONDS + 1
    renewal = asyncio.create_task(keys.renew())
    strangers = [asyncio.create_task(keys.find(f"forged-{number}")) for number in range(1000)]
    await asyncio.sleep(0.01)
    async with asyncio.timeout(0.1):
        assert await keys.find(KEY_ID) is not None
    assert sum(not stranger.done() for stranger in strangers) == MAX_WAITING
    answers = await asyncio.gather(*strangers, return_exceptions=True)
    assert answers.count(None) == 1000 - MAX_WAITING
    assert sum(isinstance(answer, Unavailable) for answer in answers) == MAX_WAITING
    await renewal
    assert len(issuer.asked) == 2


async def test_as_long_as_there_are_no_keys_everybody_waits_for_them() -> None:
    issuer = Issuer()
    issuer.answers.clear()
    keys = issuer.keys()
    members = [asyncio.create_task(keys.find(KEY_ID)) for _ in range(2 * MAX_WAITING)]
    await asyncio.sleep(0.01)
    issuer.answers.set()
    assert None not in await asyncio.gather(*members)


async def test_who_stops_waiting_does_not_end_the_reading_for_the_others() -> None:
    issuer = Issuer()
    issuer.answers.clear()
    keys = issuer.keys()
    impatient, patient = (asyncio.create_task(keys.find(KEY_ID)) for _ in range(2))
    await asyncio.sleep(0.01)
    impatient.cancel()
    await asyncio.sleep(0.01)
    issuer.answers.set()
    assert await patient is not None
    assert issuer.asked == [KEYS_URI]


async def test_without_any_key_nobody_can_be_verified_until_the_next_reading() -> None:
    issuer = Issuer()
    issuer.documents[KEYS_URI] = _down
    keys = issuer.keys()
    for _ in range(5):
        with pytest.raises(Unavailable):
            await keys.find(KEY_ID)
    assert len(issuer.asked) == 1
    issuer.documents[KEYS_URI] = jwks
    issuer.time += FIRST_PAUSE_SECONDS
    assert await keys.find(KEY_ID) is not None


async def test_nobody_knows_an_unknown_key_while_the_issuer_is_down() -> None:
    """It may be the issuer's newest: to refuse its token would sign a member out."""
    issuer = Issuer()
    keys = issuer.keys()
    await keys.renew()
    issuer.documents[KEYS_URI] = _down
    issuer.time += COOL_DOWN_SECONDS
    for _ in range(2):
        with pytest.raises(Unavailable):
            await keys.find("key-2")
    assert len(issuer.asked) == 2
    issuer.documents[KEYS_URI] = lambda: jwks(KEY_ID, "key-2")
    issuer.time += FIRST_PAUSE_SECONDS
    assert await keys.find("key-2") is not None
    assert await keys.find("forged") is None


async def test_the_pauses_between_failures_grow_up_to_a_minute() -> None:
    issuer = Issuer()
    keys = issuer.keys()
    await keys.renew()
    issuer.time += KEYS_LIVE_SECONDS + 1
    issuer.documents[KEYS_URI] = _down
    assert await _tried_at(issuer, keys, 200) == [0, 1, 3, 7, 15, 31, 63, 123, 183]


async def test_an_issuer_that_is_down_from_the_start_is_asked_every_few_seconds() -> None:
    """Nobody can sign in until it answers."""
    issuer = Issuer()
    issuer.documents[KEYS_URI] = _down
    tried_at = await _tried_at(issuer, issuer.keys(), 200)
    assert tried_at[:6] == [0, 1, 3, 7, 12, 17]
    assert tried_at[-1] > 200 - KEYLESS_PAUSE_SECONDS


async def _tried_at(issuer: Issuer, keys: IssuerKeys, seconds: int) -> list[float]:
    began = issuer.time
    tried_at = []
    for _ in range(seconds):
        asked = len(issuer.asked)
        await keys.renew()
        if len(issuer.asked) > asked:
            tried_at.append(issuer.time - began)
        issuer.time += 1
    return tried_at


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
