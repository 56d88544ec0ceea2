"""An OIDC issuer as the service asks it, and where it publishes its keys."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from cufit_service.adapters.tokens.oidc_tokens import (
    IssuerKeys,
)
from tests.unit.service.signing import ISSUER, jwks

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
