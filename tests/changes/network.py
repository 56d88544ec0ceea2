"""Changes of who reaches what: security groups, addresses, the API's door, what is public."""

from collections.abc import Callable
from typing import Any

from cufit_ops.review.findings import Topic
from tests.changes.case import Templates, both, of_type, properties
from tests.changes.policies import dangerous

ANYWHERE = {"CidrIp": "0.0.0.0/0", "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}
TASKS = "Service/NetworkTaskSecurityGroup"


def _with(name: str, **changes: Any) -> Callable[[Templates], None]:
    return lambda templates: properties(templates, name).update(changes)


def _ssh(templates: Templates) -> None:
    properties(templates, TASKS)["SecurityGroupIngress"] = [dict(ANYWHERE)]


def _ssh_over_six(templates: Templates) -> None:
    rule = {**ANYWHERE, "CidrIpv6": "::/0"}
    rule.pop("CidrIp")
    properties(templates, TASKS)["SecurityGroupIngress"] = [rule]


def _source_open(templates: Templates) -> None:
    for _, _, rule in of_type(templates, "AWS::EC2::SecurityGroupIngress"):
        rule["Properties"].pop("SourceSecurityGroupId")
        rule["Properties"]["CidrIp"] = "0.0.0.0/0"


def _all_ports_in(templates: Templates) -> None:
    for _, _, rule in of_type(templates, "AWS::EC2::SecurityGroupIngress"):
        rule["Properties"].update(FromPort=0, ToPort=65535)


def _everything_out(templates: Templates) -> None:
    properties(templates, TASKS).pop("SecurityGroupEgress")


def _described(templates: Templates) -> None:
    properties(templates, TASKS)["SecurityGroupEgress"][0]["Description"] = "in other words"


def _one_out(templates: Templates) -> None:
    properties(templates, TASKS)["SecurityGroupEgress"][0]["CidrIp"] = "10.0.0.0/16"


def _split_rule(templates: Templates) -> None:
    """What is a rule of the group becomes a resource of its own."""
    (rule,) = properties(templates, TASKS).pop("SecurityGroupEgress")
    (group,) = (id_ for _, id_, _ in of_type(templates, "AWS::EC2::SecurityGroup") if "Task" in id_)
    templates["Service"]["Resources"]["Https"] = {
        "Type": "AWS::EC2::SecurityGroupEgress",
        "Properties": {**rule, "GroupId": {"Fn::GetAtt": [group, "GroupId"]}},
    }


def _shell(templates: Templates) -> None:
    properties(templates, "Service/FargateService")["EnableExecuteCommand"] = True


def _peering(templates: Templates) -> None:
    templates["Service"]["Resources"]["Others"] = {
        "Type": "AWS::EC2::VPCPeeringConnection",
        "Properties": {"PeerVpcId": "vpc-1", "PeerOwnerId": "444455556666"},
    }


def _open_route(templates: Templates) -> None:
    route = properties(templates, "Service/HttpApiGETproxy")
    route["AuthorizationType"] = "NONE"
    route.pop("AuthorizerId")


def _extra_route(templates: Templates) -> None:
    route = dict(properties(templates, "Service/HttpApiGETproxy"))
    route.update(RouteKey="GET /v1/candidates", AuthorizationType="NONE")
    route.pop("AuthorizerId")
    templates["Service"]["Resources"]["Extra"] = {
        "Type": "AWS::ApiGatewayV2::Route",
        "Properties": route,
    }


def _signed_in_route(templates: Templates) -> None:
    route = {**properties(templates, "Service/HttpApiGETproxy"), "RouteKey": "GET /v2/candidates"}
    templates["Service"]["Resources"]["Extra"] = {
        "Type": "AWS::ApiGatewayV2::Route",
        "Properties": route,
    }


def _scopes(templates: Templates) -> None:
    properties(templates, "Service/HttpApiGETproxy")["AuthorizationScopes"] = ["profile"]


def _another_app(templates: Templates) -> None:
    properties(templates, "Service/HttpApiJwt")["JwtConfiguration"]["Audience"].append("another")


def _another_issuer(templates: Templates) -> None:
    jwt = properties(templates, "Service/HttpApiJwt")["JwtConfiguration"]
    jwt["Issuer"] = "https://issuer.example"


def _function_url(templates: Templates) -> None:
    (function,) = (
        id_ for _, id_, _ in of_type(templates, "AWS::Lambda::Function") if "UploadUrl" in id_
    )
    templates["Photos"]["Resources"]["Url"] = {
        "Type": "AWS::Lambda::Url",
        "Properties": {"AuthType": "NONE", "TargetFunctionArn": {"Ref": function}},
    }


def _no_block(templates: Templates) -> None:
    properties(templates, "Data/PhotoBucket").pop("PublicAccessBlockConfiguration")


def _one_lock(templates: Templates) -> None:
    blocks = properties(templates, "Data/PhotoBucket")["PublicAccessBlockConfiguration"]
    blocks["BlockPublicPolicy"] = False


def _owners(templates: Templates) -> None:
    rules = properties(templates, "Data/PhotoBucket")["OwnershipControls"]["Rules"]
    rules[0]["ObjectOwnership"] = "BucketOwnerPreferred"


def _any_page(templates: Templates) -> None:
    rules = properties(templates, "Data/PhotoBucket")["CorsConfiguration"]["CorsRules"]
    rules[0]["AllowedOrigins"] = ["*"]


def _any_page_of_the_api(templates: Templates) -> None:
    properties(templates, "Service/HttpApi")["CorsConfiguration"]["AllowOrigins"] = ["*"]


def _endpoint(templates: Templates) -> None:
    """An endpoint that lets less by; flipped, one that lets everything by."""
    for _, _, endpoint in of_type(templates, "AWS::EC2::VPCEndpoint"):
        endpoint["Properties"]["PolicyDocument"] = {
            "Statement": [
                {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}
            ]
        }


def _balancer(templates: Templates) -> None:
    templates["Service"]["Resources"]["Balancer"] = {
        "Type": "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "Properties": {"Scheme": "internet-facing", "Type": "application"},
    }


P = Topic.PERMISSIONS


CASES = (
    *dangerous(
        "SSH for anyone", _ssh, "anyone on the internet may now reach the service on port 22"
    ),
    *dangerous(
        "SSH for anyone over IPv6",
        _ssh_over_six,
        "anyone on the internet may now reach the service",
    ),
    *dangerous(
        "tasks open to anyone",
        _source_open,
        "anyone on the internet may now reach the service on port 8080",
    ),
    *dangerous(
        "every port of the tasks",
        _all_ports_in,
        "link to the service may now reach the service on every port",
    ),
    *dangerous(
        "every way out",
        _everything_out,
        "the service may now reach any place on the internet on every port",
    ),
    *dangerous("a shell in the service", _shell, "open a shell in the running service"),
    *dangerous("a way into another network", _peering, "could not be compared"),
    *dangerous(
        "a load balancer on the internet",
        _balancer,
        "load balancer may now be reached from the internet",
    ),
    *dangerous(
        "a route without sign-in", _open_route, r"anyone on the internet may now call GET /\{proxy"
    ),
    *dangerous(
        "a new route without sign-in",
        _extra_route,
        "anyone on the internet may now call GET /v1/candidates",
    ),
    *both(
        "scopes are gone",
        _scopes,
        ((P, "may now be called by tokens with other scopes"),),
        dangerous=True,
        flipped=True,
    ),
    *dangerous("another app's people", _another_app, r"signed in to another app \(another\)"),
    *dangerous(
        "tokens of another issuer", _another_issuer, "believes tokens of https://issuer.example"
    ),
    *dangerous(
        "a function's own address",
        _function_url,
        "anyone on the internet may now call photo_upload_url",
    ),
    *dangerous(
        "no public access block", _no_block, "photo bucket loses 4 locks against publishing"
    ),
    *dangerous("one lock less", _one_lock, "a policy may open it to everyone"),
    *dangerous(
        "a public list of access",
        _with("Data/PhotoBucket", AccessControl="PublicRead"),
        "anyone on the internet may now read the photo bucket",
    ),
    *dangerous("ACLs are on", _owners, "whoever uploads to the photo bucket may now decide"),
    *dangerous("any page uploads", _any_page, "any web page may now call the photo bucket"),
    *dangerous("any page calls the API", _any_page_of_the_api, "any web page may now call the API"),
    *both(
        "an endpoint lets everything by",
        _endpoint,
        ((P, "endpoint may now"),),
        dangerous=True,
        flipped=True,
    ),
    *both("a rule described in other words", _described),
    *both("less way out", _one_out),
    *both("an access list that lists nobody", _with("Data/PhotoBucket", AccessControl="Private")),
    *both("a rule of its own", _split_rule),
    *both("a new route for those signed in", _signed_in_route),
    *both("scopes are asked for", _scopes),
    *both("an endpoint lets less by", _endpoint),
)
