"""What one task of each size carries: `python -m tests.benchmarks.capacity [--add | --check]`.

Writes ops/measured/service-load.json, which `cufit tune` and the report of a pull request read.
`--add` keeps the rounds that are there; `--check` writes nothing, and says how far this machine is
now from the file, at the same pace.
"""

import argparse
import platform
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import psutil
from rich.console import Console

from cufit_ops.capacity.measured import (
    FILE,
    ONE_CORE,
    Conditions,
    Machine,
    Round,
    ServiceLoad,
    read,
)
from tests.benchmarks.limits import SIZES, LimitsUnavailable, TaskSize, before_others, limited
from tests.benchmarks.population import Population
from tests.benchmarks.scenarios import (
    MIXED,
    SATURATING_CONNECTIONS,
    Figures,
    at_rate,
    flat_out,
    machine_speed,
    measure,
)
from tests.benchmarks.system_under_load import Service, in_memory_aws, service

FLAT_OUT_SECONDS, AT_RATE_SECONDS = 5.0, 4.0
RATE = 0.6
"""Share of the flat-out rate: a load that a size is chosen for."""
REST_SECONDS = 4.0
"""The service has warmed up by then, also at a quarter of a vCPU."""
AWS_LATENCY_MS = 5.0
WITHIN = 0.20
ANOTHER = 0.25
"""Difference of the loop's time that says: another machine, or one at another pace. Less is noise
of a loop of 40 ms, of which a request's processor time does not follow."""

console = Console(highlight=False, soft_wrap=True)


def main(arguments: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    before = read(given.file) if given.add or given.check else None
    rounds = []
    population = Population()
    try:
        with before_others(), in_memory_aws(population, AWS_LATENCY_MS) as aws_port:
            for _ in range(given.rounds):
                for one in _rounds(population, aws_port):
                    console.print(_words(one))
                    rounds.append(one)
    except LimitsUnavailable as error:
        sys.exit(f"a size cannot be held to here: {error}")
    found = ServiceLoad(
        measured=datetime.now(UTC).date(),
        machine=_machine(),
        conditions=Conditions(
            service="python -m cufit_service, one process, outside the image",
            writes=MIXED,
            connections=SATURATING_CONNECTIONS,
            aws_latency_ms=AWS_LATENCY_MS,
            rate=RATE,
        ),
        rounds=tuple(rounds),
    )
    if given.check and before:
        return compared(before, found)
    if before:
        if (before.machine, before.conditions) != (found.machine, found.conditions):
            sys.exit(f"{given.file} was measured elsewhere or otherwise; leave --add out")
        found = found.model_copy(update={"rounds": (*before.rounds, *found.rounds)})
    given.file.parent.mkdir(exist_ok=True)
    given.file.write_text(found.model_dump_json(by_alias=True, indent=1) + "\n", encoding="utf-8")
    return 0


def _rounds(population: Population, aws_port: int) -> Iterator[Round]:
    for size in SIZES.values():
        loops = [machine_speed()]
        with limited(size) as limit, service(aws_port, limit) as running:
            time.sleep(REST_SECONDS)
            at_rest = running.rss_mib
            flat = measure(flat_out("flat out", MIXED, FLAT_OUT_SECONDS), running, population)
            rate = RATE * flat.per_second
            below = measure(at_rate("below", rate, AT_RATE_SECONDS), running, population)
        loops += [flat.loop_ms, below.loop_ms, machine_speed()]
        yield _round(size, loops, flat=flat, below=below, at_rest=at_rest, running=running)


def _machine() -> Machine:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return Machine(
        processor=names[0] if names else platform.processor() or platform.machine(),
        cores=psutil.cpu_count() or 0,
        python=platform.python_version(),
    )


def _round(
    size: TaskSize,
    loops: list[float],
    *,
    flat: Figures,
    below: Figures,
    at_rest: float,
    running: Service,
) -> Round:
    latency = below.milliseconds["all"]
    return Round(
        cpu=round(size.vcpu * ONE_CORE),
        memory=size.memory_mib,
        loop_ms=round(median(loops), 1),
        requests_per_second=round(flat.per_second, 1),
        cpu_ms_per_request=round(flat.cpu_ms_per_request, 2),
        at_requests_per_second=round(below.per_second, 1),
        p50_ms=round(latency["p50"], 1),
        p95_ms=round(latency["p95"], 1),
        failed=flat.failed + below.failed,
        first_answer_seconds=round(running.start_seconds, 2),
        memory_at_rest_mib=round(at_rest, 1),
        memory_under_load_mib=round(max(flat.rss_mib, below.rss_mib), 1),
    )


def _words(one: Round) -> str:
    return (
        f"{one.cpu}/{one.memory}: {one.requests_per_second:.0f} a second flat out, "
        f"p50/p95 {one.p50_ms:.0f}/{one.p95_ms:.0f} ms at {one.at_requests_per_second:.0f}, "
        f"first 200 after {one.first_answer_seconds:.2f} s, "
        f"{one.memory_under_load_mib:.0f} MiB, {one.failed} failed, processor "
        f"{one.cpu_ms_per_request:.2f} ms a request and {one.received:.0%} of its share, loop "
        f"{one.loop_ms:.0f} ms"
    )


def compared(told: ServiceLoad, fresh: ServiceLoad) -> int:
    """1 if a size is further from the file than WITHIN, as counted; at the same pace where the
    machine is another (ANOTHER)."""
    far, pace = 0, fresh.loop_ms / told.loop_ms
    pace = pace if abs(pace - 1) > ANOTHER else 1.0
    for cpu in fresh.sizes:
        rounds = [one for one in fresh.rounds if one.cpu == cpu]
        wanted = told.task(cpu).requests_per_second
        found = median(one.requests_per_second for one in rounds) * pace
        off = wanted / found - 1
        far += abs(off) > WITHIN
        console.print(
            f"{cpu} CPU units: told {wanted:.0f} a second, found {found:.0f}, with "
            f"{median(one.received for one in rounds):.0%} of its processor: {off:+.0%}"
        )
    console.print(f"loop {fresh.loop_ms:.0f} ms, {told.loop_ms:.0f} when it was measured")
    return int(far > 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.capacity", description=__doc__
    )
    parser.add_argument("--rounds", type=int, default=3, help="of three sizes; medians count")
    parser.add_argument("--file", type=Path, default=FILE)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--add", action="store_true", help="to the rounds that are there")
    how.add_argument("--check", action="store_true", help="compare and write nothing")
    return parser


if __name__ == "__main__":
    sys.exit(main())
