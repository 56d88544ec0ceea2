"""How much of each meter of the price list an environment uses in a month, by its templates alone.

`fixed` stands whether somebody comes or not; `used` comes with people, by the assumptions of
use.py.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from cufit_contracts.metrics import Metric
from cufit_contracts.photos import clean_keys
from cufit_ops.costs import use as of
from cufit_ops.costs.clock import every_minutes
from cufit_ops.costs.rules import Quantities, standing, total
from cufit_ops.costs.tables import tables
from cufit_ops.costs.tasks import HOURS, tasks_of, whole
from cufit_ops.costs.use import Use
from cufit_ops.template_graph import Account, Address

POLLERS, IDLE_POLLERS, POLL_SECONDS = 5, 2, 20
"""Of an event source mapping with a maximum concurrency, for ever, each with long polling (Lambda
developer guide, SQS event source scaling); without one an idle mapping may fall to two pollers."""
SWEEPS_AN_HOUR, RECONCILES_AN_HOUR, READS_OF_A_RECONCILE = 240, 12, 8
"""Of a task, by its timers (service/cufit_service/lifetimes.py); a look costs a unit at most."""
METRICS = {"match_worker": len(Metric), "photo_processor": 1}
"""cufit's own, by the function that reports them."""
VECTOR_PUT_KB = 128
"""The least that a PUT into S3 Vectors is charged."""


def fixed(account: Account) -> Quantities:
    """Used by nobody."""
    return total(standing(account), _tasks(account), _beats(account), _always(account))


def used(account: Account, use: Use) -> Quantities:
    """What comes with people, on top of `fixed`."""
    return total(
        _requests(account, use),
        tables(account, use),
        _functions(account, use),
        _photos(account, use),
        _meaning(account, use),
    )


def _tasks(account: Account) -> Quantities:
    found: Quantities = {}
    for one in tasks_of(account):
        kind = "fargate_x86" if one.x86 else "fargate"
        asked = one.paid_hours * (SWEEPS_AN_HOUR + RECONCILES_AN_HOUR * READS_OF_A_RECONCILE)
        found = total(
            found,
            {
                f"{kind}_vcpu_hour": one.paid_hours * one.cpu / 1024,
                f"{kind}_gb_hour": one.paid_hours * one.memory / 1024,
                "ipv4_hour": one.paid_hours if one.addressed else 0,
                "dynamodb_read": asked,
            },
        )
    return found


def _beats(account: Account) -> Quantities:
    """What rules start by the clock. A heartbeat asks the API while tasks run."""
    on = max((one.hours_on for one in tasks_of(account)), default=0) / HOURS
    found: Quantities = {}
    for (stack, _), rule in account.of("AWS::Events::Rule"):
        times = _times_a_month(rule)
        for target in rule.get("Targets", []) if times else []:
            for address in _functions_among(account, stack, target.get("Arn")):
                seconds = times * of.OTHER_SECONDS
                found = total(
                    found,
                    _run(account.properties(address), times, seconds),
                    _entered(account, times * on),
                    _logged(account, times * of.LOG_KB_PER_INVOCATION / 1e6),
                )
    return found


def _times_a_month(rule: Mapping[str, Any]) -> float:
    minutes = every_minutes(rule)
    return HOURS * 60 / minutes if minutes and rule.get("State") != "DISABLED" else 0


def _functions_among(account: Account, stack: str, arn: Any) -> Iterator[Address]:
    functions = {address for address, _ in account.of("AWS::Lambda::Function")}
    return (address for address in account.referred(stack, arn) if address in functions)


def _always(account: Account) -> Quantities:
    """Polling, our own metrics, what people of the team ask and deploy."""
    pollers = sum(
        POLLERS if "MaximumConcurrency" in mapping.get("ScalingConfig", {}) else IDLE_POLLERS
        for _, mapping in account.of("AWS::Lambda::EventSourceMapping")
        if mapping.get("Enabled", True)
    )
    topics = any(account.of("AWS::SNS::Topic"))
    keys = any(account.of("AWS::KMS::Key"))
    return {
        "sqs_request": pollers * HOURS * 3600 / POLL_SECONDS,
        "custom_metric": sum(count for name, count in METRICS.items() if _function(account, name)),
        "sns_request": of.NOTICES if topics else 0,
        "ecr_gb": of.IMAGE_GB if any(tasks_of(account)) else 0,
        "s3_gb": of.ASSETS_GB if account.stacks else 0,
        "metric_asked": of.LOOKS * of.METRICS_A_LOOK if account.stacks else 0,
        "cost_explorer_request": of.ASKED_SO_FAR if account.stacks else 0,
        "kms_request": HOURS * 60 if keys else 0,
    }


