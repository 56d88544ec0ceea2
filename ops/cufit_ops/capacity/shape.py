"""How the service runs, read from the templates of one environment."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cufit_contracts.environment import variable
from cufit_ops.template_graph import Account, Address

Entry = Literal["cloudmap", "alb", "none"]

STOP_SECONDS = 30
"""ECS's stopTimeout where the template names none (API_ContainerDefinition, stopTimeout)."""


@dataclass(frozen=True)
class HealthCheck:
    """Of the container; seconds. ECS's defaults where the template names none (API_HealthCheck)."""

    interval: float
    retries: int
    start_period: float
    command: tuple[str, ...] = ()


@dataclass(frozen=True)
class Balancer:
    """The target group's checks; seconds. Elastic Load Balancing's defaults where the template
    names none (API_CreateTargetGroup, "Deregistration delay")."""

    interval: float
    healthy: int
    unhealthy: int
    deregistration: float


@dataclass(frozen=True)
class Shape:
    """Numbers that a template leaves to a parameter or a function are None."""

    address: Address
    cpu: int | None
    memory: int | None
    """MiB, of the whole task."""
    architecture: str
    tasks: int | None
    """None: the template names none; a schedule or a hand sets it."""
    hours: tuple[str, ...]
    """Schedules that set the number of tasks, as written in the template."""
    spot: bool
    min_percent: float
    max_percent: float
    rolls_back: bool
    stop_timeout: float
    health: HealthCheck | None
    entry: Entry
    balancer: Balancer | None
    container_memory: int | None = None
    """MiB at which the service's container is killed; None: at the task's."""
    lame_duck: float | None = None
    """Seconds that the task goes on serving, where its environment sets them."""
    all_spot: bool = False
    scaled_to: int | None = None
    """Of a service whose template names no number: the most its schedule sets."""

    @property
    def size(self) -> str:
        return f"{self.cpu or '?'}/{self.memory or '?'}"

    @property
    def most_tasks(self) -> int:
        """In service at once while nothing is deployed; ECS starts one where nobody says."""
        if self.tasks is not None:
            return self.tasks
        return 1 if self.scaled_to is None else self.scaled_to

    @property
    def started_at_once(self) -> int:
        """Tasks that a deployment may add to those that run (DeploymentConfiguration,
        maximumPercent: rounded down)."""
        return math.floor(self.most_tasks * self.max_percent / 100) - self.most_tasks

    @property
    def kept(self) -> int:
        """Tasks that a deployment keeps in service (minimumHealthyPercent: rounded up)."""
        return math.ceil(self.most_tasks * self.min_percent / 100)


def shape_of(account: Account) -> Shape | None:
    """Of the first ECS service of the templates; None where there is none."""
    for address, service in account.of("AWS::ECS::Service"):
        tasks = [
            found
            for found in account.referred(address[0], service.get("TaskDefinition"))
            if _kind(account, found) == "AWS::ECS::TaskDefinition"
        ]
        task = account.properties(tasks[0]) if tasks else {}
        containers = task.get("ContainerDefinitions") or [{}]
        deployment = service.get("DeploymentConfiguration", {})
        balancer = _balancer(account, address[0], service)
        hours, most = _schedule(account)
        return Shape(
            address=address,
            cpu=_number(task.get("Cpu")),
            memory=_number(task.get("Memory")),
            architecture=task.get("RuntimePlatform", {}).get("CpuArchitecture", "X86_64"),
            tasks=_number(service.get("DesiredCount")),
            hours=hours,
            scaled_to=most,
            spot=_weight(service, "FARGATE_SPOT") > 0,
            all_spot=_weight(service, "FARGATE_SPOT") > 0 == _weight(service, "FARGATE"),
            container_memory=_number(containers[0].get("Memory")),
            lame_duck=_lame_duck(containers[0]),
            min_percent=_or(_number(deployment.get("MinimumHealthyPercent")), 100),
            max_percent=_or(_number(deployment.get("MaximumPercent")), 200),
            rolls_back=bool(deployment.get("DeploymentCircuitBreaker", {}).get("Rollback")),
            stop_timeout=_number(containers[0].get("StopTimeout")) or STOP_SECONDS,
            health=_health(containers[0].get("HealthCheck")),
            entry=_entry(service),
            balancer=balancer,
        )
    return None


