"""Bearer tokens of one OIDC issuer: RS256, verified against the keys the issuer publishes.

Keys are fetched in a thread, kept for an hour and fetched anew when a token names an unknown one,
at most once a minute, so that forged key ids cannot make this service hammer the issuer.
"""

import asyncio
import hashlib
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
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
LEEWAY_SECONDS: Final = 30
"""How far the issuer's clock may be off ours."""

Fetch = Callable[[str], Mapping[str, Any]]

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
    """Verifies access and ID tokens: audience in `aud`, or in `client_id` where there is none.

    A token comes with every request of a session, so what was found is kept, by digest, until
    the token expires or the issuer no longer has its key.
    """

    def __init__(
        self,
        issuer: str,
        audience: str,
        keys: "IssuerKeys",
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._issuer = issuer
        self._audience = audience
        self._keys = keys
        self._now = now
        self._verified: OrderedDict[bytes, _Verified] = OrderedDict()

    async def verify(self, token: str) -> Identity:
        digest = hashlib.sha256(token.encode()).digest()
        known = self._verified.get(digest)
        if (
            known is not None
            and self._now() < known.expires_at + LEEWAY_SECONDS
            and await self._keys.find(known.key_id) is known.key
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
        audience = claims.get("aud", claims.get("client_id"))
        if self._audience not in (audience if isinstance(audience, list) else [audience]):
            raise TokenRefused("for another audience")
        if not claims["sub"]:
            raise TokenRefused("names nobody")
        identity = Identity(self._issuer, claims["sub"])
        return _Verified(identity, key_id, key, float(claims["exp"]))


class IssuerKeys:
    """The issuer's public keys by key id."""

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
        self._fetched_at: float | None = None
        self._tried_at: float | None = None
        self._lock = asyncio.Lock()

    async def warm_up(self) -> None:
        """Read the keys before somebody needs them."""
        async with self._lock:
            if self._fetched_at is None:
                await self._refresh()

    async def find(self, key_id: str) -> "PyJWK | None":
        """None when the issuer has no such key.

        Raises:
            Unavailable: the issuer's keys have never been read and cannot be now.
        """
        if key_id not in self._keys or self._is_old():
            async with self._lock:
                if (key_id not in self._keys or self._is_old()) and self._may_try():
                    await self._refresh()
        if self._fetched_at is None:
            raise Unavailable("The sign-in service does not answer; try again in a moment.")
        return self._keys.get(key_id)

    def _is_old(self) -> bool:
        return self._fetched_at is None or self._clock() - self._fetched_at > KEYS_LIVE_SECONDS

    def _may_try(self) -> bool:
        # Until the first success every request may try: there is nothing to serve without keys.
        if self._fetched_at is None or self._tried_at is None:
            return True
        return self._clock() - self._tried_at > COOL_DOWN_SECONDS

    async def _refresh(self) -> None:
        self._tried_at = self._clock()
        try:
            keys = await asyncio.to_thread(self._read)
        except (OSError, ValueError) as error:
            # Keys read before stay good: an issuer that is down must not sign everybody out.
            logger.warning("issuer keys not read", extra={"reason": type(error).__name__})
            return
        self._keys = keys
        self._fetched_at = self._clock()

    def _read(self) -> "dict[str, PyJWK]":
        from cufit_service.adapters.tokens import json_web_tokens  # noqa: PLC0415 - loaded when needed

        fetch = self._fetch or json_web_tokens.fetch_json
        return json_web_tokens.keys_of(fetch(self._jwks_uri or self._discovered_uri(fetch)))

    def _discovered_uri(self, fetch: Fetch) -> str:
        document = fetch(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        if document.get("issuer") != self._issuer:
            raise ValueError("the discovery document is of another issuer")
        uri = str(document.get("jwks_uri"))
        if urlsplit(uri).scheme != urlsplit(self._issuer).scheme:
            raise ValueError("the discovery document leads to another scheme")
        return uri


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
