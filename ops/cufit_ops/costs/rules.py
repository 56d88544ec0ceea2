"""What each type of resource costs by standing there: a rule for every type that is deployed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cufit_ops.costs.tasks import HOURS, not_understood, whole
from cufit_ops.costs.use import FUNCTIONS
from cufit_ops.template_graph import Account, Address

Properties = Mapping[str, Any]
Quantities = dict[str, float]
"""Meter → units a month."""


def _members(properties: Properties, name: str) -> int:
    """Of a list; 2, as many as there are zones, where the template computes it."""
    found = properties.get(name, [])
    return len(found) if isinstance(found, list) else 2


def _load_balancer(properties: Properties) -> Quantities:
    open_to_all = properties.get("Scheme", "internet-facing") == "internet-facing"
    addresses = _members(properties, "Subnets") or _members(properties, "SubnetMappings")
    return {"load_balancer_hour": HOURS, "ipv4_hour": HOURS * addresses if open_to_all else 0}


def _endpoint(properties: Properties) -> Quantities:
    if properties.get("VpcEndpointType", "Gateway") == "Gateway":
        return {}  # S3's and DynamoDB's cost nothing
    return {"endpoint_hour": HOURS * max(_members(properties, "SubnetIds"), 1)}


def _alarm(properties: Properties) -> Quantities:
    """Billed by the metrics it watches."""
    queries = properties.get("Metrics")
    count = sum("Expression" not in query for query in queries) if queries else 1
    return {"alarm_metric": max(count, 1)}


COUNTED: Mapping[str, Callable[[Properties], Quantities]] = {
    "AWS::CloudWatch::Alarm": _alarm,
    "AWS::CloudWatch::CompositeAlarm": lambda _: {"composite_alarm": 1},
    "AWS::CloudWatch::Dashboard": lambda _: {"dashboard": 1},
    "AWS::EC2::EIP": lambda _: {"ipv4_hour": HOURS},
    "AWS::EC2::NatGateway": lambda _: {"nat_hour": HOURS},
    "AWS::EC2::VPCEndpoint": _endpoint,
    "AWS::ElasticLoadBalancingV2::LoadBalancer": _load_balancer,
    "AWS::KMS::Key": lambda _: {"kms_key": 1},
    "AWS::Logs::MetricFilter": lambda _: {"custom_metric": 1},
    "AWS::Route53::HostedZone": lambda _: {"dns_zone": 1},
    "AWS::SecretsManager::Secret": lambda _: {"secret": 1},
    "AWS::ServiceDiscovery::PrivateDnsNamespace": lambda _: {"dns_zone": 1},
}
"""By the hour or the piece, used or not."""

BY_USE = {
    "AWS::ApiGatewayV2::Api": "by the request",
    "AWS::Bedrock::DataSource": "what is embedded is paid by the token",
    "AWS::Bedrock::KnowledgeBase": "by the token; its vectors by S3 Vectors",
    "AWS::DynamoDB::GlobalTable": "by request and GB, with what recovery keeps",
    "AWS::DynamoDB::Table": "by request and GB, with what recovery keeps",
    "AWS::ECR::Repository": "by the GB of images",
    "AWS::ECS::Service": "as tasks",
    "AWS::ECS::TaskDefinition": "as tasks",
    "AWS::Events::Rule": "AWS's own events and schedules are free; S3's, which a bucket opts into, "
    "are counted",
    "AWS::Lambda::EventSourceMapping": "by what its pollers ask SQS, also when nothing is there",
    "AWS::Lambda::Function": "by invocation and GB-second",
    "AWS::Logs::LogGroup": "by the GB taken in and kept",
    "AWS::S3::Bucket": "by request and GB",
    "AWS::S3Vectors::Index": "by request and GB",
    "AWS::S3Vectors::VectorBucket": "by request and GB",
    "AWS::SNS::Topic": "by the message",
    "AWS::SQS::Queue": "by request",
}
"""Counted in quantities.py, and how."""

FREE = {
    "AWS::ApiGatewayV2::Authorizer": "part of the API",
    "AWS::ApiGatewayV2::Integration": "part of the API",
    "AWS::ApiGatewayV2::Route": "part of the API",
    "AWS::ApiGatewayV2::Stage": "part of the API",
    "AWS::ApiGatewayV2::VpcLink": "no price list has a line for VPC links of HTTP APIs",
    "AWS::ApplicationAutoScaling::ScalableTarget": "scheduled actions are free",
    "AWS::Budgets::Budget": "budgets without actions are free",
    "AWS::CDK::Metadata": "nothing is made",
    "AWS::DynamoDB::ResourcePolicy": "a policy",
    "AWS::EC2::InternetGateway": "free; the addresses are paid",
    "AWS::EC2::Route": "part of the network",
    "AWS::EC2::RouteTable": "part of the network",
    "AWS::EC2::SecurityGroup": "part of the network",
    "AWS::EC2::SecurityGroupEgress": "part of the network",
    "AWS::EC2::SecurityGroupIngress": "part of the network",
    "AWS::EC2::Subnet": "part of the network",
    "AWS::EC2::SubnetRouteTableAssociation": "part of the network",
    "AWS::EC2::VPC": "free",
    "AWS::EC2::VPCGatewayAttachment": "part of the network",
    "AWS::ECR::RepositoryPolicy": "a policy",
    "AWS::ECS::Cluster": "free; its tasks are paid",
    "AWS::ElasticLoadBalancingV2::Listener": "part of the load balancer",
    "AWS::ElasticLoadBalancingV2::ListenerRule": "part of the load balancer",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "part of the load balancer",
    "AWS::IAM::InstanceProfile": "IAM is free",
    "AWS::IAM::ManagedPolicy": "IAM is free",
    "AWS::IAM::OIDCProvider": "IAM is free",
    "AWS::IAM::Policy": "IAM is free",
    "AWS::IAM::Role": "IAM is free",
    "AWS::IAM::RolePolicy": "IAM is free",
    "AWS::KMS::Alias": "part of the key",
    "AWS::Lambda::Alias": "part of the function",
    "AWS::Lambda::EventInvokeConfig": "part of the function",
    "AWS::Lambda::LayerVersion": "free within 75 GB of code",
    "AWS::Lambda::Permission": "a policy",
    "AWS::Lambda::Version": "part of the function",
    "AWS::Logs::QueryDefinition": "a saved text",
    "AWS::Logs::ResourcePolicy": "a policy",
    "AWS::Route53::RecordSet": "part of the zone",
    "AWS::S3::BucketPolicy": "a policy",
    "AWS::S3Vectors::VectorBucketPolicy": "a policy",
    "AWS::SNS::Subscription": "a thousand mails a month and functions as receivers are free",
    "AWS::SNS::TopicPolicy": "a policy",
    "AWS::SQS::QueuePolicy": "a policy",
    "AWS::SSM::Parameter": "standard parameters are free",
    "AWS::Scheduler::Schedule": "14 million invocations a month are free",
    "AWS::Scheduler::ScheduleGroup": "free",
    "AWS::ServiceDiscovery::Service": "instances registered by ECS are free",
}
"""Costs nothing, and why."""


@dataclass(frozen=True)
class Unpriced:
    """A resource of which nobody has said what it costs, or a setting that costs more than that."""

    kind: str
    address: Address
    setting: str = ""

    def __str__(self) -> str:
        stack, logical_id = self.address
        with_ = f" with {self.setting}" if self.setting else ""
        return f"{self.kind}{with_} ({stack}/{logical_id})"


_COSTLY: tuple[tuple[str, str, Callable[[Properties], object]], ...] = (
    ("AWS::ApiGatewayV2::Api", "web sockets", lambda p: p.get("ProtocolType") == "WEBSOCKET"),
    ("AWS::CloudWatch::Alarm", "a period below a minute", lambda p: _seconds(p) < 60),
    ("AWS::DynamoDB::GlobalTable", "replicas", lambda p: _members(p, "Replicas") > 1),
    ("AWS::DynamoDB::GlobalTable", "provisioned capacity",
     lambda p: p.get("BillingMode") != "PAY_PER_REQUEST"),
    ("AWS::DynamoDB::Table", "provisioned capacity",
     lambda p: p.get("BillingMode") != "PAY_PER_REQUEST"),
    ("AWS::ECS::Cluster", "Container Insights",
     lambda p: any(one.get("Value", "disabled") != "disabled"
                   for one in p.get("ClusterSettings", []))),
    ("AWS::ECS::TaskDefinition", "more than 20 GiB of storage", lambda p: "EphemeralStorage" in p),
    ("AWS::ECS::Service", "launch type EC2", lambda p: p.get("LaunchType") == "EC2"),
    ("AWS::ECS::Service", "a number of tasks that is not understood",
     lambda p: not str(p.get("DesiredCount", 1)).isdecimal()),
    ("AWS::ECS::Service", "a task definition of elsewhere",
     lambda p: not isinstance(p.get("TaskDefinition"), dict)),
    ("AWS::ECS::TaskDefinition", "a size that is not understood",
     lambda p: not (whole(p.get("Cpu")) and whole(p.get("Memory")))),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "type gateway",
     lambda p: p.get("Type") == "gateway"),
    ("AWS::Events::Rule", "an event bus of its own",
     lambda p: p.get("EventBusName", "default") != "default"),
    ("AWS::Lambda::Alias", "provisioned concurrency",
     lambda p: "ProvisionedConcurrencyConfig" in p),
    ("AWS::Lambda::EventSourceMapping", "provisioned pollers",
     lambda p: "ProvisionedPollerConfig" in p),
    ("AWS::Lambda::Function", "a use that nobody has estimated",
     lambda p: str(p.get("Handler")).partition(".")[0] not in FUNCTIONS),
    ("AWS::Lambda::Function", "SnapStart",
     lambda p: p.get("SnapStart", {}).get("ApplyOn", "None") != "None"),
    ("AWS::S3::Bucket", "versions or replicas",
     lambda p: "ReplicationConfiguration" in p
     or p.get("VersioningConfiguration", {}).get("Status") == "Enabled"),
    ("AWS::SNS::Subscription", "text messages", lambda p: p.get("Protocol") == "sms"),
    ("AWS::SSM::Parameter", "tier Advanced",
     lambda p: p.get("Tier", "Standard") not in ("Standard", "Intelligent-Tiering")),
)  # fmt: skip
"""Settings that cost and have no row in the price lists."""


def _seconds(alarm: Properties) -> int:
    period = alarm.get("Period", 60)
    return period if isinstance(period, int) else 60


def unpriced(account: Account) -> list[Unpriced]:
    """What is in the templates and not in the bill."""
    return [*_unknown(account), *_dearer(account)]


def _unknown(account: Account) -> Iterator[Unpriced]:
    known = {*COUNTED, *BY_USE, *FREE}
    for stack in account.stacks:
        for logical_id, kind, _ in account.stack(stack):
            if kind not in known:
                yield Unpriced(kind, (stack, logical_id))


def _dearer(account: Account) -> Iterator[Unpriced]:
    for kind, setting, is_set in _COSTLY:
        for address, properties in account.of(kind):
            if is_set(properties):
                yield Unpriced(kind, address, setting)
    for address in not_understood(account):
        kind = "AWS::ApplicationAutoScaling::ScalableTarget"
        yield Unpriced(kind, address, "a schedule that is not understood")


def standing(account: Account) -> Quantities:
    """What costs by the hour or the piece, tasks not included."""
    found: Quantities = {}
    for stack in account.stacks:
        for _, kind, properties in account.stack(stack):
            if kind in COUNTED:
                for meter, units in COUNTED[kind](properties).items():
                    found[meter] = found.get(meter, 0) + units
    return found