def _requests(account: Account, use: Use) -> Quantities:
    """Through the entry, to a task and back. A GB in an hour is one capacity unit of a load
    balancer; its other three dimensions are far away."""
    gb = use.requests * of.REQUEST_KB / 1e6
    found = {
        "data_out_gb": gb,
        "cross_zone_gb": 2 * gb * of.OTHER_ZONE,
        "nat_gb": gb if any(account.of("AWS::EC2::NatGateway")) else 0,
        "endpoint_gb": gb if _interface_endpoints(account) else 0,
        "lcu_hour": gb if any(account.of(_BALANCER)) else 0,
    }
    return total(
        found,
        _entered(account, use.requests),
        _logged(account, use.requests * of.LOG_KB_PER_REQUEST / 1e6),
    )


def _entered(account: Account, requests: float) -> Quantities:
    """With Cloud Map, the API asks each time where a task is."""
    asked = {"discover_instances": requests} if any(account.of(_NAMESPACE)) else {}
    return {"http_api_request": requests, **asked}


_NAMESPACE = "AWS::ServiceDiscovery::PrivateDnsNamespace"
_BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"


def _interface_endpoints(account: Account) -> bool:
    endpoints = (endpoint for _, endpoint in account.of("AWS::EC2::VPCEndpoint"))
    return any(one.get("VpcEndpointType", "Gateway") != "Gateway" for one in endpoints)


def _functions(account: Account, use: Use) -> Quantities:
    new_photos = use.members * of.PHOTOS_PER_MEMBER / 6
    changes = use.members * of.CHANGES_PER_MEMBER
    invoked = {
        "match_worker": (use.recommendations, of.WORKER_SECONDS),
        "profile_indexer": (changes, of.INDEXER_SECONDS),
        "photo_processor": (new_photos, of.PROCESSOR_SECONDS),
        "photo_upload_url": (new_photos, of.OTHER_SECONDS),
    }
    ran = [
        _run(function, times, times * seconds)
        for name, (times, seconds) in invoked.items()
        if (function := _function(account, name))
    ]
    invocations = sum(times for times, _ in invoked.values())
    return total(
        *ran,
        {"sqs_request": (use.recommendations + changes) * of.MESSAGES_REQUESTS},
        _logged(account, invocations * of.LOG_KB_PER_INVOCATION / 1e6),
    )


def _photos(account: Account, use: Use) -> Quantities:
    new_photos = use.members * of.PHOTOS_PER_MEMBER / 6
    put = new_photos * (1 + len(clean_keys("")))  # uploaded, then written
    seen = use.requests * of.PHOTOS_SEEN_PER_REQUEST
    tells = any(
        "EventBridgeConfiguration" in bucket.get("NotificationConfiguration", {})
        for _, bucket in account.of("AWS::S3::Bucket")
    )
    return {
        "s3_gb": use.members * of.PHOTOS_PER_MEMBER * of.PHOTO_MB / 1000,
        "s3_put": put,
        "s3_get": seen,
        "data_out_gb": seen * of.SEEN_MB / 1000,
        "event_opt_in": put if tells else 0,
    }


def _meaning(account: Account, use: Use) -> Quantities:
    if not any(account.of("AWS::S3Vectors::Index")):
        return {}
    changes = use.members * of.CHANGES_PER_MEMBER
    return {
        "vector_gb": use.members * of.VECTOR_KB / 1e6,
        "vector_put_gb": changes * VECTOR_PUT_KB / 1e6,
        "vector_query": 2 * use.recommendations,  # who is near, then the shortlist
    }


def _run(function: Mapping[str, Any], times: float, seconds: float) -> Quantities:
    arm = "arm64" in function.get("Architectures", [])
    meter = "lambda_gb_second" if arm else "lambda_x86_gb_second"
    gb = whole(function.get("MemorySize", 128)) / 1024
    return {"lambda_request": times, meter: seconds * gb}


def _logged(account: Account, gb: float) -> Quantities:
    """Taken in, and kept as long as most groups keep it."""
    groups = [group for _, group in account.of("AWS::Logs::LogGroup")]
    kept = [whole(one.get("RetentionInDays", of.KEPT_FOR_EVER_DAYS)) for one in groups]
    rare = [one.get("LogGroupClass") == "INFREQUENT_ACCESS" for one in groups]
    seldom = sum(rare) / len(rare) if rare else 0
    days = sum(kept) / len(kept) if kept else of.KEPT_FOR_EVER_DAYS
    return {
        "logs_in_gb": gb * (1 - seldom),
        "logs_rare_in_gb": gb * seldom,
        "logs_stored_gb": gb * days / 30,
    }


def _function(account: Account, name: str) -> Mapping[str, Any] | None:
    return next(
        (
            function
            for _, function in account.of("AWS::Lambda::Function")
            if function.get("Handler") == f"{name}.handler.handler"
        ),
        None,
    )
