"""What requests with known keys notice of an issuer that hangs: nothing, it should be.

    .venv/bin/python -m tests.benchmarks.hanging_issuer

The service runs as a process of its own, in which keys are old after a second and may be read again
after another. Members ask at a steady rate, and somebody sends tokens with keys that nobody knows,
first while the issuer answers, then while it takes connections and says nothing.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count

from rich.console import Console

from cufit_contracts.environment import variable
from tests.benchmarks.http_load import Generator
from tests.benchmarks.population import Population, Request
from tests.benchmarks.system_under_load import environment, free_port, in_memory_aws
from tests.unit.service.signing import jwks, token

SERVICE = """
from cufit_service import lifetimes
from cufit_service.adapters.tokens import oidc_tokens
oidc_tokens.KEYS_LIVE_SECONDS = oidc_tokens.COOL_DOWN_SECONDS = 1.0
lifetimes.LOOK_AT_KEYS_EVERY_SECONDS = 1.0
from cufit_service.__main__ import main
raise SystemExit(main())
"""
MAKERS = 50
FORGED_A_SECOND = 5.0
START_SECONDS = 20.0


@dataclass
class Issuer:
    """Answers with its keys, or hangs."""

    hangs: bool = False
    asked: Counter[bool] = field(default_factory=Counter)
    """How often, by whether it hung."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.asked[self.hangs] += 1
        if self.hangs:
            with suppress(asyncio.CancelledError):
                await reader.read()  # until the other side gives up
        else:
            body = json.dumps(jwks()).encode()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
            await writer.drain()
        writer.close()


@dataclass
class Figures:
    known: list[float] = field(default_factory=list)
    """Seconds of each request with a known key."""
    forged: list[float] = field(default_factory=list)
    endings: Counter[str] = field(default_factory=Counter)


def main(arguments: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    with in_memory_aws(Population(MAKERS), 5.0) as aws:
        figures, issuer = asyncio.run(_measured(aws, given.seconds, given.turns, given.rate))
    console = Console(soft_wrap=True, highlight=False)
    p99 = {}
    for hangs, found in figures.items():
        p50, p95, p99[hangs] = _percentiles(found.known)
        console.print(
            f"issuer {'hangs  ' if hangs else 'answers'}: {len(found.known)} requests, p50 / p95 /"
            f" p99 {p50:.1f} / {p95:.1f} / {p99[hangs]:.1f} ms, longest {max(found.known):.3f} s,"
            f" {dict(found.endings)}; asked {issuer.asked[hangs]} times; forged key ids waited"
            f" {statistics.mean(found.forged):.3f} s, {max(found.forged):.3f} s at most"
        )
    console.print(
        f"p99 with a hanging issuer / with one that answers: {p99[True] / p99[False]:.2f}"
    )
    return 0


async def _measured(
    aws: int, seconds: float, turns: int, rate: float
) -> tuple[dict[bool, Figures], Issuer]:
    issuer = Issuer()
    server = await asyncio.start_server(issuer.serve, "127.0.0.1", 0)
    figures = {False: Figures(), True: Figures()}
    with _service(aws, server.sockets[0].getsockname()[1]) as port:
        await _starts(port)
        await Generator(port, Population(MAKERS).requests(0)).at_rate(rate, 3)
        issuer.asked.clear()
        for _ in range(turns):
            for hangs, found in figures.items():
                issuer.hangs = hangs
                await _turn(port, found, seconds / turns, rate)
    server.close()
    return figures, issuer


async def _turn(port: int, found: Figures, seconds: float, rate: float) -> None:
    known = Generator(port, Population(MAKERS).requests(0))
    forged = Generator(port, _forged())
    await asyncio.gather(known.at_rate(rate, seconds), forged.at_rate(FORGED_A_SECOND, seconds))
    found.known += known.outcome.all_latencies
    found.forged += forged.outcome.all_latencies
    found.endings += known.outcome.endings


def _forged() -> Iterator[Request]:
    for number in count():
        bearer = token("maker-1", key="stranger", kid=f"forged-{number}")
        head = f"GET /v1/members/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {bearer}\r\n\r\n"
        yield Request("read", head.encode())


@contextmanager
def _service(aws: int, issuer: int) -> Iterator[int]:
    """The port it will listen on."""
    port = free_port()
    environ = {
        **environment(aws),
        variable("port"): str(port),
        variable("oidc_jwks_uri"): f"http://127.0.0.1:{issuer}/keys",
        "PATH": os.environ["PATH"],
    }
    command = [sys.executable, "-c", SERVICE]
    with subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL) as process:
        try:
            yield port
        finally:
            process.terminate()


async def _starts(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return


def _percentiles(seconds: list[float]) -> tuple[float, float, float]:
    """p50, p95 and p99 in milliseconds."""
    hundredths = [1000 * value for value in statistics.quantiles(seconds, n=100)]
    return hundredths[49], hundredths[94], hundredths[98]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.hanging_issuer", description=__doc__
    )
    parser.add_argument("--seconds", type=float, default=60.0, help="that the issuer hangs")
    parser.add_argument("--turns", type=int, default=1, help="in which it does so")
    parser.add_argument("--rate", type=float, default=40.0, help="requests a second")
    return parser


if __name__ == "__main__":
    sys.exit(main())
