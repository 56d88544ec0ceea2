"""The HTTP API: who may call what, how often, and what is written down about it."""

import json

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigw
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from stacks.components.log_group import log_group
from stacks.components.permissions import acknowledge
from stacks.settings import Environment

PUBLIC_PATHS = ("/health", "/ready", "/docs", "/docs/{proxy+}", "/openapi.json")
"""GET without a token: liveness and the API's description, no data."""
UPLOAD_URL_PATH = "/v1/photos"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
"""Of the service, by name: a route of ANY would take preflights as well, and its authorizer refuse
them ("Configure CORS for HTTP APIs", API Gateway developer guide)."""

ACCESS_LOG = {
    "requestId": "$context.requestId",
    "time": "$context.requestTime",
    "method": "$context.httpMethod",
    "path": "$context.path",
    "routeKey": "$context.routeKey",
    "status": "$context.status",
    "integrationStatus": "$context.integrationStatus",
    "integrationError": "$context.integrationErrorMessage",
    "authorizerError": "$context.authorizer.error",
    "latencyMs": "$context.responseLatency",
    "integrationLatencyMs": "$context.integrationLatency",
    "responseBytes": "$context.responseLength",
}
"""JSON keys to HTTP API logging variables; the path of a recommendation holds its correlation id.
Addresses, user agents and subjects are personal data and stay out."""


class HttpApi(Construct):
    """`service` answers everything but UPLOAD_URL_PATH, and needs a token but for PUBLIC_PATHS."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: Environment,
        service: apigw.HttpRouteIntegration,
        upload_url: lambda_.IFunction,
    ) -> None:
        super().__init__(scope, id_)
        self.api = apigw.HttpApi(
            self,
            "Api",
            description=f"cufit {settings.name}",
            create_default_stage=False,
            cors_preflight=_cors(settings.web.origins),
        )
        self._add_routes(settings, service, upload_url)
        self.log_group = log_group(self, "AccessLogs", settings)
        self.stage = self._stage(settings)

    def _add_routes(
        self,
        settings: Environment,
        service: apigw.HttpRouteIntegration,
        upload_url: lambda_.IFunction,
    ) -> None:
        authorizer = authorizers.HttpJwtAuthorizer(
            "Jwt", settings.auth.issuer, jwt_audience=settings.auth.audiences
        )
        for path in PUBLIC_PATHS:
            for route in self.api.add_routes(
                path=path, methods=[apigw.HttpMethod.GET], integration=service
            ):
                acknowledge(route, APIG4="Public on purpose: says how the API is, holds no data")
        self.api.add_routes(
            path="/{proxy+}",
            methods=[apigw.HttpMethod[method] for method in METHODS],
            integration=service,
            authorizer=authorizer,
        )
        self.api.add_routes(
            path=UPLOAD_URL_PATH,
            methods=[apigw.HttpMethod.POST],
            integration=integrations.HttpLambdaIntegration("UploadUrl", upload_url),
            authorizer=authorizer,
        )

    def _stage(self, settings: Environment) -> apigw.HttpStage:
        """`$default`: any other stage's name would be part of the path the service sees."""
        stage = apigw.HttpStage(
            self,
            "Stage",
            http_api=self.api,
            stage_name="$default",
            auto_deploy=True,
            throttle=apigw.ThrottleSettings(
                rate_limit=settings.throttling.rate, burst_limit=settings.throttling.burst
            ),
        )
        resource = stage.node.default_child
        assert isinstance(resource, apigw.CfnStage)  # noqa: S101 - what an L2 stage is made of
        resource.access_log_settings = apigw.CfnStage.AccessLogSettingsProperty(
            destination_arn=self.log_group.log_group_arn, format=json.dumps(ACCESS_LOG)
        )
        return stage


def _cors(origins: list[str]) -> apigw.CorsPreflightOptions | None:
    """API Gateway answers preflights itself, where no route takes OPTIONS."""
    if not origins:
        return None
    return apigw.CorsPreflightOptions(
        allow_origins=origins,
        allow_methods=[apigw.CorsHttpMethod[method] for method in METHODS],
        allow_headers=[
            "authorization",
            "content-type",
            "idempotency-key",
            "if-match",
            "x-correlation-id",
        ],
        expose_headers=[
            "etag",
            "idempotency-replayed",
            "location",
            "retry-after",
            "www-authenticate",
            "x-correlation-id",
        ],
        max_age=cdk.Duration.hours(1),
    )
