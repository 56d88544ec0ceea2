"""A whole local system for one drill, with state and ports of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console

from cufit_ops.laptop import health, processes, system
from cufit_ops.laptop.deployment import stack_outputs
from cufit_ops.laptop.embedded_aws import NAME as EMBEDDED_AWS
from cufit_ops.laptop.environment import client, leave_the_shells_account
from cufit_ops.laptop.platform.issuer import LocalIssuer
from cufit_ops.step_progress import Progress
from cufit_ops.workspace import ROOT, Workspace

Item = dict[str, Any]

LOGS = ROOT / ".cache" / "drill-logs"
"""Of the last drill that failed."""


class DrillFailed(AssertionError):
    pass


@dataclass(frozen=True)
class Laptop:
    workspace: Workspace

    def token(self, person: str) -> str:
        return LocalIssuer.of(self.workspace).token(person)

    def roll(self) -> None:
        """Replace the task as a deployment does; returns when the new one is in service."""
        system.roll_platform(self.workspace)

    def daemon(self, name: str) -> psutil.Process:
        """The platform or the embedded AWS."""
        daemon = processes.running(self.workspace, name)
        process = daemon.process() if daemon else None
        if process is None:
            raise DrillFailed(f"{name} does not run")
        return process

    def repair(self) -> None:
        """What `cufit up` does, without its journey."""
        system.bring_up(self.workspace, Progress(Console(quiet=True)))

    def task(self) -> psutil.Process:
        """The service, in service."""
        found = system.task(self.workspace)
        if found is None:
            raise DrillFailed("no task is in service")
        return psutil.Process(found["pid"])

    def workers(self, function: str) -> list[psutil.Process]:
        """Sandboxes of a function."""
        daemon = processes.running(self.workspace, EMBEDDED_AWS)
        server = daemon.process() if daemon else None
        children = server.children(recursive=True) if server else []
        return [child for child in children if _runs(child, function)]

    def items(self, table: str) -> list[Item]:
        """Every item of the table the service calls `table`, in wire form."""
        pages = client("dynamodb", self.workspace).get_paginator("scan")
        name = self._environment[f"CUFIT_{table.upper()}_TABLE"]
        found = pages.paginate(TableName=name, ConsistentRead=True)
        return [item for page in found for item in page["Items"]]

    def queues(self) -> dict[str, int]:
        """Messages waiting, in flight or dead, by queue."""
        depths = health.queues(self.workspace)
        return {name: depth["waiting"] + depth["in_flight"] for name, depth in depths.items()}

    @cached_property
    def _environment(self) -> dict[str, str]:
        outputs, ecs = stack_outputs(self.workspace), client("ecs", self.workspace)
        service = ecs.describe_services(
            cluster=outputs["ClusterName"], services=[outputs["ServiceName"]]
        )["services"][0]
        task = ecs.describe_task_definition(taskDefinition=service["taskDefinition"])
        container = task["taskDefinition"]["containerDefinitions"][0]
        return {one["name"]: one["value"] for one in container["environment"]}


@contextmanager
def laptop(**variables: str) -> Iterator[Laptop]:
    """Up with the demo's people in it, and down again."""
    leave_the_shells_account()
    with tempfile.TemporaryDirectory(prefix="cufit-drill-") as folder:
        workspace = Workspace(Path(folder), processes.free_port(), processes.free_port())
        environment = {name: os.environ[name] for name in os.environ if name[:4] != "AWS_"} | {
            "CUFIT_LOCAL_STATE": folder,
            "CUFIT_LOCAL_PORT": str(workspace.port),
            "CUFIT_LOCAL_AWS_PORT": str(workspace.aws_port),
            **variables,
        }
        try:
            _bring_up(environment)
            yield Laptop(workspace)
        except BaseException:
            if workspace.logs.exists():
                shutil.copytree(workspace.logs, LOGS, dirs_exist_ok=True)
                sys.stderr.write(f"what the system logged is in {LOGS}\n")
            raise
        finally:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            _cufit(environment, "down")


def _bring_up(environment: dict[str, str]) -> None:
    up = _cufit(environment, "up", "--json")
    if up.returncode:
        raise DrillFailed(f"the system did not come up:\n{up.stderr}")
    if not json.loads(up.stdout)["journey"]["succeeded"]:
        raise DrillFailed("its first journey failed")


def _cufit(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """In a session of its own, so that a terminal's Ctrl-C ends the drill and not `down`."""
    command = [str(ROOT / ".venv/bin/cufit"), *arguments]
    with subprocess.Popen(
        command, env=environment, start_new_session=True, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        try:
            out, err = process.communicate(timeout=300)
        except BaseException:
            process.terminate()
            raise
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def _runs(process: psutil.Process, function: str) -> bool:
    """Whether a process is a sandbox of `function`; Lambda tells it its name."""
    try:
        name = process.environ().get("AWS_LAMBDA_FUNCTION_NAME", "")
        served = process.environ().get("_HANDLER", "") or " ".join(process.cmdline())
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False
    return function.replace("_", "") in f"{name} {served}".replace("_", "").lower()
