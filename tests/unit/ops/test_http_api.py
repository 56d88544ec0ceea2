"""Routing of the front door follows API Gateway's order: exact, variable, greedy, $default."""

import pytest

from cufit_ops.laptop.platform.cors import Cors
from cufit_ops.laptop.platform.http_api import (
    HttpApi,
    LambdaTarget,
    Route,
    ServiceTarget,
    read_http_api,
)

SERVICE = ServiceTarget(timeout_seconds=30)
FUNCTION = LambdaTarget("arn:aws:lambda:ap-northeast-2:123456789012:function:photos")
CORS = {
    "AllowOrigins": ["https://app.example"],
    "AllowMethods": ["GET", "PUT"],
    "AllowHeaders": ["authorization"],
    "ExposeHeaders": ["location"],
    "MaxAge": 3600,
}


def api(*keys: str) -> HttpApi:
    return HttpApi("api", tuple(Route(key, SERVICE, None) for key in keys))


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/health", "GET /health"),
        ("POST", "/health", "ANY /{proxy+}"),
        ("POST", "/v1/photos", "POST /v1/photos"),
        ("GET", "/v1/photos", "ANY /{proxy+}"),
        ("GET", "/v1/photos/p1", "GET /v1/photos/{id}"),
        ("GET", "/v1/photos/p1/view", "ANY /{proxy+}"),
        ("GET", "/v1/a\nb", "ANY /{proxy+}"),
        ("GET", "/", "$default"),
    ],
)
def test_the_most_specific_route_wins(method: str, path: str, expected: str) -> None:
    found = api(
        "$default", "ANY /{proxy+}", "GET /health", "GET /v1/photos/{id}", "POST /v1/photos"
    ).route(method, path)
    assert found is not None
    assert found.key == expected


def test_a_method_beats_any_on_the_same_path() -> None:
    found = api("ANY /v1/photos", "POST /v1/photos").route("POST", "/v1/photos")
    assert found is not None
    assert found.key == "POST /v1/photos"


def test_no_route_is_no_answer() -> None:
    assert api("GET /health").route("GET", "/v1/members/me") is None


class FakeApiGateway:
    """Answers as botocore's apigatewayv2 model shapes them."""

    def get_api(self, ApiId: str) -> object:
        return {"ApiId": ApiId, "CorsConfiguration": CORS}

    def get_integrations(self, ApiId: str) -> object:
        path = f"lambda:path/2015-03-31/functions/{FUNCTION.function}/invocations"
        uri = f"arn:aws:apigateway:ap-northeast-2:{path}"
        return {
            "Items": [
                {"IntegrationId": "i1", "IntegrationType": "AWS_PROXY", "IntegrationUri": uri},
                {"IntegrationId": "i2", "IntegrationType": "HTTP_PROXY", "TimeoutInMillis": 29_000},
            ]
        }

    def get_authorizers(self, ApiId: str) -> object:
        jwt = {"Issuer": "https://issuer.example", "Audience": ["cufit"]}
        return {"Items": [{"AuthorizerId": "a1", "JwtConfiguration": jwt}]}

    def get_routes(self, ApiId: str) -> object:
        return {
            "Items": [
                {
                    "RouteKey": "POST /v1/photos",
                    "Target": "integrations/i1",
                    "AuthorizationType": "JWT",
                    "AuthorizerId": "a1",
                },
                {
                    "RouteKey": "GET /health",
                    "Target": "integrations/i2",
                    "AuthorizationType": "NONE",
                },
            ]
        }


def test_reads_targets_and_authorizers() -> None:
    found = read_http_api(FakeApiGateway(), "api")
    photos, health = found.route("POST", "/v1/photos"), found.route("GET", "/health")
    assert photos is not None
    assert health is not None
    assert photos.target == FUNCTION
    assert photos.authorizer is not None
    assert photos.authorizer.issuer == "https://issuer.example"
    assert health.target == ServiceTarget(29.0)
    assert health.authorizer is None
    assert found.cors == Cors(
        ("https://app.example",), ("GET", "PUT"), ("authorization",), ("location",), 3600, False
    )
