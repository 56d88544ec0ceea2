"""What is done to the service, and the figures that come of it."""

import asyncio
import os
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import uvloop

from tests.benchmarks.http_load import Generator, Outcome
from tests.benchmarks.population import Population
from tests.benchmarks.system_under_load import Service

MIXED: Final = 0.2
"""Share of writes: most requests look whether an answer has come."""

WARM_UP_SECONDS: Final = 2.0
SATURATING_CONNECTIONS: Final = 16
SETTLED_SECONDS: Final = 60.0
"""When the memory of a soak is looked at first: every cache has been filled by then."""

Load = Callable[[Generator], Awaitable[Outcome]]


@dataclass(frozen=True)
class Scenario:
    name: str
    writes: float
    load: Load
    soak: bool = False
    """Whether memory is watched from SETTLED_SECONDS on."""


def flat_out(name: str, writes: float, seconds: float) -> Scenario:
    async def load(generator: Generator) -> Outcome:
        return await generator.flat_out(SATURATING_CONNECTIONS, seconds)

    return Scenario(name, writes, load)


def at_rate(name: str, per_second: float, seconds: float, *, soak: bool = False) -> Scenario:
    async def load(generator: Generator) -> Outcome:
        return await generator.at_rate(per_second, seconds)

    return Scenario(name, MIXED, load, soak)


@dataclass
class Figures:
    scenario: str
    requests: int
    per_second: float
    failed: int
    endings: Counter[str]
    milliseconds: dict[str, dict[str, float]] = field(default_factory=dict)
    """Of all, of reads and of writes: p50, p95, p99, max."""
    cpu_ms_per_request: float = 0.0
    """Of the service's process, all its threads."""
    generator_cpu_share: float = 0.0
    """Of one processor: near 1 the generator would be what is measured."""
    rss_mib: float = 0.0
    rss_growth: float | None = None
    """Of a soak, from SETTLED_SECONDS to its end, as a share."""
    loop_ms: float = 0.0
    """Processor time of a fixed loop just before: how fast this machine is at the moment."""
    load_average: float = 0.0


def measure(scenario: Scenario, service: Service, population: Population) -> Figures:
    loop_ms = machine_speed()
    return uvloop.run(_measure(scenario, service, population, loop_ms))


async def _measure(
    scenario: Scenario, service: Service, population: Population, loop_ms: float
) -> Figures:
    warm_up = Generator(service.port, population.requests(scenario.writes))
    await warm_up.flat_out(SATURATING_CONNECTIONS // 2, WARM_UP_SECONDS)
    settled = asyncio.create_task(_settled_memory(service)) if scenario.soak else None
    cpu, own, began = service.cpu_seconds, time.process_time(), time.perf_counter()
    generator = Generator(service.port, population.requests(scenario.writes))
    outcome = await scenario.load(generator)
    elapsed = time.perf_counter() - began
    figures = Figures(
        scenario=scenario.name,
        requests=outcome.requests,
        per_second=outcome.requests / outcome.seconds,
        failed=outcome.failed,
        endings=outcome.endings,
        milliseconds={
            kind: percentiles(latencies)
            for kind, latencies in [("all", outcome.all_latencies), *outcome.latencies.items()]
            if latencies
        },
        cpu_ms_per_request=(service.cpu_seconds - cpu) / max(1, outcome.requests) * 1000,
        generator_cpu_share=(time.process_time() - own) / elapsed,
        rss_mib=service.rss_mib,
        loop_ms=loop_ms,
        load_average=os.getloadavg()[0],
    )
    if settled is not None and settled.done():
        figures.rss_growth = figures.rss_mib / settled.result() - 1
    return figures


async def _settled_memory(service: Service) -> float:
    await asyncio.sleep(SETTLED_SECONDS)
    return service.rss_mib


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """p50, p95, p99 and max in milliseconds; nearest rank."""
    ordered = sorted(seconds)
    last = len(ordered) - 1
    ranks = {f"p{share}": min(last, len(ordered) * share // 100) for share in (50, 95, 99)}
    return {name: ordered[rank] * 1000 for name, rank in {**ranks, "max": last}.items()}


def machine_speed() -> float:
    """Milliseconds of processor time that three million turns of an empty loop take."""
    began = time.process_time()
    for _ in range(3_000_000):
        pass
    return (time.process_time() - began) * 1000


def as_document(figures: Figures) -> dict[str, Any]:
    return {**vars(figures), "endings": dict(figures.endings)}
