"""How much of each meter of the price list an environment uses in a month.

What stands whether somebody comes or not is counted from the templates; the tasks and the way in
from the configuration, so that another choice can be priced without another synthesis.
"""

from collections.abc import Mapping
from typing import Any

from cufit_contracts.metrics import Metric
from cufit_contracts.photos import clean_keys
from cufit_ops.costs import use as of
from cufit_ops.costs.use import Use
from cufit_ops.template_graph import Account
from stacks.settings import Environment

HOURS = 730
"""Of a month, as AWS counts."""
WEEK_HOURS = 168
POLLERS, POLL_SECONDS = 5, 20
"""Of an event source mapping with a maximum concurrency, for ever, each with long polling (Lambda
developer guide, SQS event source scaling); without one an idle mapping may fall to two pollers."""
SWEEPS_AN_HOUR, RECONCILES_AN_HOUR, READS_OF_A_RECONCILE = 240, 12, 8
"""Of a task, by its timers (service/cufit_service/lifetimes.py); a look costs a unit at most."""
HEARTBEATS_AN_HOUR = 12

Quantities = dict[str, float]
"""Meter → units a month."""

FREE_OF_CHARGE = {
    "AWS::ApiGatewayV2": "paid by the request",
    "AWS::ApplicationAutoScaling": "free",
    "AWS::Bedrock": "paid by the token",
    "AWS::Budgets": "without actions free",
    "AWS::DynamoDB": "paid by request and GB",
    "AWS::EC2": "gateway endpoints and what belongs to a network are free; addresses are counted",
    "AWS::ECS": "paid as tasks",
    "AWS::Events": "AWS's own events and schedules are free",
    "AWS::IAM": "free",
    "AWS::Lambda": "paid by invocation",
    "AWS::Logs": "paid by GB",
    "AWS::S3": "paid by request and GB",
    "AWS::S3Vectors": "paid by request and GB",
    "AWS::SNS": "a million requests and a thousand mails a month are free",
    "AWS::SQS": "paid by request; idle polling is counted",
    "AWS::SSM": "standard parameters are free",
    "AWS::ServiceDiscovery::Service": "instances registered by ECS are free",
}
"""Types, or all of a service, that cost nothing by merely standing there, and why."""
COUNTED = {
    "AWS::ServiceDiscovery::PrivateDnsNamespace": "dns_zone",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "load_balancer_hour",
    "AWS::CloudWatch::Alarm": "alarm_metric",
    "AWS::CloudWatch::Dashboard": "dashboard",
    "AWS::ElasticLoadBalancingV2::Listener": "",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "",
}
"""Types that do, and their meter; "" belongs to another."""
REFUSED_EC2 = ("AWS::EC2::NatGateway", "AWS::EC2::EIP", "AWS::EC2::Instance", "AWS::EC2::Volume")


def unpriced(account: Account) -> set[str]:
    """Types of which nobody has said what they cost."""
    kinds = {
        resource["Type"]
        for template in account.stacks.values()
        for resource in template["Resources"].values()
    }
    interface_endpoints = {
        kind
        for kind in kinds & {"AWS::EC2::VPCEndpoint"}
        for _, endpoint in account.of(kind)
        if endpoint.get("VpcEndpointType", "Gateway") != "Gateway"
    }
    known = {*COUNTED, *FREE_OF_CHARGE}
    return interface_endpoints | {
        kind
        for kind in kinds
        if kind in REFUSED_EC2 or not {kind, kind.rpartition("::")[0]} & known
    }


def hours_on(environment: Environment) -> float:
    """Hours of a month in which tasks run."""
    hours = environment.on
    return HOURS if hours is None else HOURS * hours.hours_a_week / WEEK_HOURS


def of_shape(environment: Environment) -> Quantities:
    """Tasks and the way in, by the configuration alone."""
    fargate, hours = environment.fargate, hours_on(environment)
    task_hours = fargate.desired_count * hours
    balanced = environment.entry == "alb"
    return {
        "fargate_vcpu_hour": task_hours * fargate.cpu / 1024,
        "fargate_gb_hour": task_hours * fargate.memory / 1024,
        "ipv4_hour": task_hours,
        "load_balancer_hour": HOURS if balanced else 0,
        "dns_zone": 0 if balanced else 1,
        "http_api_request": hours * HEARTBEATS_AN_HOUR,
        "dynamodb_read": task_hours * (SWEEPS_AN_HOUR + RECONCILES_AN_HOUR * READS_OF_A_RECONCILE),
    }


