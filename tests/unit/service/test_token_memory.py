"""What is remembered of a verified token ends with the token and with its key."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from cufit_service.adapters.tokens import json_web_tokens, oidc_tokens
from cufit_service.adapters.tokens.oidc_tokens import KEYS_LIVE_SECONDS, IssuerKeys, OidcTokens
from cufit_service.application.ports import Identity, TokenRefused
from tests.unit.service.signing import AUDIENCES, ISSUER, KEY_ID, jwks, token


class Memory:
    """Tokens of an issuer whose clock and keys are set by hand."""

    def __init__(self) -> None:
        self.later = 0.0
        self.published = [KEY_ID]
        self.keys = IssuerKeys(ISSUER, "https://keys", fetch=self.fetch, clock=self.seconds)
        self.tokens = OidcTokens(ISSUER, AUDIENCES, self.keys, now=self.seconds)

    async def fetch(self, _: str) -> dict[str, Any]:
        return jwks(*self.published)

    def seconds(self) -> float:
        return time.time() + self.later


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every token whose signature was checked."""
    seen: list[str] = []
    claims_of = json_web_tokens.claims_of

    def counting(given: str, key: jwt.PyJWK, issuer: str, leeway: float) -> dict[str, Any]:
        seen.append(given)
        return claims_of(given, key, issuer, leeway)

    monkeypatch.setattr(json_web_tokens, "claims_of", counting)
    return seen


async def test_a_token_is_checked_once(decoded: list[str]) -> None:
    memory, sent = Memory(), token("maker")
    for _ in range(3):
        assert await memory.tokens.verify(sent) == Identity(ISSUER, "maker")
    assert decoded == [sent]


async def test_tokens_are_told_apart_by_every_character() -> None:
    memory, sent = Memory(), token("maker")
    await memory.tokens.verify(sent)
    header, payload, signature = sent.split(".")
    other = "A" if signature[5] != "A" else "B"
    tampered = ".".join((header, payload, signature[:5] + other + signature[6:]))
    with pytest.raises(TokenRefused):
        await memory.tokens.verify(tampered)


async def test_a_remembered_token_expires(decoded: list[str]) -> None:
    memory = Memory()
    sent = token("maker", exp=datetime.now(UTC) + timedelta(minutes=10))
    await memory.tokens.verify(sent)
    memory.later = 10 * 60 + oidc_tokens.LEEWAY_SECONDS - 5
    await memory.tokens.verify(sent)
    assert len(decoded) == 1
    memory.later += 10
    # jwt has its own clock; that it is asked again is what matters here.
    await memory.tokens.verify(sent)
    assert len(decoded) == 2


async def test_a_token_of_a_withdrawn_key_is_refused() -> None:
    memory, sent = Memory(), token("maker", exp=datetime.now(UTC) + timedelta(hours=9))
    await memory.tokens.verify(sent)
    memory.published = ["another"]
    memory.later = KEYS_LIVE_SECONDS + 1
    assert await memory.tokens.verify(sent) == Identity(ISSUER, "maker")
    await memory.keys.renew()
    with pytest.raises(TokenRefused, match="a key the issuer does not have"):
        await memory.tokens.verify(sent)


async def test_a_refused_token_is_never_remembered() -> None:
    memory = Memory()
    wrong = token("maker", aud="another-app")
    for _ in range(2):
        with pytest.raises(TokenRefused):
            await memory.tokens.verify(wrong)


async def test_only_so_many_are_kept(decoded: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oidc_tokens, "TOKENS_KEPT", 2)
    memory = Memory()
    first, second, third = (token(subject) for subject in ("a", "b", "c"))
    for sent in (first, second, first, third, first):
        await memory.tokens.verify(sent)
    assert decoded == [first, second, third]
    await memory.tokens.verify(second)
    assert decoded[-1] == second
