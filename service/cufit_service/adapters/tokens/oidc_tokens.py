"""Bearer tokens of one OIDC issuer: RS256, verified against the keys the issuer publishes.

Keys are read in the background every hour, and when a token names an unknown one: once at a time,
at most once a minute, and with longer and longer pauses while that fails, so that forged key ids
cannot make this service hammer the issuer.
"""

import asyncio
import hashlib
import logging
import math
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from cufit_contracts.environment import ConfigurationError
from cufit_service.application.ports import Identity, TokenRefused
from cufit_service.domain.errors import Unavailable

if TYPE_CHECKING:
    from jwt import PyJWK

KEYS_LIVE_SECONDS: Final = 3600.0
COOL_DOWN_SECONDS: Final = 60.0
"""From one reading to the next."""
FIRST_PAUSE_SECONDS: Final = 1.0
"""After a reading that failed; each further one doubles it, up to COOL_DOWN_SECONDS."""
KEYLESS_PAUSE_SECONDS: Final = 5.0
"""Up to this while there are no keys at all: nobody is let in until there are."""
READ_SECONDS: Final = 3.0
"""For all that one reading fetches: what a token with an unknown key waits at most."""
MAX_WAITING: Final = 64
"""Tokens with unknown keys that wait for a reading; an eighth of the connections there may be."""
LEEWAY_SECONDS: Final = 30
"""How far the issuer's clock may be off ours."""

Fetch = Callable[[str], Awaitable[Mapping[str, Any]]]
"""The JSON object at an address. Raises OSError or ValueError."""

logger = logging.getLogger(__name__)


TOKENS_KEPT: Final = 4096
"""Of the most recently verified; about 1 MB."""


@dataclass(frozen=True, slots=True)
class _Verified:
    identity: Identity
    key_id: str
    key: "PyJWK"
    expires_at: float


