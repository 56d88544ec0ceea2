"""Load on the service: `python -m tests.benchmarks.load [capacity] [rate] [burst] [soak]`.

With `--client aiohttp --client boto3 --rounds 5` both are measured in turns, five times each.

What answers for AWS is the AWS in memory, as a process of its own
(tests/in_memory_aws/server.py): not DynamoDB, not SQS. What is measured is the service alone.
Figures are printed and nothing is judged; docs/performance.md has some, and what they mean.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from itertools import product
from pathlib import Path

from rich.console import Console
from rich.table import Table

from cufit_image.builder import find_builder
from tests.benchmarks.limits import SIZES, LimitsUnavailable, TaskSize, limited
from tests.benchmarks.population import Population
from tests.benchmarks.scenarios import (
    MIXED,
    Figures,
    Scenario,
    as_document,
    at_rate,
    flat_out,
    measure,
)
from tests.benchmarks.system_under_load import (
    PROGRAMS,
    Service,
    containerized,
    in_memory_aws,
    service,
)

SECONDS = 8.0

SCENARIOS: dict[str, list[Scenario]] = {
    "capacity": [
        flat_out("reads, flat out", 0.0, SECONDS),
        flat_out("writes, flat out", 1.0, SECONDS),
        flat_out("mixed, flat out", MIXED, SECONDS),
    ],
    "rate": [at_rate("150 a second for 60 s", 150, 60)],
    "burst": [at_rate("2,000 in 5 s", 400, 5)],
    "soak": [at_rate("100 a second for 10 min", 100, 600, soak=True)],
}
SIZES_OF = {"capacity": [0.25, 0.5, 1.0], "rate": [1.0], "burst": [1.0], "soak": [1.0]}

console = Console(stderr=True)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = _parser()
    given = parser.parse_args(arguments)
    if given.image and "boto3" in (given.client or ()):
        parser.error("the image has no boto3")
    if unknown := set(given.scenarios) - set(SCENARIOS):
        parser.error(f"no scenario {', '.join(sorted(unknown))}; there are {', '.join(SCENARIOS)}")
    population = Population()
    rows: list[dict[str, object]] = []
    table = _table()
    with in_memory_aws(population, given.latency_ms) as aws_port:
        for name in given.scenarios or ["capacity", "rate", "burst"]:
            for vcpu in given.vcpu or SIZES_OF[name]:
                size = SIZES[vcpu]
                turns = product(SCENARIOS[name], range(given.rounds), given.client or ["aiohttp"])
                for scenario, _, client in turns:
                    with _service(given, client, size, aws_port) as (running, where):
                        console.print(f"{scenario.name}, {where} …", highlight=False)
                        figures = measure(scenario, running, population)
                    table.add_row(where, *_cells(figures))
                    rows.append({"where": where, "client": client, **as_document(figures)})
    out = Console(width=max(Console().width, 150))
    out.print(table)
    out.print(f"AWS: tests/in_memory_aws over HTTP; answers after {given.latency_ms:g} ms")
    if given.json:
        given.json.write_text(json.dumps(rows, indent=2) + "\n")
    return 0


@contextmanager
def _service(
    given: argparse.Namespace, client: str, size: TaskSize, aws_port: int
) -> Iterator[tuple[Service, str]]:
    """The service, and under which limits it runs."""
    with ExitStack() as stack:
        where = f"{size}, {client}"
        starting: AbstractContextManager[Service]
        if given.image:
            builder = find_builder()
            if builder is None or not builder.runs_containers:
                sys.exit("no program here runs containers")
            starting = containerized(builder, given.image, size, aws_port)
            where += ", in the image"
        else:
            try:
                limit = stack.enter_context(limited(size))
            except LimitsUnavailable as error:
                limit, where = [], f"NOT LIMITED ({error}), {client}"
            starting = service(aws_port, limit, client)
        yield stack.enter_context(starting), where


def _table() -> Table:
    table = Table(title="Load on the service (latencies in ms)", title_justify="left")
    for column in ("where", "scenario", "req/s", "failed", "429"):
        table.add_column(column)
    for column in ("all p50/p95/p99", "reads …", "writes …", "CPU ms/req", "RSS MiB"):
        table.add_column(column, justify="right")
    for column in ("generator", "loop ms", "load"):
        table.add_column(column, justify="right")
    return table


def _cells(figures: Figures) -> list[str]:
    latencies = [
        "/".join(f"{figures.milliseconds[kind][p]:.0f}" for p in ("p50", "p95", "p99"))
        if kind in figures.milliseconds
        else "–"
        for kind in ("all", "read", "write")
    ]
    grown = "" if figures.rss_growth is None else f" ({figures.rss_growth:+.1%})"
    return [
        figures.scenario,
        f"{figures.per_second:.0f}",
        str(figures.failed),
        str(figures.endings["429"]),
        *latencies,
        f"{figures.cpu_ms_per_request:.2f}",
        f"{figures.rss_mib:.0f}{grown}",
        f"{figures.generator_cpu_share:.0%}",
        f"{figures.loop_ms:.0f}",
        f"{figures.load_average:.1f}",
    ]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.load", description=__doc__)
    parser.add_argument("scenarios", nargs="*", help=f"of {', '.join(SCENARIOS)}; all but soak")
    parser.add_argument("--vcpu", type=float, action="append", choices=list(SIZES))
    parser.add_argument("--client", action="append", choices=list(PROGRAMS))
    parser.add_argument("--rounds", type=int, default=1, help="in turns, of each client")
    parser.add_argument("--latency-ms", type=float, default=5.0, help="of each call to AWS")
    parser.add_argument("--image", help="run the service in this image instead of this checkout")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    return parser


if __name__ == "__main__":
    sys.exit(main())
