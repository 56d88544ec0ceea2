"""What one task carries, by the figures that the load benchmark wrote.

`make capacity` measures and writes ops/measured/service-load.json; nobody types it. A machine that
other programs share is now faster, now slower: every round holds the time of a fixed loop beside
its figures, by which two files can be compared, and the share of its processor that it received.
"""

import json
from datetime import date
from functools import cache
from pathlib import Path
from statistics import median
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from cufit_ops.capacity.shape import Shape
from cufit_ops.workspace import ROOT

FILE = ROOT / "ops" / "measured" / "service-load.json"
ONE_CORE = 1024
"""CPU units beyond which one process answers no more: its event loop is one thread."""
STARVED = 0.85
"""Share of its processor below which a round is not counted: other programs had it."""

Positive = Annotated[float, Field(gt=0)]


class _Row(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True
    )


class Machine(_Row):
    processor: str
    cores: int
    python: str


class Conditions(_Row):
    service: str
    writes: float
    """Share of the requests."""
    connections: int
    """That ask again as soon as they have their answer, flat out."""
    aws_latency_ms: float
    rate: float
    """Share of the flat-out rate at which latency was taken."""


class Round(_Row):
    """One start of the service at one size."""

    cpu: int
    """CPU units; 1024 are one vCPU."""
    memory: int
    """MiB."""
    loop_ms: Positive
    """Processor time of three million empty turns, around the round: how fast the machine was."""
    requests_per_second: Positive
    """Flat out."""
    cpu_ms_per_request: Positive
    at_requests_per_second: Positive
    p50_ms: Positive
    p95_ms: Positive
    failed: int
    """Requests that were neither answered well nor refused with 429, flat out and at the rate."""
    first_answer_seconds: Positive
    """From the process's beginning to the first 200."""
    memory_at_rest_mib: Positive
    memory_under_load_mib: Positive

    @property
    def received(self) -> float:
        """Share of the processor it may use that it got, flat out. Near 1, unless other programs
        were at work: then the round says what the machine had left, not what the size gives."""
        return self.requests_per_second * self.cpu_ms_per_request / (1000 * self.cpu / ONE_CORE)


class ServiceLoad(_Row):
    version: Literal[1] = 1
    measured: date
    machine: Machine
    conditions: Conditions
    rounds: tuple[Round, ...]

    @property
    def loop_ms(self) -> float:
        """How fast the machine was: the median of all rounds."""
        return median(one.loop_ms for one in self.rounds)

    @property
    def sizes(self) -> list[int]:
        """CPU units that were measured, smallest first."""
        return sorted({one.cpu for one in self.rounds})

    def task(self, cpu: int) -> "Task":
        """One task of `cpu` units, any memory: a task uses a fifth of the smallest.

        Raises:
            ValueError: fewer units than anybody measured.
        """
        nearest = max((units for units in self.sizes if units <= cpu), default=None)
        if nearest is None:
            raise ValueError(f"{cpu} CPU units: measured are {self.sizes}")
        measured = [one for one in self.rounds if one.cpu == nearest]
        rounds = [one for one in measured if one.received >= STARVED] or measured

        def typical(figure: str) -> float:
            return float(median(getattr(one, figure) for one in rounds))

        return Task(
            cpu=cpu,
            measured=nearest == cpu,
            rounds=len(rounds),
            requests_per_second=typical("requests_per_second"),
            cpu_ms_per_request=typical("cpu_ms_per_request"),
            at_requests_per_second=typical("at_requests_per_second"),
            p50_ms=typical("p50_ms"),
            p95_ms=typical("p95_ms"),
            first_answer_seconds=typical("first_answer_seconds"),
            memory_at_rest_mib=typical("memory_at_rest_mib"),
            memory_under_load_mib=max(one.memory_under_load_mib for one in rounds),
        )


class Task(_Row):
    """Medians; of memory under load the most that was seen."""

    cpu: int
    measured: bool
    """Or modelled: above one vCPU a task is told as one of one vCPU, because its one process uses
    one core."""
    rounds: int
    requests_per_second: float
    cpu_ms_per_request: float
    at_requests_per_second: float
    p50_ms: float
    p95_ms: float
    first_answer_seconds: float
    memory_at_rest_mib: float
    memory_under_load_mib: float


def read(file: Path = FILE) -> ServiceLoad:
    return ServiceLoad.model_validate(json.loads(file.read_text(encoding="utf-8")))


@cache
def service_load() -> ServiceLoad:
    return read()


def requests_per_second(shape: Shape, load: ServiceLoad) -> float | None:
    """Of all its tasks together, flat out: modelled as that many times one. None: size unknown."""
    if shape.cpu is None or shape.cpu < load.sizes[0]:
        return None
    return shape.most_tasks * load.task(shape.cpu).requests_per_second


def rounded(rate: float) -> str:
    """To two digits: more the figures do not give."""
    return f"{float(f'{rate:.2g}'):,.0f}"
