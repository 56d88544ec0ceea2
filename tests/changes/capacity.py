"""Changes of what the service and its functions carry, and of how they are deployed."""

from collections.abc import Callable
from typing import Any

from cufit_ops.review.findings import Topic
from tests.changes.case import Case, Templates, both, of_type, properties

ANOTHER = {"Fn::Sub": "${AWS::AccountId}.dkr.ecr.example/assets:0123abcd"}
SERVICE, TASK = "Service/FargateService", "Service/FargateTask"
CAPACITY = Topic.CAPACITY


def _sized(cpu: int, memory: int) -> Callable[[Templates], None]:
    def edit(templates: Templates) -> None:
        properties(templates, TASK).update(Cpu=str(cpu), Memory=str(memory))

    return edit


def _service(**changed: Any) -> Callable[[Templates], None]:
    return lambda templates: properties(templates, SERVICE).update(changed)


def _percents(least: int, most: int) -> Callable[[Templates], None]:
    def edit(templates: Templates) -> None:
        rules = properties(templates, SERVICE)["DeploymentConfiguration"]
        rules.update(MinimumHealthyPercent=least, MaximumPercent=most)

    return edit


def _container(**changed: Any) -> Callable[[Templates], None]:
    def edit(templates: Templates) -> None:
        (container,) = properties(templates, TASK)["ContainerDefinitions"]
        container.update(changed)

    return edit


def _without_health_check(templates: Templates) -> None:
    del properties(templates, TASK)["ContainerDefinitions"][0]["HealthCheck"]


def _without_rollback(templates: Templates) -> None:
    del properties(templates, SERVICE)["DeploymentConfiguration"]["DeploymentCircuitBreaker"]


def _through_a_balancer(templates: Templates) -> None:
    """What matters of it here: the service's side of `entry = "alb"`."""
    service = properties(templates, SERVICE)
    service.pop("ServiceRegistries")
    group = {
        "HealthCheckIntervalSeconds": 5,
        "HealthyThresholdCount": 2,
        "UnhealthyThresholdCount": 2,
        "TargetGroupAttributes": [
            {"Key": "deregistration_delay.timeout_seconds", "Value": "5"},
        ],
    }
    templates["Service"]["Resources"]["Targets"] = {
        "Type": "AWS::ElasticLoadBalancingV2::TargetGroup",
        "Properties": group,
    }
    service["LoadBalancers"] = [
        {"ContainerName": "service", "ContainerPort": 8080, "TargetGroupArn": {"Ref": "Targets"}}
    ]


def _throttled(rate: float) -> Callable[[Templates], None]:
    def edit(templates: Templates) -> None:
        for _, _, stage in of_type(templates, "AWS::ApiGatewayV2::Stage"):
            stage["Properties"]["DefaultRouteSettings"]["ThrottlingRateLimit"] = rate

    return edit


def _always_on(templates: Templates) -> None:
    for stack, id_, _ in [*of_type(templates, "AWS::ApplicationAutoScaling::ScalableTarget")]:
        resources = templates[stack]["Resources"]
        del resources[id_]
        for found in resources.values():
            if id_ in (needed := found.get("DependsOn", [])):
                needed.remove(id_)


def _other_tag(templates: Templates) -> None:
    properties(templates, TASK).setdefault("Tags", []).append({"Key": "team", "Value": "cufit"})


def _worker(**changed: Any) -> Callable[[Templates], None]:
    return lambda templates: properties(templates, "Matching/MatchWorkerFunction").update(changed)


def _messages(**changed: Any) -> Callable[[Templates], None]:
    return lambda templates: properties(templates, "Matching/MatchWorkerMessages").update(changed)


def _said(words: str) -> tuple[tuple[Topic, str], ...]:
    return ((CAPACITY, words),)


def _asked_by(command: str) -> Callable[[Templates], None]:
    def edit(templates: Templates) -> None:
        (container,) = properties(templates, TASK)["ContainerDefinitions"]
        container["HealthCheck"]["Command"] = ["CMD-SHELL", command]

    return edit


def _gone_at_once(templates: Templates) -> None:
    (container,) = properties(templates, TASK)["ContainerDefinitions"]
    container["Environment"].append({"Name": "CUFIT_LAME_DUCK_SECONDS", "Value": "0"})


