"""CORS as an HTTP API does it ("Configure CORS for HTTP APIs", API Gateway developer guide).

A preflight is answered before any route unless a route takes OPTIONS: `$default` and ANY do, and
if they have an authorizer it refuses the preflight. Answers of integrations get the configured
headers in place of their own; what the gateway says itself (401, 404, 503) gets none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

HEADERS = "access-control-"


def is_preflight(method: str, headers: Mapping[str, str]) -> bool:
    needed = ("origin", "access-control-request-method")
    return method == "OPTIONS" and all(name in headers for name in needed)


@dataclass(frozen=True)
class Cors:
    origins: tuple[str, ...]
    """As browsers name them, or one `*`."""
    methods: tuple[str, ...]
    headers: tuple[str, ...]
    exposed: tuple[str, ...]
    max_age_seconds: int
    """0: none is said."""
    credentials: bool

    @classmethod
    def of(cls, configuration: Mapping[str, Any]) -> "Cors":
        """From an API's `CorsConfiguration`, as GetApi answers it (botocore's apigatewayv2)."""
        return cls(
            origins=tuple(configuration.get("AllowOrigins", ())),
            methods=tuple(configuration.get("AllowMethods", ())),
            headers=tuple(configuration.get("AllowHeaders", ())),
            exposed=tuple(configuration.get("ExposeHeaders", ())),
            max_age_seconds=int(configuration.get("MaxAge") or 0),
            credentials=bool(configuration.get("AllowCredentials")),
        )

    def of_preflight(self, origin: str) -> dict[str, str]:
        """Headers for a preflight of `origin`; none when it may not call."""
        if not self._allows(origin):
            return {}
        found = {
            "access-control-allow-methods": ",".join(self.methods),
            "access-control-allow-headers": ",".join(self.headers),
            "access-control-max-age": str(self.max_age_seconds or ""),
        }
        return self._origin(origin) | {name: value for name, value in found.items() if value}

    def of_answer(self, origin: str) -> dict[str, str]:
        """Headers for an integration's answer to `origin`; none when it may not read it."""
        if not self._allows(origin):
            return {}
        exposed = {"access-control-expose-headers": ",".join(self.exposed)} if self.exposed else {}
        return self._origin(origin) | exposed

    def _allows(self, origin: str) -> bool:
        return bool(origin) and (origin in self.origins or "*" in self.origins)

    def _origin(self, origin: str) -> dict[str, str]:
        said = {"access-control-allow-origin": "*" if "*" in self.origins else origin}
        return said | ({"access-control-allow-credentials": "true"} if self.credentials else {})
