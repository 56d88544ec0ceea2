"""The Fargate service without Fargate: a process run as the deployed task definition says.

Its command, environment, secrets, role and log group are the deployed ones. What a laptop must
change is added and named in `_environment`: the endpoint, the port and the issuer's keys.
"""

import asyncio
import logging
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

from cufit_ops.laptop import processes
from cufit_ops.laptop.environment import aws_environment, base_environment
from cufit_ops.laptop.platform import tasks_left
from cufit_ops.laptop.platform.task_definition import TaskDefinition, read_task_definition
from cufit_ops.laptop.platform.task_log import TaskLog
from cufit_ops.laptop.processes import free_port
from cufit_ops.workspace import ROOT, VENV_BIN, Workspace

logger = logging.getLogger(__name__)

HEALTHY_WITHIN_SECONDS = 30
DRAINED_WITHIN_SECONDS = 30
"""The longest time an HTTP API waits for an answer (API Gateway quotas)."""

DOWN_WITHIN_SECONDS = 3
"""`make down` does not wait for a lame duck: a task killed in mid-work loses nothing by design."""


class TaskError(Exception):
    """A task did not start; the message ends with what it said."""


@dataclass
class Task:
    definition: TaskDefinition
    port: int
    process: asyncio.subprocess.Process
    log: TaskLog
    started: float = field(default_factory=time.time)
    in_service: bool = False
    under_way: int = 0
    """Requests the front door has sent here, or is about to."""
    record: Path | None = None
    """By which it is found should it outlive the platform."""

    @property
    def is_running(self) -> bool:
        return self.process.returncode is None

    async def is_healthy(self, http: httpx.AsyncClient) -> bool:
        try:
            return (await http.get(f"http://127.0.0.1:{self.port}/health", timeout=2)).is_success
        except httpx.HTTPError:
            return False

    @contextmanager
    def serving(self) -> Iterator[None]:
        """One request more under way."""
        self.under_way += 1
        try:
            yield
        finally:
            self.under_way -= 1

    async def drained(self, seconds: float) -> None:
        """Wait for the requests under way, at most `seconds`."""
        deadline = time.monotonic() + seconds
        while self.under_way and time.monotonic() < deadline:
            await asyncio.sleep(0.02)

    async def stop(self, seconds: float) -> None:
        """SIGTERM, then SIGKILL after `seconds`, as ECS does with stopTimeout."""
        if self.is_running:
            self.process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(self.process.wait(), seconds)
            except TimeoutError:
                self.process.kill()
                await self.process.wait()
        if self.record is not None:
            self.record.unlink(missing_ok=True)
        await self.log.close()


