"""Give a process the processor and memory of a Fargate task, by Linux control groups: no more, and
no less where other programs are at work."""

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
PERIOD = 100_000
"""Microseconds; the kernel's default, and Docker's."""
FIRST = {"cpu.shares": "262144", "cpu.weight": "10000"}
"""The most that control groups of version 1 and 2 take (sched-design-CFS and cgroup-v2 of the
kernel's documentation): on Fargate a task's share is its own."""


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
    with _made(_version_1(size) if (ROOT / "cpu").is_dir() else _version_2(size)) as folders:
        join = " ".join(f"echo $$ > {folder}/cgroup.procs;" for folder in folders)
        yield ["/bin/sh", "-c", f'{join} exec "$@"', "sh"]


@contextmanager
def before_others() -> Iterator[None]:
    """This process, and what it starts, comes before other programs: else the load, or AWS in
    memory, is what is measured on a busy machine.

    Raises:
        LimitsUnavailable
    """
    version_1 = (ROOT / "cpu").is_dir()
    parent = ROOT / "cpu" if version_1 else ROOT
    setting = "cpu.shares" if version_1 else "cpu.weight"
    own = str(os.getpid())
    with _made({parent / f"cufit-bench-{own}-load": {setting: FIRST[setting]}}) as (folder,):
        (folder / "cgroup.procs").write_text(own)
        try:
            yield
        finally:
            (parent / "cgroup.procs").write_text(own)


@contextmanager
def _made(groups: dict[Path, dict[str, str]]) -> Iterator[list[Path]]:
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
        yield made
    finally:
        for folder in made:
            with contextlib.suppress(OSError):
                folder.rmdir()


def _version_1(size: TaskSize) -> dict[Path, dict[str, str]]:
    quota = str(int(size.vcpu * PERIOD))
    return {
        ROOT / "cpu" / _name(): {
            "cpu.cfs_period_us": str(PERIOD),
            "cpu.cfs_quota_us": quota,
            "cpu.shares": FIRST["cpu.shares"],
        },
        ROOT / "memory" / _name(): {"memory.limit_in_bytes": f"{size.memory_mib}M"},
    }


def _version_2(size: TaskSize) -> dict[Path, dict[str, str]]:
    return {
        ROOT / _name(): {
            "cpu.max": f"{int(size.vcpu * PERIOD)} {PERIOD}",
            "cpu.weight": FIRST["cpu.weight"],
            "memory.max": f"{size.memory_mib}M",
        }
    }


def _name() -> str:
    return f"cufit-bench-{os.getpid()}"
