"""Replacing the local task loses no request, and a task that does not run is said at once."""

import asyncio
import signal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from cufit_ops.laptop import processes, system
from cufit_ops.laptop.platform import desired_count
from cufit_ops.laptop.platform.entry import Entry, Played
from cufit_ops.laptop.platform.task import Task
from cufit_ops.laptop.platform.task_definition import TaskDefinition
from cufit_ops.laptop.platform.task_log import TaskLog
from cufit_ops.laptop.platform.tasks import FargateService
from cufit_ops.laptop.platform.tasks_left import PLATFORM
from cufit_ops.workspace import Workspace

DEFINITION = TaskDefinition("arn", ("python",), {}, "role", "group", 1, 256, 512)


class Process:
    """Ends when it is told to."""

    def __init__(self) -> None:
        self.returncode: int | None = None
        self.told: list[int] = []

    def send_signal(self, number: int) -> None:
        self.told.append(number)
        self.returncode = 0

    async def wait(self) -> int | None:
        return self.returncode


class Service(FargateService):
    """Its tasks are healthy at once."""

    async def _start_healthy(self) -> Task:
        log = TaskLog(None, DEFINITION.log_group, self._workspace.state)
        return Task(DEFINITION, 1, cast(asyncio.subprocess.Process, Process()), log)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desired_count, "LOOK_EVERY_SECONDS", 0.001)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path, port=1, aws_port=2)


async def test_the_old_task_is_told_to_stop_once_nothing_is_under_way_to_it(
    workspace: Workspace,
) -> None:
    service = Service(workspace, lambda _: None, "cluster", "service", "token")
    await service.start()
    old = service.current
    assert old is not None
    told = cast(Process, old.process).told

    with old.serving():
        rolling = asyncio.create_task(service.replace())
        while service.current is old:
            await asyncio.sleep(0)
        await asyncio.sleep(0.1)
        assert told == []
    await rolling
    assert told == [signal.SIGTERM]
    await service.stop()


async def test_a_parked_service_runs_nothing_until_it_is_unparked(workspace: Workspace) -> None:
    counts = iter([1, 0, 0, 1])
    described = SimpleNamespace(
        describe_services=lambda **_: {"services": [{"desiredCount": next(counts, 1)}]}
    )
    service = Service(workspace, lambda _: described, "cluster", "service", "token")
    await service.start()
    first = service.current
    assert first is not None
    watching = asyncio.create_task(service.watch())
    following = asyncio.create_task(desired_count.follow(service, lambda _: described))
    while not service.parked:
        await asyncio.sleep(0.001)
    await service.replace()  # a deployment wakes nobody
    while first.is_running:
        await asyncio.sleep(0.001)
    assert service.current is None
    while service.parked:
        await asyncio.sleep(0.001)
    assert service.current not in (None, first)
    assert service.restarts == 0
    for job in (watching, following):
        job.cancel()
    await service.stop()


def test_a_new_task_that_does_not_run_is_said_with_its_reason(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Daemon:
        name = PLATFORM

        def process(self) -> "Daemon":
            return self

        def send_signal(self, _: int) -> None:
            said["failures"].append("TaskError: CUFIT_ENV: Field required")

    said: dict[str, Any] = {"task": {"pid": 1}, "failures": ["TaskError: of a roll long ago"]}
    monkeypatch.setattr(processes, "running", lambda *_: Daemon())
    monkeypatch.setattr(system, "platform", lambda _: {**said, "failures": [*said["failures"]]})

    with pytest.raises(processes.ProcessError, match="CUFIT_ENV: Field required"):
        system.roll_platform(workspace)


@pytest.mark.parametrize("old_waits", [True, False])
async def test_the_old_task_stays_until_the_entry_knows_the_new_one_where_it_waits(
    workspace: Workspace, old_waits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = Entry(seen_late=7, told_after=1, old_waits=old_waits)
    service = Service(
        workspace, lambda _: None, "cluster", "service", "token", Played(local_entry=entry)
    )
    await service.start()
    old = service.current
    slept: list[tuple[float, bool]] = []

    async def sleep(seconds: float) -> None:
        slept.append((seconds, service.current is old))

    with monkeypatch.context() as patched:
        patched.setattr("cufit_ops.laptop.platform.tasks.asyncio.sleep", sleep)
        await service.replace()

    assert ((7, True) in slept) is old_waits
    assert (1, False) in slept
    await service.stop()