class FargateService:
    """Keeps one task of the deployed service running and says where it listens."""

    def __init__(
        self,
        workspace: Workspace,
        clients: Callable[[str], Any],
        cluster: str,
        service: str,
        credentials_token: str,
    ) -> None:
        self._workspace = workspace
        self._clients = clients
        self.cluster = cluster
        self.name = service
        self._credentials_token = credentials_token
        self._http = httpx.AsyncClient(trust_env=False)
        self._replacing = asyncio.Lock()
        self.current: Task | None = None
        self.parked = False
        """Whether no task is to run: the service's desired count is 0."""
        self.restarts = 0
        self.failures: list[str] = []
        """Why tasks of deployments did not run; the one before goes on then."""

    async def start(self) -> None:
        self.current = await self._start_healthy()

    async def replace(self) -> None:
        """A rolling deployment of one task: the old one stops after the new one is healthy.

        It is told so once nothing is under way to it: a request that has chosen this task may take
        longer to arrive than its lame duck lasts, on a laptop that has other work.
        """
        async with self._replacing:
            if self.parked:
                return
            fresh = await self._start_healthy()
            old, self.current = self.current, fresh
            if old is not None:
                await old.drained(DRAINED_WITHIN_SECONDS)
                await old.stop(old.definition.stop_timeout_seconds)

    async def park(self) -> None:
        """Scale to none: the task ends as one that is replaced does."""
        async with self._replacing:
            old, self.current, self.parked = self.current, None, True
            if old is not None:
                await old.drained(DRAINED_WITHIN_SECONDS)
                await old.stop(old.definition.stop_timeout_seconds)

    async def unpark(self) -> None:
        async with self._replacing:
            self.current = await self._start_healthy()
            self.parked = False

    async def watch(self) -> None:
        """Start the task again whenever it ends by itself, with a pause that grows to 10 s."""
        pause = 0.5
        while True:
            task = self.current
            if task is not None:
                await task.process.wait()
            if self.parked:
                await asyncio.sleep(pause)
            if self.parked or task is not self.current:
                continue
            logger.warning(
                "the task ended with %s; starting it again", task and task.process.returncode
            )
            if task is not None:
                await task.stop(0)  # of it, its log and its record are left
            try:
                async with self._replacing:
                    self.current = await self._start_healthy()
                self.restarts += 1
                pause = 0.5
            except Exception:
                logger.exception("the task did not start; trying again in %.1f s", pause)
                self.current = None
                await asyncio.sleep(pause)
                pause = min(pause * 2, 10)

    async def stop(self) -> None:
        task, self.current = self.current, None
        if task is not None:
            await task.stop(DOWN_WITHIN_SECONDS)
        await self._http.aclose()

    def role_credentials(self, token: str) -> dict[str, str] | None:
        """The container credentials endpoint: the task role's, for who knows the task's token."""
        if token != self._credentials_token or self.current is None:
            return None
        assumed = self._clients("sts").assume_role(
            RoleArn=self.current.definition.role_arn, RoleSessionName="task"
        )["Credentials"]
        return {
            "AccessKeyId": assumed["AccessKeyId"],
            "SecretAccessKey": assumed["SecretAccessKey"],
            "Token": assumed["SessionToken"],
            "Expiration": assumed["Expiration"].strftime("%Y-%m-%dT%H:%M:%SZ"),
            "RoleArn": self.current.definition.role_arn,
        }

    async def _start_healthy(self) -> Task:
        definition = await asyncio.to_thread(
            read_task_definition, self._clients, self.cluster, self.name
        )
        port = free_port()
        process = await asyncio.create_subprocess_exec(
            *_on_this_machine(definition.command),
            cwd=ROOT,
            env=self._environment(definition, port),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        log = TaskLog(self._clients("logs"), definition.log_group, self._workspace.logs)
        log.follow(process.stdout)
        name = tasks_left.name_of(process.pid)
        with suppress(psutil.NoSuchProcess):
            processes.note(self._workspace, name, process.pid)
        task = Task(definition, port, process, log, record=processes.record(self._workspace, name))
        if self.current is None:
            self.current = task  # it asks for its role's credentials while it starts
        deadline = time.monotonic() + HEALTHY_WITHIN_SECONDS
        while not await task.is_healthy(self._http):
            if not task.is_running or time.monotonic() > deadline:
                await task.stop(0.1)
                raise TaskError(f"the service did not become healthy; it said:\n{log.last_lines()}")
            await asyncio.sleep(0.05)
        task.in_service = True
        return task

    def _environment(self, definition: TaskDefinition, port: int) -> dict[str, str]:
        """The deployed one; what a laptop must change comes last."""
        url = self._workspace.url
        return {
            **base_environment(),
            **definition.environment,
            **aws_environment(self._workspace),
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{url}/_local/credentials",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": self._credentials_token,
            "CUFIT_OIDC_JWKS_URI": f"{url}/_local/jwks.json",
            "CUFIT_HOST": "127.0.0.1",
            "CUFIT_PORT": str(port),
        }


def _on_this_machine(command: tuple[str, ...]) -> list[str]:
    """The image's `python` is this checkout's."""
    program, *arguments = command
    return [str(VENV_BIN / "python") if program == "python" else program, *arguments]
