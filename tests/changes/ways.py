"""Ways through the network that are laid out or written differently."""

import json
from typing import Any

from tests.changes.case import Templates, both, logical_id, of_type, properties
from tests.changes.network import ANYWHERE, TASKS
from tests.changes.policies import dangerous


def _protocols_as_numbers(templates: Templates) -> None:
    for _, _, rule in of_type(templates, "AWS::EC2::SecurityGroupIngress"):
        rule["Properties"]["IpProtocol"] = "6"


def _every_port(templates: Templates) -> None:
    """Ports say nothing where the protocol is all of them."""
    for _, _, rule in of_type(templates, "AWS::EC2::SecurityGroupIngress"):
        rule["Properties"]["IpProtocol"] = "-1"


def _other_protocol(templates: Templates) -> None:
    for _, _, rule in of_type(templates, "AWS::EC2::SecurityGroupIngress"):
        rule["Properties"]["IpProtocol"] = "udp"


def _ping(templates: Templates) -> None:
    rule = {**ANYWHERE, "IpProtocol": "icmp", "FromPort": 8, "ToPort": -1}
    properties(templates, TASKS)["SecurityGroupIngress"] = [rule]


def _one_zone_more(templates: Templates) -> None:
    """A third part of the network, as the others are."""
    resources = templates["Service"]["Resources"]
    for name in [name for name in resources if name.startswith("PublicSubnetC")]:
        text = json.dumps(resources[name]).replace("PublicSubnetC", "PublicSubnetB")
        text = text.replace("10.0.2.0/24", "10.0.4.0/24")
        resources[name.replace("SubnetC", "SubnetB", 1)] = json.loads(text)


def _behind_a_balancer(templates: Templates) -> None:
    """The link reaches the tasks by one more step; the case is flipped."""
    resources = templates["Service"]["Resources"]
    group: dict[str, Any] = {"GroupDescription": "between", "VpcId": {"Ref": "NetworkVpc7FB7348F"}}
    group["SecurityGroupEgress"] = [{"CidrIp": "255.255.255.255/32", "IpProtocol": "icmp"}]
    resources["Between"] = {"Type": "AWS::EC2::SecurityGroup", "Properties": group}
    between = {"Fn::GetAtt": ["Between", "GroupId"]}
    for _, id_, rule in [*of_type(templates, "AWS::EC2::SecurityGroupIngress")]:
        given = rule["Properties"]
        link = given["SourceSecurityGroupId"]
        resources[f"{id_}First"] = {
            "Type": rule["Type"],
            "Properties": {**given, "GroupId": between, "SourceSecurityGroupId": link},
        }
        given["SourceSecurityGroupId"] = between


def _other_routes(templates: Templates) -> None:
    """A part of the network goes by a table that has more than its own."""
    resources = templates["Service"]["Resources"]
    resources["More"] = {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": "vpc-1"}}
    association = properties(templates, "Service/PublicSubnetARouteTableAssociation")
    association["RouteTableId"] = {"Ref": "More"}


def _egress_by_itself(templates: Templates) -> None:
    """As CDK writes it of rules that it does not keep in the group."""
    group = properties(templates, TASKS)
    (rule,) = group["SecurityGroupEgress"]
    nobody = {"CidrIp": "255.255.255.255/32", "IpProtocol": "icmp", "FromPort": 252, "ToPort": 86}
    group["SecurityGroupEgress"] = [nobody]
    _, id_ = logical_id(templates, TASKS)
    templates["Service"]["Resources"]["Out"] = {
        "Type": "AWS::EC2::SecurityGroupEgress",
        "Properties": {**rule, "GroupId": {"Fn::GetAtt": [id_, "GroupId"]}},
    }


CASES = (
    *both("a rule out of the group by itself", _egress_by_itself),
    *dangerous("other routes", _other_routes, "a part of the network goes by other routes"),
    *dangerous(
        "every port for the link", _every_port, "link to the service may now .* on every port"
    ),
    *dangerous("another protocol for the link", _other_protocol, "link to the service may now"),
    *dangerous("ping for anyone", _ping, "reach the service on ICMP"),
    *both("a protocol by its number", _protocols_as_numbers),
    *both("one zone more", _one_zone_more),
    *both("without the step between", _behind_a_balancer, flipped=True),
)
