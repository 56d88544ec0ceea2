"""The service as a process of its own, with AWS in memory and an issuer behind it."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

import psutil

from cufit_contracts.environment import variable
from cufit_image.builder import Builder
from cufit_image.container import running
from stacks.tables import TABLES
from tests.benchmarks.limits import TaskSize
from tests.benchmarks.population import Population
from tests.in_memory_aws.cloud import MATCH_REQUESTS, PROFILE_CHANGES
from tests.in_memory_aws.server import JWKS_PATH
from tests.unit.service.signing import AUDIENCE, ISSUER

START_SECONDS = 60.0
MEBIBYTE = 2**20

PROGRAMS = {"aiohttp": "cufit_service", "boto3": "tests.benchmarks.boto3_clients"}
"""The service with its own client of AWS, and with what a team would write by default."""


class DidNotStart(Exception):
    """The service ended or did not answer; the message holds what it wrote."""


@dataclass(frozen=True)
class Service:
    port: int
    process: psutil.Process
    start_seconds: float
    """From before the process began to the first 200 on /health."""

    @property
    def rss_mib(self) -> float:
        return float(self.process.memory_info().rss) / MEBIBYTE

    @property
    def cpu_seconds(self) -> float:
        times = self.process.cpu_times()
        return float(times.user + times.system)


@contextmanager
def in_memory_aws(population: Population, latency_ms: float) -> Iterator[int]:
    """The port it listens on."""
    port = free_port()
    command = [sys.executable, "-m", "tests.in_memory_aws.server", str(port), str(latency_ms)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(population.seed() + "\n")
        process.stdin.flush()
        process.stdout.readline()
        try:
            yield port
        finally:
            process.stdin.close()


@contextmanager
def service(
    aws_port: int,
    limit: Sequence[str] = (),
    client: str = "aiohttp",
    log: int | IO[str] = subprocess.DEVNULL,
    **settings: str,
) -> Iterator[Service]:
    """The service, begun by the words of `limit`, writing to `log`; `settings` replace its own.

    Raises:
        DidNotStart
    """
    port = free_port()
    settings = {"port": str(port), **settings}
    environ = {**environment(aws_port), **{variable(name): settings[name] for name in settings}}
    began = time.monotonic()
    process = subprocess.Popen(
        [*limit, sys.executable, "-m", PROGRAMS[client]],
        env={"PATH": os.environ["PATH"], **environ},
        stdout=log,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield Service(port, psutil.Process(process.pid), _first_answer(process, port, began))
    finally:
        process.terminate()
        process.communicate()


@contextmanager
def containerized(builder: Builder, image: str, size: TaskSize, aws_port: int) -> Iterator[Service]:
    """The service as the image runs it. Raises cufit_image.builder.BuilderError."""
    environ = environment(aws_port)
    memory = f"{size.memory_mib}m"
    with running(builder, image, cpus=size.vcpu, memory=memory, **environ) as container:
        process = psutil.Process(container.process_id)
        yield Service(container.port, process, container.first_answer_seconds)


def environment(aws_port: int) -> Mapping[str, str]:
    """What a task definition would set, for a service of the local environment."""
    aws = f"http://127.0.0.1:{aws_port}"
    settings = {
        "env": "local",
        "host": "127.0.0.1",
        **{f"{table}_table": table for table in TABLES},
        "photo_bucket": "photos",
        "match_requests_queue_url": f"{aws}/123456789012/{MATCH_REQUESTS}",
        "profile_changes_queue_url": f"{aws}/123456789012/{PROFILE_CHANGES}",
        "oidc_issuer": ISSUER,
        "oidc_audiences": json.dumps([AUDIENCE]),
        "oidc_jwks_uri": aws + JWKS_PATH.decode(),
        "admin_subjects": "[]",
        "lame_duck_seconds": "0",
    }
    return {
        **{variable(field): value for field, value in settings.items()},
        "AWS_REGION": "ap-northeast-2",
        "AWS_ENDPOINT_URL": aws,
        "AWS_ACCESS_KEY_ID": "benchmark",
        "AWS_SECRET_ACCESS_KEY": "benchmark",
        "MALLOC_ARENA_MAX": "2",
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _first_answer(process: "subprocess.Popen[str]", port: int, began: float) -> float:
    while time.monotonic() - began < START_SECONDS:
        if process.poll() is not None:
            raise DidNotStart(f"exit code {process.returncode}: {process.communicate()[1]}")
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as connection:
                connection.sendall(b"GET /health HTTP/1.1\r\nHost: cufit\r\n\r\n")
                if connection.recv(64).startswith(b"HTTP/1.1 200"):
                    return time.monotonic() - began
        except OSError:
            time.sleep(0.01)
    raise DidNotStart(f"no answer within {START_SECONDS:.0f} s")
