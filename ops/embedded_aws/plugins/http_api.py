"""HTTP API: CORS and stage settings as the API reports them, and VPC links.

MiniStack's CloudFormation keeps `CorsConfiguration`, `DefaultRouteSettings` and `RouteSettings`
in the template's PascalCase, so every preflight is answered 403 and GetStages shows no throttling.
`AWS::ApiGatewayV2::VpcLink` is unknown to it: recorded here, there is no network behind it. As on
AWS a link keeps its subnets and security groups for life: changing them makes a new one.
"""

from ministack.core.responses import new_uuid

from embedded_aws.plugins import resource_types
from embedded_aws.plugins.records import Records
from embedded_aws.plugins.resource_types import Properties, Provisioned, camel_cased

_links = Records("cufit_vpc_links")


def apply() -> None:
    _links.keep_with_the_rest()
    resource_types.extend("AWS::ApiGatewayV2::Api", rewrite=_cors)
    resource_types.extend("AWS::ApiGatewayV2::Stage", rewrite=_route_settings)
    resource_types.add(
        "AWS::ApiGatewayV2::VpcLink",
        create=_create_link,
        update=_update_link,
        delete=_delete_link,
        create_only=("SubnetIds", "SecurityGroupIds"),
    )


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
    return _put_link(identifier, properties)


def _update_link(physical_id: str, _old: Properties, new: Properties, _stack: str) -> Provisioned:
    return _put_link(physical_id, new)


def _put_link(identifier: str, properties: Properties) -> Provisioned:
    _links[identifier] = {**properties, "VpcLinkId": identifier}
    return identifier, {"VpcLinkId": identifier}


def _delete_link(physical_id: str, _properties: Properties) -> None:
    _links.pop(physical_id, None)
