"""What each type of resource costs by standing there: a rule for every type that is deployed."""

from collections.abc import Callable, Mapping
from typing import Any

from cufit_ops.costs.tasks import HOURS
from cufit_ops.template_graph import Account

Properties = Mapping[str, Any]
Quantities = dict[str, float]
"""Meter → units a month."""


def total(*parts: Mapping[str, float]) -> Quantities:
    summed: Quantities = {}
    for part in parts:
        for meter, units in part.items():
            summed[meter] = summed.get(meter, 0) + units
    return summed


def members(properties: Properties, name: str) -> int:
    """Of a list; 2, as many as there are zones, where the template computes it."""
    found = properties.get(name, [])
    return len(found) if isinstance(found, list) else 2


def _load_balancer(properties: Properties) -> Quantities:
    open_to_all = properties.get("Scheme", "internet-facing") == "internet-facing"
    addresses = members(properties, "Subnets") or members(properties, "SubnetMappings")
    return {"load_balancer_hour": HOURS, "ipv4_hour": HOURS * addresses if open_to_all else 0}


def _endpoint(properties: Properties) -> Quantities:
    if properties.get("VpcEndpointType", "Gateway") == "Gateway":
        return {}  # S3's and DynamoDB's cost nothing
    return {"endpoint_hour": HOURS * max(members(properties, "SubnetIds"), 1)}


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
    "AWS::ECS::Service": "as tasks; on Spot like the others: Seoul's Spot price, which is less, "
    "was not found",
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
    "AWS::ApiGatewayV2::ApiMapping": "part of the API",
    "AWS::ApiGatewayV2::Authorizer": "part of the API",
    "AWS::ApiGatewayV2::DomainName": "names of HTTP APIs are free",
    "AWS::ApiGatewayV2::Integration": "part of the API",
    "AWS::ApiGatewayV2::Route": "part of the API",
    "AWS::ApiGatewayV2::Stage": "part of the API",
    "AWS::ApiGatewayV2::VpcLink": "no price list has a line for VPC links of HTTP APIs",
    "AWS::ApplicationAutoScaling::ScalableTarget": "scheduled actions are free",
    "AWS::Budgets::Budget": "budgets without actions are free",
    "AWS::CDK::Metadata": "nothing is made",
    "AWS::CE::AnomalyMonitor": "anomaly detection is free",
    "AWS::CE::AnomalySubscription": "anomaly detection is free",
    "AWS::CertificateManager::Certificate": "public certificates are free",
    "AWS::Chatbot::SlackChannelConfiguration": "free",
    "AWS::EC2::EIPAssociation": "part of the address",
    "AWS::EC2::InternetGateway": "free; the addresses are paid",
    "AWS::EC2::NetworkAcl": "part of the network",
    "AWS::EC2::NetworkAclEntry": "part of the network",
    "AWS::EC2::Route": "part of the network",
    "AWS::EC2::RouteTable": "part of the network",
    "AWS::EC2::SecurityGroup": "part of the network",
    "AWS::EC2::SecurityGroupEgress": "part of the network",
    "AWS::EC2::SecurityGroupIngress": "part of the network",
    "AWS::EC2::Subnet": "part of the network",
    "AWS::EC2::SubnetNetworkAclAssociation": "part of the network",
    "AWS::EC2::SubnetRouteTableAssociation": "part of the network",
    "AWS::EC2::VPC": "free",
    "AWS::EC2::VPCGatewayAttachment": "part of the network",
    "AWS::ECS::Cluster": "free; its tasks are paid",
    "AWS::ECS::ClusterCapacityProviderAssociations": "part of the cluster",
    "AWS::ElasticLoadBalancingV2::Listener": "part of the load balancer",
    "AWS::ElasticLoadBalancingV2::ListenerRule": "part of the load balancer",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "part of the load balancer",
    "AWS::IAM::AccessKey": "IAM is free",
    "AWS::IAM::Group": "IAM is free",
    "AWS::IAM::InstanceProfile": "IAM is free",
    "AWS::IAM::ManagedPolicy": "IAM is free",
    "AWS::IAM::OIDCProvider": "IAM is free",
    "AWS::IAM::Policy": "IAM is free",
    "AWS::IAM::Role": "IAM is free",
    "AWS::IAM::RolePolicy": "IAM is free",
    "AWS::IAM::ServiceLinkedRole": "IAM is free",
    "AWS::IAM::User": "IAM is free",
    "AWS::IAM::UserPolicy": "IAM is free",
    "AWS::KMS::Alias": "part of the key",
    "AWS::Lambda::Alias": "part of the function",
    "AWS::Lambda::EventInvokeConfig": "part of the function",
    "AWS::Lambda::LayerVersion": "free within 75 GB of code",
    "AWS::Lambda::Permission": "a policy",
    "AWS::Lambda::Url": "part of the function",
    "AWS::Lambda::Version": "part of the function",
    "AWS::Logs::LogStream": "part of the group",
    "AWS::Logs::QueryDefinition": "a saved text",
    "AWS::Logs::ResourcePolicy": "a policy",
    "AWS::Route53::RecordSet": "part of the zone",
    "AWS::S3::BucketPolicy": "a policy",
    "AWS::S3Vectors::VectorBucketPolicy": "a policy",
    "AWS::SNS::Subscription": "a thousand mails a month and functions as receivers are free",
    "AWS::SNS::TopicInlinePolicy": "a policy",
    "AWS::SNS::TopicPolicy": "a policy",
    "AWS::SQS::QueueInlinePolicy": "a policy",
    "AWS::SQS::QueuePolicy": "a policy",
    "AWS::SSM::Parameter": "standard parameters are free",
    "AWS::Scheduler::Schedule": "14 million invocations a month are free; what it starts is not",
    "AWS::Scheduler::ScheduleGroup": "free",
    "AWS::ServiceDiscovery::Service": "instances registered by ECS are free",
}
"""Costs nothing, and why."""


def standing(account: Account) -> Quantities:
    """What costs by the hour or the piece, tasks not included."""
    return total(
        *(
            COUNTED[kind](properties)
            for stack in account.stacks
            for _, kind, properties in account.stack(stack)
            if kind in COUNTED
        )
    )