class OidcTokens:
    """Verifies access and ID tokens: one of `audiences` in `aud`, or in `client_id` where there is
    no `aud`.

    A token comes with every request of a session, so what was found is kept, by digest, until
    the token expires or the issuer no longer has its key.
    """

    def __init__(
        self,
        issuer: str,
        audiences: tuple[str, ...],
        keys: "IssuerKeys",
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._issuer = issuer
        self._audiences = audiences
        self._keys = keys
        self._now = now
        self._verified: OrderedDict[bytes, _Verified] = OrderedDict()

    async def verify(self, token: str) -> Identity:
        digest = hashlib.sha256(token.encode(errors="surrogatepass")).digest()
        known = self._verified.get(digest)
        if (
            known is not None
            and self._now() < known.expires_at + LEEWAY_SECONDS
            and self._keys.known(known.key_id) is known.key
        ):
            self._verified.move_to_end(digest)
            return known.identity
        self._verified.pop(digest, None)
        verified = await self._verify(token)
        self._verified[digest] = verified
        if len(self._verified) > TOKENS_KEPT:
            self._verified.popitem(last=False)
        return verified.identity

    async def _verify(self, token: str) -> _Verified:
        from cufit_service.adapters.tokens import json_web_tokens  # noqa: PLC0415 - loaded when needed

        key_id = json_web_tokens.key_id_of(token)
        key = await self._keys.find(key_id)
        if key is None:
            raise TokenRefused("signed with a key the issuer does not have")
        claims = json_web_tokens.claims_of(token, key, self._issuer, LEEWAY_SECONDS)
        meant_for = claims.get("aud", claims.get("client_id"))
        if not isinstance(meant_for, list):
            meant_for = [meant_for]
        if not any(audience in meant_for for audience in self._audiences):
            raise TokenRefused("for another audience")
        identity = Identity(self._issuer, claims["sub"])
        return _Verified(identity, key_id, key, float(claims["exp"]))


class IssuerKeys:
    """The issuer's public keys by key id. Whoever needs a known one never waits for the issuer."""

    def __init__(
        self,
        issuer: str,
        jwks_uri: str | None = None,
        *,
        fetch: Fetch | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuer = issuer
        self._jwks_uri = jwks_uri
        self._fetch = fetch
        self._clock = clock
        self._keys: dict[str, PyJWK] = {}
        self._read_at: float | None = None
        self._was_told = False
        """Whether the last reading ended with keys: only then is an unknown key the issuer's no."""
        self._again_at = -math.inf
        self._pause = FIRST_PAUSE_SECONDS
        self._reading: asyncio.Task[None] | None = None
        self._waiting = 0

    def known(self, key_id: str) -> "PyJWK | None":
        """Of what was read last."""
        return self._keys.get(key_id)

    async def find(self, key_id: str) -> "PyJWK | None":
        """None when the issuer had no such key when last asked; it may be asked again first,
        unless MAX_WAITING others wait for that already.

        Raises:
            Unavailable: the key is unknown, and the issuer did not say when last asked.
        """
        if key_id not in self._keys and (self._read_at is None or self._waiting < MAX_WAITING):
            self._waiting += 1
            try:
                await self._read()
            finally:
                self._waiting -= 1
        key = self._keys.get(key_id)
        if key is None and not self._was_told:
            raise Unavailable("The sign-in service does not answer; try again in a moment.")
        return key

    async def renew(self) -> None:
        """Read the keys if they have never been read or are an hour old."""
        if self._read_at is None or self._clock() - self._read_at > KEYS_LIVE_SECONDS:
            await self._read()

    async def _read(self) -> None:
        """Wait for the reading under way; begin one if it is time."""
        if self._reading is None or self._reading.done():
            if self._clock() < self._again_at:
                return
            self._reading = asyncio.create_task(self._refresh())
        # Who is cancelled while waiting does not end it for the others.
        await asyncio.wait([self._reading])

    async def _refresh(self) -> None:
        try:
            keys = await self._published()
        except (OSError, ValueError) as error:
            # Keys read before stay good: an issuer that is down must not sign everybody out.
            logger.warning("issuer keys not read", extra={"reason": type(error).__name__})
            self._was_told = False
            self._again_at = self._clock() + self._pause
            longest = KEYLESS_PAUSE_SECONDS if self._read_at is None else COOL_DOWN_SECONDS
            self._pause = min(2 * self._pause, longest)
            return
        self._keys = keys
        self._was_told = True
        self._read_at = self._clock()
        self._again_at = self._read_at + COOL_DOWN_SECONDS
        self._pause = FIRST_PAUSE_SECONDS

    async def _published(self) -> "dict[str, PyJWK]":
        # Loading what fetches and reads is no time the issuer takes; it comes once.
        fetch = self._fetch if self._fetch is not None else await asyncio.to_thread(_fetch_json)
        async with asyncio.timeout(READ_SECONDS):
            document = await fetch(self._jwks_uri or await self._discovered_uri(fetch))
        return await asyncio.to_thread(_keys_of, document)

    async def _discovered_uri(self, fetch: Fetch) -> str:
        document = await fetch(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        if document.get("issuer") != self._issuer:
            raise ValueError("the discovery document is of another issuer")
        uri = str(document.get("jwks_uri"))
        if urlsplit(uri).scheme != urlsplit(self._issuer).scheme:
            raise ValueError("the discovery document leads to another scheme")
        return uri


def _fetch_json() -> Fetch:
    from cufit_service.adapters.tokens.issuer_documents import fetch_json  # noqa: PLC0415 - loaded when needed

    return fetch_json


def _keys_of(document: Mapping[str, Any]) -> "dict[str, PyJWK]":
    from cufit_service.adapters.tokens import json_web_tokens  # noqa: PLC0415 - loaded when needed

    return json_web_tokens.keys_of(document)


def require_trustworthy_issuer(env: str, issuer: str, jwks_uri: str | None) -> None:
    """Only the local environment may use plain HTTP or name the keys' address itself.

    Raises:
        ConfigurationError: names the variable at fault.
    """
    if env == "local":
        return
    if jwks_uri is not None:
        raise ConfigurationError(
            f"CUFIT_OIDC_JWKS_URI is for the environment local only, not for {env}: "
            "elsewhere the issuer says where its keys are"
        )
    if urlsplit(issuer).scheme != "https":
        raise ConfigurationError(f"CUFIT_OIDC_ISSUER must be an https address in {env}: {issuer}")
