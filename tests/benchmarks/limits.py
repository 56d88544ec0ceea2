"""Hold a process to the processor and memory of a Fargate task, by Linux control groups."""

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
PERIOD = 100_000
"""Microseconds; the kernel's default, and Docker's."""


@dataclass(frozen=True, slots=True)
class TaskSize:
    """A legal Fargate pair (AWS::ECS::TaskDefinition documentation)."""

    vcpu: float
    memory_mib: int

    def __str__(self) -> str:
        return f"{self.vcpu:g} vCPU/{self.memory_mib} MiB"


SIZES = {size.vcpu: size for size in (TaskSize(0.25, 512), TaskSize(0.5, 1024), TaskSize(1, 2048))}


class LimitsUnavailable(Exception):
    """Control groups cannot be made here; the message says why."""


@contextmanager
def limited(size: TaskSize) -> Iterator[list[str]]:
    """A command's beginning that puts what follows it under `size`.

    Raises:
        LimitsUnavailable: not Linux, or control groups belong to somebody else.
    """
    name = f"cufit-bench-{os.getpid()}"
    groups = _version_1(name, size) if (ROOT / "cpu").is_dir() else _version_2(name, size)
    made: list[Path] = []
    try:
        try:
            for folder, settings in groups.items():
                folder.mkdir()
                made.append(folder)
                for setting, value in settings.items():
                    (folder / setting).write_text(value)
        except OSError as error:
            raise LimitsUnavailable(f"{error.filename}: {error.strerror}") from error
        join = " ".join(f"echo $$ > {folder}/cgroup.procs;" for folder in made)
        yield ["/bin/sh", "-c", f'{join} exec "$@"', "sh"]
    finally:
        for folder in made:
            with contextlib.suppress(OSError):
                folder.rmdir()


def _version_1(name: str, size: TaskSize) -> dict[Path, dict[str, str]]:
    quota = str(int(size.vcpu * PERIOD))
    return {
        ROOT / "cpu" / name: {"cpu.cfs_period_us": str(PERIOD), "cpu.cfs_quota_us": quota},
        ROOT / "memory" / name: {"memory.limit_in_bytes": f"{size.memory_mib}M"},
    }


def _version_2(name: str, size: TaskSize) -> dict[Path, dict[str, str]]:
    limits = {"cpu.max": f"{int(size.vcpu * PERIOD)} {PERIOD}", "memory.max": f"{size.memory_mib}M"}
    return {ROOT / name: limits}
