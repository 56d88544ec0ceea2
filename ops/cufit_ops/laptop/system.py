"""The local system as a whole: bring it up, say how it is, take it down, forget it."""

import os
import shutil
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from filelock import FileLock, Timeout

from cufit_contracts.environment import variable
from cufit_ops.laptop import deployment, embedded_aws, processes, sources
from cufit_ops.laptop.environment import answers, base_environment, client, loopback
from cufit_ops.laptop.platform.entry import Played, played
from cufit_ops.laptop.platform.task_definition import deployed_arn
from cufit_ops.laptop.platform.tasks_left import PLATFORM, end_left_tasks
from cufit_ops.step_progress import Progress
from cufit_ops.workspace import AWS_PORT_VARIABLE, PORT_VARIABLE, STATE_VARIABLE, Workspace


class SystemBusyError(Exception):
    """Another command is changing the local system."""


@dataclass(frozen=True)
class Brought:
    """What `up` did: what was there already stays as it was."""

    aws_started: bool
    deployed: bool
    platform_started: bool


@contextmanager
def exclusive(workspace: Workspace) -> Iterator[None]:
    """One command at a time changes the local system.

    Raises:
        SystemBusyError: another one holds the lock; names its process.
    """
    holder = workspace.state / "lock.pid"
    try:
        with FileLock(workspace.state / "lock", timeout=0):
            holder.write_text(str(os.getpid()))
            yield
    except Timeout as error:
        pid = holder.read_text() if holder.exists() else "?"
        raise SystemBusyError(
            f"another cufit command (process {pid}) is changing this system; wait for it, or use "
            f"a second one beside it: {STATE_VARIABLE}=/tmp/cufit-2 "
            f"{PORT_VARIABLE}={workspace.port + 10} {AWS_PORT_VARIABLE}={workspace.aws_port + 10}"
        ) from error


def bring_up(workspace: Workspace, progress: Progress) -> Brought:
    """Start the embedded AWS, deploy what changed, start the service behind the front door.

    What was deployed is recorded once it runs, so that after a failure the next call tries again.

    Raises:
        ProcessError: a port is taken or a process does not start.
        CdkError: the deployment failed.
        BrokenFunctionsError: it has functions that cannot be imported.
    """
    stop_what_is_older_than_its_sources(workspace, progress)
    platform_runs = processes.running(workspace, PLATFORM) is not None
    if not platform_runs:
        processes.check_port(workspace.port, PORT_VARIABLE, "front door")
    with progress.step("embedded AWS"):
        aws_started = embedded_aws.start(workspace)
    digest = deployment.inputs_digest(workspace)
    is_current = deployment.is_current(workspace, digest)
    changed: set[str] = set()
    if not is_current:
        with progress.step("deployment by the CDK CLI") as say:
            changed = deployment.deploy(workspace, say)
    if deployment.unpark(workspace) and platform_runs:
        processes.stop(workspace, PLATFORM)  # a fresh one begins with a task
        platform_runs = False
    if platform_runs and aws_started:
        processes.stop(workspace, PLATFORM)  # it holds ids of an AWS that is gone
        platform_runs = False
    with ThreadPoolExecutor() as pool:
        imports = None if is_current else pool.submit(deployment.import_functions, workspace)
        if not platform_runs:
            with progress.step("service and front door"):
                start_platform(workspace)
        elif not is_current and ("Service" in changed or runs_another_task(workspace)):
            with progress.step("rolling the service"):
                roll_platform(workspace)
        if imports:
            with progress.step("import of the functions"):
                imports.result()
            deployment.record(workspace, digest)
    return Brought(aws_started, bool(changed), not platform_runs)


def stop_what_is_older_than_its_sources(workspace: Workspace, progress: Progress) -> None:
    current = {PLATFORM: sources.of_platform(), embedded_aws.NAME: sources.of_embedded_aws()}
    for name, digest in current.items():
        daemon = processes.running(workspace, name)
        if daemon is not None and daemon.sources != digest:
            with progress.step(f"stopping {name}: its sources were edited"):
                processes.stop(workspace, name)


def start_platform(workspace: Workspace) -> None:
    end_left_tasks(workspace)
    played()  # what is wrong with them is told here, not in a log
    variables = [variable(field) for field in Played.model_fields]
    env = {
        **base_environment(),
        STATE_VARIABLE: str(workspace.state),
        PORT_VARIABLE: str(workspace.port),
        AWS_PORT_VARIABLE: str(workspace.aws_port),
        **{name: os.environ[name] for name in variables if name in os.environ},
    }
    command = [env["PATH"].partition(":")[0] + "/python", "-m", "cufit_ops.laptop.platform"]
    daemon = processes.start(workspace, PLATFORM, command, env, sources.of_platform())
    processes.wait_until(lambda: is_ready(workspace), daemon, workspace, seconds=60)


def roll_platform(workspace: Workspace) -> None:
    """Replace the task by one of the last deployment.

    Raises:
        ProcessError: the new task does not run; the one before goes on.
    """
    daemon = processes.running(workspace, PLATFORM)
    process = daemon.process() if daemon else None
    if daemon is None or process is None:
        return
    before: dict[str, Any] = {}

    def answers() -> bool:
        before.update(platform(workspace))
        return bool(before)

    def rolled() -> bool:
        now = platform(workspace)
        if failures := now.get("failures", [])[len(before.get("failures", [])) :]:
            raise processes.ProcessError(
                f"the new task does not run, the one before goes on: {failures[0]}"
            )
        return now.get("task") not in (None, before["task"])

    processes.wait_until(answers, daemon, workspace, 60)
    process.send_signal(signal.SIGHUP)
    processes.wait_until(rolled, daemon, workspace, 60)


def runs_another_task(workspace: Workspace) -> bool:
    """Whether the service is not the one that was deployed last: it did not start then."""
    outputs = deployment.stack_outputs(workspace)
    deployed = deployed_arn(
        client("ecs", workspace), outputs["ClusterName"], outputs["ServiceName"]
    )
    running = task(workspace)
    return running is None or running["definition"] != deployed


def is_ready(workspace: Workspace) -> bool:
    return answers(f"{workspace.url}/ready")


def task(workspace: Workspace) -> dict[str, Any] | None:
    """The running task as the platform reports it, or None."""
    found: dict[str, Any] | None = platform(workspace).get("task")
    return found


def platform(workspace: Workspace) -> dict[str, Any]:
    """What the platform says of itself; empty when it does not answer."""
    try:
        said: dict[str, Any] = loopback().get(f"{workspace.url}/_local/status").json()
    except (httpx.HTTPError, ValueError):
        return {}
    return said


def take_down(workspace: Workspace, progress: Progress) -> list[str]:
    """Stop every process of the local system; the state stays. Names of what was stopped."""
    stopped = []
    for name in (PLATFORM, embedded_aws.NAME):
        if processes.running(workspace, name):
            with progress.step(f"stopping {name}"):
                processes.stop(workspace, name)
            stopped.append(name)
        else:
            processes.stop(workspace, name)
    return [*stopped, *end_left_tasks(workspace)]


def forget(workspace: Workspace) -> None:
    """Remove the state of a system that is down; the held lock stays."""
    for path in workspace.state.iterdir():
        if path.name in ("lock", "lock.pid", ".gitignore"):
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
