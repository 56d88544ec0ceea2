"""The service: its size, its life and death, and the ways to reach it."""

import json
from typing import Any

import pytest

from cufit_service import lifetimes
from stacks.fargate_sizes import FARGATE_MEMORY_MIB
from tests.drills.chaos.entries import ENTRIES
from tests.infra.synthesis import Synthesized
from tests.unit.service.http_world import operations


def _container(environment: Synthesized) -> dict[str, Any]:
    containers: list[dict[str, Any]] = environment.only("AWS::ECS::TaskDefinition")[
        "ContainerDefinitions"
    ]
    (container,) = containers
    return container


def _routes(environment: Synthesized) -> dict[str, dict[str, Any]]:
    return {r["RouteKey"]: r for r in environment.properties("AWS::ApiGatewayV2::Route")}


def test_the_task_has_a_size_that_exists(environment: Synthesized) -> None:
    task = environment.only("AWS::ECS::TaskDefinition")
    fargate = environment.settings.fargate

    assert (task["Cpu"], task["Memory"]) == (str(fargate.cpu), str(fargate.memory))
    assert int(task["Memory"]) in FARGATE_MEMORY_MIB[int(task["Cpu"])]
    assert task["RuntimePlatform"]["CpuArchitecture"] == "ARM64"


def test_the_container_is_confined(environment: Synthesized) -> None:
    container = _container(environment)

    assert container["Command"] == ["python", "-m", "cufit_service"]
    assert container["ReadonlyRootFilesystem"] is True
    assert container["User"] == "10001:10001"
    assert container["LinuxParameters"]["Capabilities"]["Drop"] == ["ALL"]
    assert container["MountPoints"] == [
        {"ContainerPath": "/tmp", "ReadOnly": False, "SourceVolume": "tmp"}
    ]


def test_a_deployment_replaces_before_it_stops_and_rolls_back(environment: Synthesized) -> None:
    deployment = environment.only("AWS::ECS::Service")["DeploymentConfiguration"]

    assert deployment["MinimumHealthyPercent"] == 100
    assert deployment["MaximumPercent"] == 200
    assert deployment["DeploymentCircuitBreaker"] == {"Enable": True, "Rollback": True}


def test_capacity_outlives_the_service_that_uses_it(environment: Synthesized) -> None:
    """Of the cluster, which the service refers to; a resource beside it is deleted too early."""
    assert environment.only("AWS::ECS::Cluster")["CapacityProviders"] == ["FARGATE", "FARGATE_SPOT"]
    assert not environment.properties("AWS::ECS::ClusterCapacityProviderAssociations")


def test_the_api_turns_to_tasks_that_are_there(environment: Synthesized) -> None:
    """Another entry has none behind it before the service has rolled."""
    (service,) = environment.resources("AWS::ECS::Service")
    private = [
        integration
        for integration in environment.resources("AWS::ApiGatewayV2::Integration").values()
        if integration["Properties"].get("ConnectionType") == "VPC_LINK"
    ]

    assert private
    assert all(service in integration["DependsOn"] for integration in private)


def test_health_is_asked_of_the_process_itself(environment: Synthesized) -> None:
    check = _container(environment)["HealthCheck"]

    # `site` and what it loads would be most of the check's cost (tests/unit/service).
    assert check["Command"][:5] == ["CMD", "python", "-I", "-S", "-c"]
    assert "GET /health" in check["Command"][5]
    assert check["Timeout"] < check["Interval"] <= 10


def test_there_is_a_way_out_without_a_nat_gateway(environment: Synthesized) -> None:
    network = environment.only("AWS::ECS::Service")["NetworkConfiguration"]["AwsvpcConfiguration"]
    endpoints = [json.dumps(e) for e in environment.properties("AWS::EC2::VPCEndpoint")]

    assert not environment.resources("AWS::EC2::NatGateway")
    assert not environment.resources("AWS::EC2::EIP")
    assert network["AssignPublicIp"] == "ENABLED"
    assert sorted(e.count(".s3") + 2 * e.count(".dynamodb") for e in endpoints) == [1, 2]