@dataclass(frozen=True)
class Throttle:
    """Infinite: nothing is said, and the account's own limit holds."""

    rate: float
    """Requests a second."""
    burst: float


def let_through(account: Account) -> dict[str, Throttle]:
    """What the HTTP API's stage takes, by route; "" are those not named. Empty: there is no API,
    or a parameter decides."""
    for _, stage in account.of("AWS::ApiGatewayV2::Stage"):
        routes = {**stage.get("RouteSettings", {}), "": stage.get("DefaultRouteSettings", {})}
        try:
            return {route: _throttle(limits) for route, limits in routes.items()}
        except (TypeError, ValueError):
            return {}
    return {}


def _throttle(limits: Mapping[str, Any]) -> Throttle:
    rate, burst = (
        float(limits.get(f"Throttling{what}Limit", math.inf)) for what in ("Rate", "Burst")
    )
    return Throttle(rate, burst)


def _weight(service: Mapping[str, Any], provider: str) -> int:
    """And the base: of the tasks that go to it."""
    return sum(
        (_number(one.get("Weight")) or 0) + (_number(one.get("Base")) or 0)
        for one in service.get("CapacityProviderStrategy", [])
        if one.get("CapacityProvider") == provider
    )


def _lame_duck(container: Mapping[str, Any]) -> float | None:
    for one in container.get("Environment") or []:
        if one.get("Name") == variable("lame_duck_seconds"):
            return _number(one.get("Value"))
    return None


def _entry(service: Mapping[str, Any]) -> Entry:
    if service.get("LoadBalancers"):
        return "alb"
    return "cloudmap" if service.get("ServiceRegistries") else "none"


def _health(check: Mapping[str, Any] | None) -> HealthCheck | None:
    if not check or check.get("Command", ["NONE"])[0] == "NONE":
        return None
    return HealthCheck(
        interval=_number(check.get("Interval")) or 30,
        retries=_number(check.get("Retries")) or 3,
        start_period=_number(check.get("StartPeriod")) or 0,
        command=tuple(map(str, check.get("Command", ()))),
    )


def _balancer(account: Account, stack: str, service: Mapping[str, Any]) -> Balancer | None:
    for target in service.get("LoadBalancers") or []:
        for group in account.referred(stack, target.get("TargetGroupArn")):
            found = account.properties(group)
            attributes = {
                one["Key"]: one["Value"] for one in found.get("TargetGroupAttributes", [])
            }
            delay = attributes.get("deregistration_delay.timeout_seconds", 300)
            return Balancer(
                interval=_number(found.get("HealthCheckIntervalSeconds")) or 30,
                healthy=_number(found.get("HealthyThresholdCount")) or 5,
                unhealthy=_number(found.get("UnhealthyThresholdCount")) or 2,
                deregistration=float(delay) if _number(delay) is not None else 300,
            )
    return None


def _schedule(account: Account) -> tuple[tuple[str, ...], int | None]:
    """The schedules of the service's tasks, and the most tasks that one sets."""
    hours, most = [], []
    for _, target in account.of("AWS::ApplicationAutoScaling::ScalableTarget"):
        if target.get("ServiceNamespace") == "ecs":
            for action in target.get("ScheduledActions", []):
                limit = action.get("ScalableTargetAction", {}).get("MaxCapacity")
                zone = action.get("Timezone", "UTC")
                hours.append(f"{action.get('Schedule')} {zone}: {limit} tasks")
                most.append(_number(limit) or 0)
    return tuple(hours), max(most, default=None)


def _kind(account: Account, address: Address) -> str | None:
    stack, logical_id = address
    kind: str | None = account.stacks[stack]["Resources"].get(logical_id, {}).get("Type")
    return kind


def _or(found: int | None, default: int) -> int:
    """Zero is a number as well."""
    return default if found is None else found


def _number(value: Any) -> int | None:
    """A number as templates write it, also in quotes; None for anything else."""
    try:
        return int(value)
    except (TypeError, ValueError):
        return None
