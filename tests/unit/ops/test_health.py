"""`cufit status` is ready only if everything is, and says what is dead; nothing outlives a kill."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from typer.testing import CliRunner

from cufit_ops.cli import app, laptop
from cufit_ops.laptop import embedded_aws, health, processes, system
from cufit_ops.laptop.platform import tasks_left
from cufit_ops.laptop.platform.tasks_left import PLATFORM
from cufit_ops.workspace import ROOT, Workspace

SLEEPS = [sys.executable, "-c", "import time; time.sleep(60)"]
PLATFORM_WITH_A_TASK = f"""
import asyncio, os, sys
from cufit_ops.laptop import processes
from cufit_ops.laptop.platform import tasks_left
from cufit_ops.workspace import Workspace

async def main():
    task = await asyncio.create_subprocess_exec(*{SLEEPS!r})
    processes.note(Workspace.from_environment(), tasks_left.name_of(task.pid), task.pid)
    await tasks_left.watch()
    print(task.pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path / "state", port=processes.free_port(), aws_port=processes.free_port())
    made.make_folders()
    return made


class Parts:
    """What answers; everything does until a test says otherwise."""

    def __init__(self) -> None:
        self.aws = self.ready = True
        self.not_saved: str | None = None
        self.platform: dict[str, object] = {"task": {"pid": 7}}


@pytest.fixture
def parts(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Parts:
    made = Parts()
    for name in (embedded_aws.NAME, PLATFORM):
        processes.note(workspace, name, os.getpid())
    monkeypatch.setattr(embedded_aws, "is_healthy", lambda _: made.aws)
    monkeypatch.setattr(embedded_aws, "not_saved", lambda _: made.not_saved)
    monkeypatch.setattr(system, "platform", lambda _: made.platform)
    monkeypatch.setattr(system, "is_ready", lambda _: made.ready)
    monkeypatch.setattr(health, "_stacks", lambda _: {})
    monkeypatch.setattr(health, "queues", lambda _: {})
    monkeypatch.setattr(laptop, "_workspace", lambda: workspace)
    return made


def _dead_aws(workspace: Workspace, parts: Parts) -> None:
    processes.record(workspace, embedded_aws.NAME).unlink()
    parts.aws = False


def _mute_aws(_: Workspace, parts: Parts) -> None:
    parts.aws = False


def _full_disk(_: Workspace, parts: Parts) -> None:
    parts.not_saved = "dynamodb: No space left on device"


def _dead_door(workspace: Workspace, parts: Parts) -> None:
    processes.record(workspace, PLATFORM).unlink()
    parts.platform, parts.ready = {}, False


def _mute_door(_: Workspace, parts: Parts) -> None:
    parts.platform, parts.ready = {}, False


def _no_task(_: Workspace, parts: Parts) -> None:
    parts.platform, parts.ready = {"task": None}, False


def _mute_task(_: Workspace, parts: Parts) -> None:
    parts.ready = False


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (_dead_aws, "the embedded AWS does not run"),
        (_full_disk, "the embedded AWS cannot save: dynamodb: No space left on device"),
        (_mute_aws, "the embedded AWS (process PID) does not answer"),
        (_dead_door, "the front door does not run"),
        (_mute_door, "the front door (process PID) does not answer"),
        (_no_task, "the service does not run"),
        (_mute_task, "the service (process 7) is not ready"),
    ],
)
def test_what_is_dead_is_said(
    workspace: Workspace, parts: Parts, happens: Callable[[Workspace, Parts], None], said: str
) -> None:
    assert CliRunner().invoke(app, ["status"]).exit_code == 0
    happens(workspace, parts)
    plain, as_json = (CliRunner().invoke(app, ["status", *more]) for more in ([], ["--json"]))
    assert plain.exit_code == as_json.exit_code == 1
    assert "not ready" in plain.output
    assert said.replace("PID", str(os.getpid())) in " ".join(plain.output.split())
    document = json.loads(as_json.output)
    assert not document["ready"]
    assert len(document["faults"]) == 1


@pytest.fixture
def killed(workspace: Workspace) -> Iterator[tuple[subprocess.Popen[str], psutil.Process]]:
    """A platform about to be killed, and its task."""
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT / "ops"),
        "CUFIT_LOCAL_STATE": str(workspace.state),
    }
    platform = subprocess.Popen(
        [sys.executable, "-c", PLATFORM_WITH_A_TASK], env=env, stdout=subprocess.PIPE, text=True
    )
    assert platform.stdout is not None
    task = psutil.Process(int(platform.stdout.readline()))
    yield platform, task
    platform.stdout.close()
    for process in (platform, task):
        if psutil.pid_exists(process.pid):
            process.kill()
    platform.wait()


def test_a_killed_platform_leaves_no_task(
    killed: tuple[subprocess.Popen[str], psutil.Process],
) -> None:
    platform, task = killed
    time.sleep(0.3)
    assert not processes.has_ended(task)
    platform.kill()
    _ended(task)


def test_when_its_watcher_is_killed_too_the_next_command_ends_the_task(
    workspace: Workspace, killed: tuple[subprocess.Popen[str], psutil.Process]
) -> None:
    platform, task = killed
    (watcher,) = [p for p in psutil.Process(platform.pid).children() if p.pid != task.pid]
    watcher.send_signal(signal.SIGKILL)
    platform.kill()
    platform.wait()
    assert [found.pid for found in tasks_left.left_tasks(workspace)] == [task.pid]
    faults = health.status(workspace)["faults"]
    assert any(f"process {task.pid}) has outlived it" in fault for fault in faults)
    assert tasks_left.end_left_tasks(workspace)
    _ended(task)
    assert tasks_left.left_tasks(workspace) == []


def test_the_task_of_another_platform_is_left_alone(workspace: Workspace) -> None:
    task = subprocess.Popen(SLEEPS)
    try:
        processes.note(workspace, tasks_left.name_of(task.pid, platform=1), task.pid)
        assert tasks_left.end_left_tasks(workspace, platform=2) == []
        assert task.poll() is None
    finally:
        task.kill()
        task.wait()


def _ended(process: psutil.Process) -> None:
    deadline = time.monotonic() + 10
    while not processes.has_ended(process):
        assert time.monotonic() < deadline, "it has outlived its platform"
        time.sleep(0.05)