def test_subnets_are_in_the_configured_zones(environment: Synthesized) -> None:
    zones = [subnet["AvailabilityZone"] for subnet in environment.properties("AWS::EC2::Subnet")]

    assert zones == environment.settings.availability_zones


def test_routes_need_a_token_but_for_the_public_ones(environment: Synthesized) -> None:
    by_authorization = {
        key: route.get("AuthorizationType", "NONE") for key, route in _routes(environment).items()
    }

    assert by_authorization == {
        "GET /health": "NONE",
        "GET /ready": "NONE",
        "GET /docs": "NONE",
        "GET /docs/{proxy+}": "NONE",
        "GET /openapi.json": "NONE",
        # Not ANY: its authorizer would refuse the preflights of browsers.
        "GET /{proxy+}": "JWT",
        "POST /{proxy+}": "JWT",
        "PUT /{proxy+}": "JWT",
        "PATCH /{proxy+}": "JWT",
        "DELETE /{proxy+}": "JWT",
        "POST /v1/photos": "JWT",
    }


def test_the_document_asks_for_a_token_where_the_gateway_does(environment: Synthesized) -> None:
    public = {
        key
        for key, route in _routes(environment).items()
        if route.get("AuthorizationType", "NONE") == "NONE"
    }
    pages = {"GET /docs", "GET /docs/{proxy+}", "GET /openapi.json"}
    described = {
        f"{method.upper()} {path}"
        for path, method, operation in operations()
        if not operation["security"]
    }
    assert described == public - pages


def test_tokens_are_of_the_configured_issuer(environment: Synthesized) -> None:
    jwt = environment.only("AWS::ApiGatewayV2::Authorizer")["JwtConfiguration"]

    assert jwt["Issuer"] == environment.settings.auth.issuer
    assert jwt["Audience"] == environment.settings.auth.audiences


def test_the_stage_is_throttled_and_logged(environment: Synthesized) -> None:
    stage = environment.only("AWS::ApiGatewayV2::Stage")
    fields = json.loads(stage["AccessLogSettings"]["Format"])

    assert stage["StageName"] == "$default"
    assert stage["AutoDeploy"] is True
    assert stage["DefaultRouteSettings"] == {
        "ThrottlingBurstLimit": environment.settings.throttling.burst,
        "ThrottlingRateLimit": environment.settings.throttling.rate,
    }
    assert fields["requestId"] == "$context.requestId"
    assert not {"ip", "sourceIp", "userAgent", "sub"} & set(fields)


def test_by_cloud_map_the_port_is_found_by_srv_records(
    synthesized: dict[str, Synthesized],
) -> None:
    cloudmap = synthesized["sample"]
    (record,) = cloudmap.only("AWS::ServiceDiscovery::Service")["DnsConfig"]["DnsRecords"]

    assert record == {"TTL": 10, "Type": "SRV"}
    assert not cloudmap.resources("AWS::ElasticLoadBalancingV2::LoadBalancer")
    integrations = json.dumps(cloudmap.properties("AWS::ApiGatewayV2::Integration"))
    assert "CloudmapService" in integrations


def test_by_load_balancer_it_is_internal_and_quick(synthesized: dict[str, Synthesized]) -> None:
    alb = synthesized["alb"]
    balancer = alb.only("AWS::ElasticLoadBalancingV2::LoadBalancer")
    target = alb.only("AWS::ElasticLoadBalancingV2::TargetGroup")
    attributes = {a["Key"]: a["Value"] for a in target["TargetGroupAttributes"]}

    assert balancer["Scheme"] == "internal"
    assert target["HealthCheckPath"] == "/health"
    # A stopping task is noticed by health check, or by deregistration, while it still serves.
    noticed = target["HealthCheckIntervalSeconds"] * target["UnhealthyThresholdCount"]
    assert 2 * (noticed + target["HealthCheckTimeoutSeconds"]) <= lifetimes.LAME_DUCK_SECONDS
    delay = int(attributes["deregistration_delay.timeout_seconds"])
    assert delay <= lifetimes.LAME_DUCK_SECONDS
    played = ENTRIES["alb"]  # by `make rolling`
    healthy = target["HealthCheckIntervalSeconds"] * target["HealthyThresholdCount"]
    assert (played.seen_late, played.told_after) == (healthy, delay)
    assert not alb.resources("AWS::ServiceDiscovery::Service")
    integrations = json.dumps(alb.properties("AWS::ApiGatewayV2::Integration"))
    assert "BalancerHttp" in integrations


