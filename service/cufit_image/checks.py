"""What the image must be able to do, measured on the running image."""

import re
import statistics
import subprocess
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cufit_image.builder import Builder
from cufit_image.container import running
from cufit_service import health_check

ROUNDS: Final = 3
"""Starts per size; the median counts."""

IDLE_SECONDS: Final = 4.0
"""The service has warmed up by then, also at a quarter of a vCPU."""

LOADED_LATER: Final = ("aiohttp", "botocore", "cryptography", "jwt")
"""By the warm-up: that the service answers does not show that the image has what they need."""

SMALLEST: Final = (0.25, "512m")
LARGE: Final = (1.0, "2g")
"""Fargate's smallest task, and one whole vCPU."""

MEGABYTE: Final = 1_000_000

_CODE_OBJECT: Final = re.compile(r"^# code object from '?([^'\n]+\.pyc?)'?$", re.MULTILINE)
"""How `python -v` says where a module's code came from."""


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    measured: float
    limit: float
    unit: str = ""
    at_least: bool = False
    """Whether `limit` is the least instead of the most."""

    @property
    def passed(self) -> bool:
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit


def check(builder: Builder, image: str) -> Iterator[Check]:
    """One after the other, as they are measured. Raises BuilderError."""
    yield Check("compressed size", compressed_size(builder, image) / MEGABYTE, 36, "MB")
    yield from _starts(builder, image, SMALLEST, limit=2.8)
    yield from _starts(builder, image, LARGE, limit=0.75)
    yield from _inside(builder, image)
    yield from _imports(builder, image)


def compressed_size(builder: Builder, image: str) -> int:
    """Bytes of the image as gzip -6 makes them, which is what registries hold."""
    packer = zlib.compressobj(level=6, wbits=31)
    size = 0
    with subprocess.Popen(
        [builder.program, "save", image], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as saving:
        assert saving.stdout is not None  # noqa: S101 - for the type checker: it is a pipe
        while chunk := saving.stdout.read(MEGABYTE):
            size += len(packer.compress(chunk))
    return size + len(packer.flush())


def _starts(builder: Builder, image: str, task: tuple[float, str], limit: float) -> Iterator[Check]:
    cpus, memory = task
    seconds = []
    for _ in range(ROUNDS):
        with running(builder, image, cpus=cpus, memory=memory) as container:
            seconds.append(container.first_answer_seconds)
    yield Check(f"first 200 at {cpus:g} vCPU", statistics.median(seconds), limit, "s")


def _inside(builder: Builder, image: str) -> Iterator[Check]:
    cpus, memory = SMALLEST
    with running(builder, image, cpus=cpus, memory=memory) as container:
        time.sleep(IDLE_SECONDS)
        seen = container.look_inside()
        checking = container.health_check_seconds() / health_check.INTERVAL_SECONDS
        code, seconds = container.stop()
    yield Check("resident memory, idle", seen.rss_kib * 1024 / MEGABYTE, 95, "MB")
    yield Check("health check, of the processor", checking / cpus * 100, 1, "%")
    yield Check("read-only root file system", seen.read_only, 1, at_least=True)
    yield Check("user id", seen.user, 1, at_least=True)
    yield Check("shells and installers", len(seen.shells) + len(seen.installers), 0)
    yield Check("exit code after SIGTERM", code, 0)
    yield Check("exit after SIGTERM", seconds, 5, "s")


def _imports(builder: Builder, image: str) -> Iterator[Check]:
    cpus, memory = LARGE
    with running(builder, image, cpus=cpus, memory=memory, PYTHONVERBOSE="1") as container:
        time.sleep(IDLE_SECONDS)
        sources = _CODE_OBJECT.findall(container.log())
    compiled = [source for source in sources if source.endswith(".pyc")]
    yield Check("modules imported compiled", len(compiled), 100, at_least=True)
    yield Check("modules compiled at the start", len(sources) - len(compiled), 0)
    loaded = [name for name in LOADED_LATER if any(f"/{name}/" in source for source in sources)]
    yield Check("libraries of the first request", len(loaded), len(LOADED_LATER), at_least=True)