def _stage(name: str, value: dict[str, Any]) -> Callable[[Templates], None]:
    def edit(templates: Templates) -> None:
        for _, _, stage in of_type(templates, "AWS::ApiGatewayV2::Stage"):
            stage["Properties"][name] = value

    return edit


ONE_A_SECOND = {"POST /recommendations": {"ThrottlingRateLimit": "1", "ThrottlingBurstLimit": 1}}
LESS = r"Carries about \d+ requests a second instead of \d+, and a new task answers after"

# What is dangerous beside its sentence costs more than the account's monthly limit.
CASES = (
    Case("prod a quarter", "prod", _sized(256, 512), _said(LESS)),
    Case("prod grows", "prod", _sized(1024, 2048), _said(LESS), True),  # above the limit
    Case("prod shrinks back", "prod", _sized(1024, 2048), _said(LESS), flipped=True),
    Case("two vCPU, one process", "prod", _sized(2048, 4096), _said("one process uses"), True),
    Case("nobody at home", "prod", _service(DesiredCount=0), _said("No task runs"), dangerous=True),
    Case("home again", "prod", _service(DesiredCount=0), _said("Carries"), flipped=True),
    Case("two tasks", "prod", _service(DesiredCount=2), _said("Carries about"), True),
    Case(
        "the only task ends first", "prod", _percents(0, 100),
        _said(r"Every request fails for about \d+ s"), dangerous=True,
    ),
    Case("nothing may move", "prod", _percents(100, 100), _said("No deployment can end"), True),
    *both(
        "nobody asks how it is", _without_health_check, _said("Nobody asks a new task"),
        dangerous=True,
    ),
    Case("no way back", "prod", _without_rollback, _said("is not rolled back by itself")),
    *both("stops at once", _container(StopTimeout=30), _said("API Gateway may still send to it")),
    Case("a longer end", "prod", _container(StopTimeout=120), _said("New tasks replace")),
    *both("a new version", _container(Image=ANOTHER), _said("no request should fail")),
    Case("to a balancer", "prod", _through_a_balancer, _said("from cloudmap to alb"), True),
    Case("from a balancer", "prod", _through_a_balancer, _said("from alb to cloudmap"), True, True),
    Case("fewer let through", "prod", _throttled(5), _said("Lets 5 requests a second")),
    Case("any number let through", "prod", _stage("DefaultRouteSettings", {}), _said("any number")),
    Case(
        "fewer of one route", "prod", _stage("RouteSettings", ONE_A_SECOND),
        _said("Lets 1 requests a second of POST /recommendations"),
    ),
    Case("the only task may end first", "prod", _percents(0, 200), _said("may fail for"), True),
    Case("asked by another", "prod", _asked_by("exit 0"), _said("some requests may fail")),
    Case("gone at once", "prod", _gone_at_once, _said("answers for 0 s .* not for 75")),
    Case("a tight container", "prod", _container(Memory=100), _said("killed at 100 MiB"), True),
    Case("memory alone", "prod", _sized(512, 2048), _said("carries as much as before")),
    Case("none let through", "prod", _throttled(0), _said("all are refused with 429"), True),
    Case("dev at any hour", "dev", _always_on, _said("Runs round the clock"), True),
    Case("dev in office hours", "dev", _always_on, _said("Runs only at set hours"), flipped=True),
    *both("a tag on a revision", _other_tag),
    Case("a slower worker", "prod", _worker(MemorySize=256), _said("256 MiB of memory instead")),
    Case("a faster worker", "prod", _worker(MemorySize=1024)),
    Case("a worker in a hurry", "prod", _worker(Timeout=20), _said("20 seconds instead of 60")),
    Case(
        "a worker that never runs", "prod", _worker(ReservedConcurrentExecutions=0),
        _said("match_worker never runs"), dangerous=True,
    ),
    Case(
        "a worker built for another", "prod", _worker(Architectures=["x86_64"]),
        _said("runs on x86_64 instead of arm64"),
    ),
    Case("a worker asleep", "prod", _messages(Enabled=False), _said("gets no messages"), True),
    Case("a worker awake", "prod", _messages(Enabled=False), _said("messages again"), flipped=True),
    Case(
        "more at once, and back", "prod", _messages(ScalingConfig={"MaximumConcurrency": 10}),
        _said(r"match_worker works on 2 at once \(about 20 a minute\)"), flipped=True,
    ),
)  # fmt: skip
