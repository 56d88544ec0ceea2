"""HTTP API: CORS and stage settings as the API reports them, and VPC links.

MiniStack's CloudFormation keeps `CorsConfiguration`, `DefaultRouteSettings` and `RouteSettings`
in the template's PascalCase, so every preflight is answered 403 and GetStages shows no throttling.
`AWS::ApiGatewayV2::VpcLink` is unknown to it: recorded here, there is no network behind it. As on
AWS a link keeps its subnets and security groups for life: changing them makes a new one.
"""

from collections.abc import Callable
from typing import Any

from ministack.core.responses import new_uuid

from embedded_aws.plugins import resource_types
from embedded_aws.plugins.records import Records
from embedded_aws.plugins.resource_types import Properties, Provisioned, camel_cased

_links = Records("cufit_vpc_links")


def apply() -> None:
    _links.keep_with_the_rest()
    for operation in ("create", "update"):
        resource_types.extend("AWS::ApiGatewayV2::Api", operation, _with(_cors))
        resource_types.extend("AWS::ApiGatewayV2::Stage", operation, _with(_route_settings))
    resource_types.add(
        "AWS::ApiGatewayV2::VpcLink", create=_create_link, update=_update_link, delete=_delete_link
    )


def _with(rewrite: Callable[[Properties], Properties]) -> Callable[[Any], Any]:
    """A handler that sees rewritten properties: a create's or an update's new ones."""

    def wrap(handler: Any) -> Any:
        def handle(name: str, properties: Properties, *rest: Any) -> Any:
            if rest and isinstance(rest[0], dict):  # an update: old properties, then new ones
                return handler(name, properties, rewrite(rest[0]), *rest[1:])
            return handler(name, rewrite(properties), *rest)

        return handle

    return wrap


def _cors(properties: Properties) -> Properties:
    configuration = properties.get("CorsConfiguration")
    if not configuration:
        return properties
    return {**properties, "CorsConfiguration": camel_cased(configuration)}


def _route_settings(properties: Properties) -> Properties:
    rewritten = dict(properties)
    if "DefaultRouteSettings" in properties:
        rewritten["DefaultRouteSettings"] = camel_cased(properties["DefaultRouteSettings"])
    if "RouteSettings" in properties:
        rewritten["RouteSettings"] = {
            route: camel_cased(settings) for route, settings in properties["RouteSettings"].items()
        }
    return rewritten


def _create_link(_logical_id: str, properties: Properties, _stack: str) -> Provisioned:
    identifier: str = new_uuid()[:6]
    _links.put(identifier, {**properties, "VpcLinkId": identifier})
    return identifier, {"VpcLinkId": identifier}


def _update_link(physical_id: str, old: Properties, new: Properties, stack: str) -> Provisioned:
    if any(old.get(name) != new.get(name) for name in ("SubnetIds", "SecurityGroupIds")):
        replaced = _create_link(physical_id, new, stack)
        _delete_link(physical_id, old)
        return replaced
    _links.put(physical_id, {**new, "VpcLinkId": physical_id})
    return physical_id, {"VpcLinkId": physical_id}


def _delete_link(physical_id: str, _properties: Properties) -> None:
    _links.remove(physical_id)
