"""The deployed HTTP API as data: which request goes where, and who may send it.

Matching follows "Routing" in API Gateway's developer guide: an exact path beats one with a
variable, which beats a greedy one; a method beats ANY; `$default` comes last.
"""

import re
from dataclasses import dataclass
from typing import Any

from cufit_ops.laptop.platform.cors import Cors

DEFAULT = "$default"
GREEDY = re.compile(r"\{[^}]+\+\}")
VARIABLE = re.compile(r"\{([^}+]+)\}")
MAX_SECONDS = 30
"""The longest an HTTP API waits for an integration, and how long if nothing is said (quotas)."""


@dataclass(frozen=True)
class LambdaTarget:
    function: str
    """Name or ARN."""
    timeout_seconds: float = MAX_SECONDS


@dataclass(frozen=True)
class ServiceTarget:
    """Behind the VPC link: the Fargate service."""

    timeout_seconds: float


@dataclass(frozen=True)
class JwtAuthorizer:
    issuer: str
    audience: tuple[str, ...]


@dataclass(frozen=True)
class Route:
    key: str
    target: LambdaTarget | ServiceTarget
    authorizer: JwtAuthorizer | None

    @property
    def specificity(self) -> tuple[int, int, int, int]:
        method, _, path = self.key.partition(" ")
        kind = 0 if GREEDY.search(path) else 1 if VARIABLE.search(path) else 2
        return (self.key != DEFAULT, kind, len(path), method != "ANY")

    def matches(self, method: str, path: str) -> bool:
        if self.key == DEFAULT:
            return True
        wanted, _, template = self.key.partition(" ")
        if wanted not in ("ANY", method):
            return False
        pattern = "".join(
            ".+" if GREEDY.fullmatch(part) else "[^/]+" if VARIABLE.fullmatch(part)
            else re.escape(part)
            for part in re.split(r"(\{[^}]+\})", template)
        )  # fmt: skip
        return re.fullmatch(pattern, path, re.DOTALL) is not None


@dataclass(frozen=True)
class HttpApi:
    api_id: str
    routes: tuple[Route, ...]
    cors: Cors | None = None

    def route(self, method: str, path: str) -> Route | None:
        found = [route for route in self.routes if route.matches(method, path)]
        return max(found, key=lambda route: route.specificity, default=None)


def read_http_api(apigateway: Any, api_id: str) -> HttpApi:
    """Read an HTTP API through an `apigatewayv2` client."""
    integrations = {
        item["IntegrationId"]: _target(item)
        for item in apigateway.get_integrations(ApiId=api_id)["Items"]
    }
    authorizers = {
        item["AuthorizerId"]: JwtAuthorizer(
            item["JwtConfiguration"]["Issuer"], tuple(item["JwtConfiguration"]["Audience"])
        )
        for item in apigateway.get_authorizers(ApiId=api_id)["Items"]
    }
    configured = apigateway.get_api(ApiId=api_id).get("CorsConfiguration")
    return HttpApi(
        api_id,
        tuple(
            Route(
                key=item["RouteKey"],
                target=integrations[item["Target"].removeprefix("integrations/")],
                authorizer=authorizers[item["AuthorizerId"]]
                if item.get("AuthorizationType") == "JWT"
                else None,
            )
            for item in apigateway.get_routes(ApiId=api_id)["Items"]
        ),
        Cors.of(configured) if configured else None,
    )


def _target(integration: dict[str, Any]) -> LambdaTarget | ServiceTarget:
    seconds = integration.get("TimeoutInMillis", MAX_SECONDS * 1000) / 1000
    if integration["IntegrationType"] == "AWS_PROXY":
        # A function's ARN, or the invocation URI of API Gateway that holds one.
        uri = str(integration["IntegrationUri"])
        held = re.search(r"functions/(arn:[^/]+)/invocations", uri)
        return LambdaTarget(held.group(1) if held else uri, seconds)
    return ServiceTarget(seconds)