def of_templates(account: Account) -> Quantities:
    """What else stands there."""
    alarms = [alarm for _, alarm in account.of("AWS::CloudWatch::Alarm")]
    mappings = [mapping for _, mapping in account.of("AWS::Lambda::EventSourceMapping")]
    beats = HOURS * HEARTBEATS_AN_HOUR
    return {
        "alarm_metric": sum(_metrics(alarm) for alarm in alarms),
        "custom_metric": len(Metric),
        "dashboard": len([*account.of("AWS::CloudWatch::Dashboard")]),
        "sqs_request": len(mappings) * POLLERS * HOURS * 3600 / POLL_SECONDS,
        "lambda_request": beats,
        "lambda_gb_second": beats * of.OTHER_SECONDS * _memory_gb(account, "heartbeat"),
        "logs_in_gb": beats * of.LOG_KB_PER_INVOCATION / 1e6,
        "ecr_gb": of.IMAGE_GB,
    }


def by_use(environment: Environment, account: Account, use: Use) -> Quantities:
    """What comes with people."""
    photos = use.members * of.PHOTOS_PER_MEMBER
    new_photos = photos / 6
    seen = use.requests * of.PHOTOS_SEEN_PER_REQUEST
    changes = use.members * of.CHANGES_PER_MEMBER
    invocations = use.recommendations + changes + 2 * new_photos
    ranked = min(use.members / 2, of.MOST_RANKED) * of.READS_PER_MEMBER_RANKED
    chosen = of.READS_PER_RECOMMENDATION + ranked
    stored_gb = use.members * of.PROFILE_KB / 1e6 + use.recommendations * of.PROFILE_KB / 1e6
    logs_gb = (use.requests * of.LOG_KB_PER_REQUEST + invocations * of.LOG_KB_PER_INVOCATION) / 1e6
    return {
        "http_api_request": use.requests,
        "discover_instances": use.requests if environment.entry == "cloudmap" else 0,
        "lcu_hour": use.requests / 1e6 if environment.entry == "alb" else 0,
        "dynamodb_read": use.requests * of.READS_PER_REQUEST + use.recommendations * chosen,
        "dynamodb_write": use.requests * of.WRITES_PER_REQUEST
        + use.recommendations * of.WRITES_PER_RECOMMENDATION,
        "dynamodb_gb": stored_gb,
        "backup_gb": stored_gb if environment.retain_data else 0,
        "sqs_request": (use.recommendations + changes) * of.MESSAGES_REQUESTS,
        "lambda_request": invocations,
        "lambda_gb_second": use.recommendations
        * of.WORKER_SECONDS
        * _memory_gb(account, "match_worker")
        + changes * of.INDEXER_SECONDS * _memory_gb(account, "profile_indexer")
        + new_photos * of.PROCESSOR_SECONDS * _memory_gb(account, "photo_processor"),
        "logs_in_gb": logs_gb,
        "logs_stored_gb": logs_gb * environment.log_retention_days / 30,
        "s3_gb": photos * of.PHOTO_MB / 1000,
        "s3_put": new_photos * (1 + len(clean_keys(""))),  # uploaded, then written
        "s3_get": seen,
        "data_out_gb": seen * of.SEEN_MB / 1000,
        "vector_gb": use.members * of.VECTOR_KB / 1e6,
        "vector_put_gb": changes * 128 / 1e6,  # the least a PUT is charged: 128 KB
        "vector_query": 2 * use.recommendations,  # who is near, then the shortlist
    }


def total(*parts: Mapping[str, float]) -> Quantities:
    summed: Quantities = {}
    for part in parts:
        for meter, units in part.items():
            summed[meter] = summed.get(meter, 0) + units
    return summed


def _metrics(alarm: Mapping[str, Any]) -> int:
    """An alarm is billed by the metrics it watches."""
    queries = alarm.get("Metrics")
    return sum("Expression" not in query for query in queries) if queries else 1


def _memory_gb(account: Account, name: str) -> float:
    return next(
        float(function["MemorySize"]) / 1024
        for _, function in account.of("AWS::Lambda::Function")
        if function["Handler"] == f"{name}.handler.handler"
    )