def test_both_entries_use_the_same_link(synthesized: dict[str, Synthesized]) -> None:
    """Its subnets and security groups cannot be changed once it exists."""
    assert synthesized["alb"].only("AWS::ApiGatewayV2::VpcLink") == {
        **synthesized["sample"].only("AWS::ApiGatewayV2::VpcLink"),
        "Name": synthesized["alb"].only("AWS::ApiGatewayV2::VpcLink")["Name"],
    }


def test_with_spot_one_task_stays_on_demand(synthesized: dict[str, Synthesized]) -> None:
    strategy = synthesized["spot"].only("AWS::ECS::Service")["CapacityProviderStrategy"]

    assert {s["CapacityProvider"]: s.get("Base", 0) for s in strategy} == {
        "FARGATE": 1,
        "FARGATE_SPOT": 0,
    }


@pytest.mark.parametrize("name", ["alb", "sample"])
def test_a_stopping_task_outlives_what_still_comes_to_it(
    synthesized: dict[str, Synthesized], name: str
) -> None:
    stop = _container(synthesized[name])["StopTimeout"]
    (gives_up,) = {
        integration["TimeoutInMillis"] / 1000
        for integration in synthesized[name].properties("AWS::ApiGatewayV2::Integration")
        if integration.get("ConnectionType") == "VPC_LINK"
    }

    assert lifetimes.LAME_DUCK_SECONDS + lifetimes.DRAIN_SECONDS <= stop <= 120  # Fargate's limit
    assert gives_up < lifetimes.DRAIN_SECONDS
    # The service answers, if only with 503, before the gateway gives up on it and tells nobody why.
    assert lifetimes.REQUEST_SECONDS < gives_up < 30  # HTTP API's limit
    assert lifetimes.KEEP_ALIVE_SECONDS > 60  # the balancer's idle timeout


def test_office_hours_set_the_count_and_the_template_does_not(environment: Synthesized) -> None:
    service = environment.only("AWS::ECS::Service")
    count, office = environment.settings.fargate.desired_count, environment.settings.office_hours
    if office is None:
        assert service["DesiredCount"] == count
        assert not environment.properties("AWS::ApplicationAutoScaling::ScalableTarget")
        return
    assert "DesiredCount" not in service
    target = environment.only("AWS::ApplicationAutoScaling::ScalableTarget")
    assert (target["MinCapacity"], target["MaxCapacity"]) == (0, count)
    actions = {}
    for action in target["ScheduledActions"]:
        assert action["Timezone"] == "Asia/Seoul"
        capacity = action["ScalableTargetAction"]
        assert capacity["MinCapacity"] == capacity["MaxCapacity"]
        actions[action["Schedule"]] = capacity["MaxCapacity"]
    days = ",".join(office.days)
    assert actions == {
        f"cron({opens.minute} {opens.hour} ? * {days} *)": tasks
        for opens, tasks in ((office.hours.opens, count), (office.hours.closes, 0))
    }


def test_a_parked_service_pages_nobody(environment: Synthesized) -> None:
    parked = environment.settings.parked_sometimes
    for alarm in environment.properties("AWS::CloudWatch::Alarm"):
        if alarm.get("MetricName") == "MemoryUtilization":
            assert alarm["TreatMissingData"] == ("notBreaching" if parked else "breaching")
    told = environment.function("heartbeat")["Environment"]["Variables"].get("CUFIT_ON")
    assert told == (str(environment.settings.on) if parked else None)
