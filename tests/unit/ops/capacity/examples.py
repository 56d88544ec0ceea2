"""A service and figures of it, small enough to reckon with by hand."""

from datetime import date

from cufit_ops.capacity.measured import Conditions, Machine, Round, ServiceLoad
from cufit_ops.capacity.shape import HealthCheck, Shape

SHAPE = Shape(
    address=("Service", "Service"),
    cpu=256,
    memory=512,
    architecture="ARM64",
    tasks=1,
    hours=(),
    spot=False,
    min_percent=100,
    max_percent=200,
    rolls_back=True,
    stop_timeout=105,
    health=HealthCheck(interval=8, retries=3, start_period=20),
    entry="cloudmap",
    balancer=None,
)


def round_of(cpu: int, per_second: float, *, cpu_ms: float | None = None, **others: float) -> Round:
    """All of its processor received, unless `cpu_ms` says otherwise."""
    figures = {
        "loop_ms": 40.0,
        "at_requests_per_second": 0.6 * per_second,
        "p50_ms": 20.0,
        "p95_ms": 60.0,
        "first_answer_seconds": 400 / cpu,
        "memory_at_rest_mib": 85.0,
        "memory_under_load_mib": 88.0,
    }
    return Round(
        cpu=cpu,
        memory=2 * cpu,
        requests_per_second=per_second,
        cpu_ms_per_request=cpu_ms or 1000 * cpu / 1024 / per_second,
        failed=0,
        **{**figures, **others},
    )


def load_of(*rounds: Round) -> ServiceLoad:
    return ServiceLoad(
        measured=date(2026, 11, 28),
        machine=Machine(processor="a processor", cores=2, python="3.11"),
        conditions=Conditions(
            service="the service", writes=0.2, connections=16, aws_latency_ms=5, rate=0.6
        ),
        rounds=rounds,
    )


LOAD = load_of(round_of(256, 100), round_of(512, 200), round_of(1024, 400))
