"""How long a deployment of the service takes: a model whose parts are shown.

Nothing here was measured on AWS. Each part is a range (least, typical, most) in seconds. It comes
from the template's own numbers, from a figure of the load benchmark, or from an assumption with its
source (ASSUMED), to be fitted again after the first real deployments.

    time = change set + launch + ready, for each round, + drain + stop + steady

A round starts as many tasks as the maximum percent leaves room for; where it leaves none, the old
ones end first. ECS calls a deployment complete once the old tasks have stopped.
"""

import math
from dataclasses import dataclass

from cufit_ops.capacity.measured import ServiceLoad
from cufit_ops.capacity.shape import Balancer, Shape


@dataclass(frozen=True)
class Range:
    """Seconds."""

    least: float
    typical: float
    most: float

    def __add__(self, other: "Range") -> "Range":
        return Range(self.least + other.least, self.typical + other.typical, self.most + other.most)

    def __mul__(self, times: float) -> "Range":
        return Range(self.least * times, self.typical * times, self.most * times)


@dataclass(frozen=True)
class Part:
    name: str
    seconds: Range
    why: str

    @property
    def words(self) -> str:
        found = self.seconds
        return (
            f"{self.name}: {found.typical:.0f} s ({found.least:.0f}–{found.most:.0f}), {self.why}"
        )


@dataclass(frozen=True)
class Assumed:
    range: Range
    source: str


NOTHING = Range(0, 0, 0)
ASSUMED = {
    "change set": Assumed(
        Range(10, 15, 25), "change set, new task definition and CloudFormation's polls; estimate"
    ),
    "launch": Assumed(
        Range(14, 20, 55),
        "scheduling 1–8 s, microVM and network interface 10–44 s (createdAt to pullStartedAt: "
        "opensearch-migrations#2116, 2026-01), container 3 s",
    ),
    "pull": Assumed(
        Range(32 / 30, 32 / 12, 32 / 6),
        "32 MB compressed (docs/performance.md) at 6–30 MB/s, nothing cached on Fargate "
        "(413 MB in 57 s: elasticscale 2024)",
    ),
    "poll": Assumed(Range(2, 5, 10), "until ECS sees it; estimate"),
    "register": Assumed(Range(2, 4, 8), "target known to the balancer; estimate"),
    "deprovision": Assumed(Range(5, 10, 20), "network interface given back; estimate"),
    "steady": Assumed(Range(5, 10, 20), "until the deployment is called complete; estimate"),
}
SLOWER = Range(1, 1.5, 3)
"""How many times as long a start takes on Fargate as on the machine that measured; assumed."""
UNCHECKED_SECONDS = 40
"""Without a container's health check ECS counts a task as healthy 40 s after RUNNING
(API_DeploymentConfiguration)."""
RESERVED_SECONDS = 30
"""Of stopTimeout: 20 s to drain and 10 to spare (stacks/components/fargate_service.py); what is
left of it the service goes on serving after SIGTERM."""


@dataclass(frozen=True)
class Deployment:
    parts: tuple[Part, ...]
    rounds: int

    @property
    def seconds(self) -> Range:
        return sum((part.seconds for part in self.parts), NOTHING)

    @property
    def words(self) -> str:
        found = self.seconds
        return (
            f"about {minutes(found.typical)} minutes (modelled, {minutes(found.least)} to "
            f"{minutes(found.most)})"
        )


def minutes(seconds: float) -> str:
    return f"{seconds / 60:.1f}"


def deployment(shape: Shape, load: ServiceLoad) -> Deployment | None:
    """Of a new task definition; None where no task runs or the percents let none be replaced."""
    tasks = shape.most_tasks
    added = shape.started_at_once
    at_once = added if added > 0 else tasks - shape.kept
    if tasks == 0 or at_once <= 0:
        return None
    rounds = math.ceil(tasks / at_once)
    stops = rounds if added <= 0 else 1  # else they end side by side, behind the last new ones
    each = f" × {rounds} rounds" if rounds > 1 else ""
    parts = [_assumed("change set")]
    parts += [
        Part(part.name, part.seconds * rounds, part.why + each)
        for part in (_assumed("launch"), _assumed("pull"), _ready(shape, load))
    ]
    if shape.balancer:
        drain = Range(0, shape.balancer.deregistration, shape.balancer.deregistration)
        parts.append(Part("drain", drain * stops, "the template's deregistration delay"))
    parts += [
        Part("stop", _stop(shape) * stops, _stop_words(shape)),
        _assumed("deprovision"),
        _assumed("steady"),
    ]
    return Deployment(tuple(parts), rounds)


def _assumed(name: str) -> Part:
    return Part(name, ASSUMED[name].range, f"assumed: {ASSUMED[name].source}")


def _stop(shape: Shape) -> Range:
    """The process goes on serving for a while, then drains; SIGKILL comes at stopTimeout."""
    serving = max(0.0, shape.stop_timeout - RESERVED_SECONDS)
    return Range(serving, serving + 1, shape.stop_timeout)


def _stop_words(shape: Shape) -> str:
    return (
        f"the template's stopTimeout of {shape.stop_timeout:g} s less {RESERVED_SECONDS} s "
        "in reserve; at most all of it"
    )


def start_seconds(shape: Shape, load: ServiceLoad) -> Range:
    """From the process's beginning to the first 200: measured here, times SLOWER."""
    return SLOWER * load.task(shape.cpu or 1024).first_answer_seconds


def _ready(shape: Shape, load: ServiceLoad) -> Part:
    starts = _each(start_seconds(shape, load))
    if shape.health is None:
        waited = [float(UNCHECKED_SECONDS)] * 3
        why = f"no container health check: ECS waits {UNCHECKED_SECONDS} s"
    else:
        waited = [_checked(start, shape.health.interval) for start in starts]
        why = f"the template's health check every {shape.health.interval:g} s"
    if shape.balancer:
        registered = _each(ASSUMED["register"].range)
        balanced = [
            known + _balanced(start - known, shape.balancer)
            for known, start in zip(registered, starts, strict=True)
        ]
        waited = [*map(max, waited, balanced)]
        why += f", the balancer's every {shape.balancer.interval:g} s"
    return Part("ready", Range(*waited) + ASSUMED["poll"].range, f"{why}; then ECS's poll")


def _checked(start: float, interval: float) -> float:
    """The first check after the start has ended."""
    return max(1, math.ceil(start / interval)) * interval


def _balanced(start: float, balancer: Balancer) -> float:
    """A new target, `start` seconds of which are still to come, needs one good check; one that was
    called unhealthy, as many as the threshold (Elastic Load Balancing, health checks for target
    groups)."""
    failed = max(1, math.ceil(start / balancer.interval))
    if failed >= balancer.unhealthy:
        failed += balancer.healthy - 1
    return failed * balancer.interval


def _each(of: Range) -> tuple[float, float, float]:
    return of.least, of.typical, of.most
