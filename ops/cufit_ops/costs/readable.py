"""Templates as far as a price can be read from them.

Where a number, a text or a group of properties should stand, CloudFormation also takes a function
(`Fn::If`, `Ref` to a parameter) whose value only a deployment knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cufit_ops.template_graph import Account, Address

NUMBER, TEXT, ANYTHING = "number", "text", "anything"
"""ANYTHING: who prices it says what is wrong with it."""

_ON = {"Enabled": ANYTHING}
_TABLE = {
    "BillingMode": ANYTHING,
    "ContributorInsightsSpecification": _ON,
    "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": ANYTHING},
}
_READ: Mapping[str, Any] = {
    "AWS::ApiGatewayV2::Stage": {"DefaultRouteSettings": {}},
    "AWS::ApplicationAutoScaling::ScalableTarget": {
        "MinCapacity": NUMBER,
        "ScheduledActions": [{"Schedule": ANYTHING, "ScalableTargetAction": {}}],
    },
    "AWS::Bedrock::KnowledgeBase": {
        "KnowledgeBaseConfiguration": {
            "VectorKnowledgeBaseConfiguration": {"EmbeddingModelArn": TEXT}
        }
    },
    "AWS::CloudWatch::Alarm": {"Metrics": [{}], "Period": NUMBER},
    "AWS::DynamoDB::GlobalTable": {"BillingMode": ANYTHING, "Replicas": [_TABLE]},
    "AWS::DynamoDB::Table": _TABLE,
    "AWS::EC2::VPCEndpoint": {"VpcEndpointType": TEXT},
    "AWS::ECS::Cluster": {"ClusterSettings": [{}]},
    "AWS::ECS::Service": {
        "CapacityProviderStrategy": [{"CapacityProvider": TEXT}],
        "DeploymentConfiguration": {"MaximumPercent": NUMBER},
        "DesiredCount": ANYTHING,
        "NetworkConfiguration": {"AwsvpcConfiguration": {"AssignPublicIp": TEXT}},
    },
    "AWS::ECS::TaskDefinition": {
        "Cpu": ANYTHING,
        "Memory": ANYTHING,
        "RuntimePlatform": {"CpuArchitecture": TEXT, "OperatingSystemFamily": TEXT},
    },
    "AWS::ElasticLoadBalancingV2::LoadBalancer": {"Scheme": TEXT},
    "AWS::Events::Rule": {"ScheduleExpression": ANYTHING, "Targets": [{}]},
    "AWS::Lambda::EventSourceMapping": {"ScalingConfig": {}},
    "AWS::Lambda::Function": {
        "Architectures": [TEXT],
        "Environment": {"Variables": {}},
        "EphemeralStorage": {"Size": NUMBER},
        "MemorySize": NUMBER,
        "SnapStart": {},
    },
    "AWS::Logs::LogGroup": {"LogGroupClass": TEXT, "RetentionInDays": NUMBER},
    "AWS::S3::Bucket": {"NotificationConfiguration": {}, "VersioningConfiguration": {}},
}
"""Type → what its price is read from: properties in a group, {} a group whatever is in it, [] a
list."""


@dataclass(frozen=True)
class Readable:
    account: Account
    """With the Default of parameters, and without what cannot be read."""
    left_out: tuple[tuple[Address, str], ...]
    """Resources of which something could not, and their type."""


def readable(account: Account) -> Readable:
    stacks: dict[str, dict[str, Any]] = {}
    left_out = []
    for stack, template in account.stacks.items():
        found = {}
        for logical_id, resource in template.get("Resources", {}).items():
            found[logical_id], is_whole = _resource(template, resource)
            if not is_whole:
                left_out.append(((stack, logical_id), resource["Type"]))
        stacks[stack] = {**template, "Resources": found}
    return Readable(Account(stacks, account.exports), tuple(left_out))


def _resource(
    template: Mapping[str, Any], resource: Mapping[str, Any]
) -> tuple[Mapping[str, Any], bool]:
    """It, and whether all of it can be read."""
    shape, properties = _READ.get(resource["Type"]), resource.get("Properties")
    if shape is None:
        return resource, True
    found, whole = _read(properties or {}, shape, template.get("Parameters", {}))
    return {**resource, "Properties": found or {}}, whole


def _read(value: Any, shape: Any, parameters: Mapping[str, Any]) -> tuple[Any, bool]:
    """None for what has not the shape, and whether nothing was left out."""
    value = _default(value, parameters)
    if isinstance(shape, dict):
        return _group(value, shape, parameters)
    if isinstance(shape, list):
        if not isinstance(value, list):
            return None, False
        items = [_read(item, shape[0], parameters) for item in value]
        return [item for item, _ in items if item is not None], all(whole for _, whole in items)
    fits = (
        shape == ANYTHING
        or (shape == TEXT and isinstance(value, str))
        or (shape == NUMBER and str(value).isdecimal())
    )
    return (value, True) if fits else (None, False)


def _group(
    value: Any, shape: Mapping[str, Any], parameters: Mapping[str, Any]
) -> tuple[dict[str, Any] | None, bool]:
    if not isinstance(value, dict) or any(one == "Ref" or one.startswith("Fn::") for one in value):
        return None, False
    found, whole = dict(value), True
    for name in shape.keys() & value.keys():
        found[name], is_whole = _read(value[name], shape[name], parameters)
        whole &= is_whole
        if found[name] is None:
            del found[name]
    return found, whole


def _default(value: Any, parameters: Mapping[str, Any]) -> Any:
    """Of a parameter that has one; that of a parameter of SSM is a name there."""
    if isinstance(value, dict) and isinstance(name := value.get("Ref"), str):
        declared = parameters.get(name, {})
        if not str(declared.get("Type", "")).startswith("AWS::SSM::"):
            return declared.get("Default", value)
    return value
