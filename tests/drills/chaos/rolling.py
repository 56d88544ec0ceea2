"""Rolling restarts under load through the front door: no request may fail."""

import asyncio
import itertools
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cufit_ops.demo.people import MAKERS, people
from tests.benchmarks.http_load import Generator, Outcome
from tests.benchmarks.population import Kind, Request
from tests.drills.chaos.laptop import Laptop

CALIBRATION_SECONDS = 5.0
SHARE_OF_CAPACITY = 0.33
"""Of what the machine can answer: the rest is for starting tasks. With half of it the restarts,
which come as often as the requests allow, took the processor from the answers."""

ONE_WRITE_IN = 20
"""Requests; writes of one member are limited to ten a second."""


@dataclass(frozen=True)
class Rolled:
    restarts: int
    outcome: Outcome
    per_second: float

    @property
    def failed(self) -> int:
        """Everything but 2xx."""
        return sum(n for ending, n in self.outcome.endings.items() if ending[0] != "2")


async def roll(
    laptop: Laptop, restarts: int, requests: int, per_second: float | None = None
) -> Rolled:
    """So many restarts, evenly spread over so many requests; without a rate, a third of what the
    machine answers.

    Without pauses, starting tasks would take the processor the answers need.
    """
    mixed = _requests(laptop)
    port = laptop.workspace.port
    warm = await Generator(port, mixed).flat_out(connections=4, seconds=CALIBRATION_SECONDS)
    rate = per_second or SHARE_OF_CAPACITY * warm.requests / warm.seconds
    done = 0
    load = _Steady(port, mixed)
    sending = asyncio.create_task(
        load.until(rate, lambda: done >= restarts and load.outcome.requests >= requests)
    )
    while done < restarts and not sending.done():
        if load.outcome.requests < done * requests // restarts:
            await asyncio.sleep(0.05)
            continue
        await asyncio.to_thread(laptop.roll)
        done += 1
    return Rolled(done, await sending, rate)


class _Steady(Generator):
    async def until(self, per_second: float, enough: Callable[[], bool]) -> Outcome:
        """Send at a rate until it is enough; wait for every answer."""
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for number in itertools.count():
                if enough():
                    break
                due = began + number / per_second
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                group.create_task(self._send(next(self._requests), due))
        return self._finish(began)


def _requests(laptop: Laptop) -> Iterator[Request]:
    """Reads of everybody in turn; now and then a maker invites somebody."""
    names = [*MAKERS, *(person.name for person in people())]
    reads = itertools.cycle(_request("read", "GET", "/v1/members/me", laptop.token(name))
                            for name in names)  # fmt: skip
    tokens = itertools.cycle([laptop.token(maker) for maker in MAKERS])
    body = json.dumps({"kind": "CANDIDATE", "relation": "FRIEND"}).encode()
    for number in itertools.count():
        if number % ONE_WRITE_IN:
            yield next(reads)
        else:
            key = f"roll-{number}-{time.monotonic_ns()}"
            yield _request("write", "POST", "/v1/invitations", next(tokens), body, key)


def _request(
    kind: Kind, method: str, path: str, token: str, body: bytes = b"", key: str = "-"
) -> Request:
    lines = (
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {token}",
        f"Idempotency-Key: {key}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "",
        "",
    )
    return Request(kind, "\r\n".join(lines).encode() + body)
