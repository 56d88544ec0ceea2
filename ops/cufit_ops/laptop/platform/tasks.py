"""The Fargate service without Fargate: a process run as the deployed task definition says.

Its command, environment, secrets, role and log group are the deployed ones. What a laptop must
change is added and named in `_environment`: the endpoint, the port and the issuer's keys.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx
import psutil

from cufit_ops.laptop import processes
from cufit_ops.laptop.environment import aws_environment, base_environment
from cufit_ops.laptop.platform import tasks_left
from cufit_ops.laptop.platform.entry import Entry, KnownTasks, Played
from cufit_ops.laptop.platform.task import Task, TaskError
from cufit_ops.laptop.platform.task_definition import TaskDefinition, read_task_definition
from cufit_ops.laptop.platform.task_log import TaskLog
from cufit_ops.laptop.processes import free_port
from cufit_ops.workspace import ROOT, VENV_BIN, Workspace

logger = logging.getLogger(__name__)

HEALTHY_WITHIN_SECONDS = 30
DRAINED_WITHIN_SECONDS = 30
"""The longest time an HTTP API waits for an answer (API Gateway quotas)."""

NOTICED_WITHIN_SECONDS = 0.1
"""That a task ended by itself."""

DOWN_WITHIN_SECONDS = 3
"""`make down` does not wait for a lame duck: a task killed in mid-work loses nothing by design."""


class FargateService:
    """Keeps the deployed service's tasks running and says which one a request goes to."""

    def __init__(
        self,
        workspace: Workspace,
        clients: Callable[[str], Any],
        cluster: str,
        service: str,
        credentials_token: str,
        played: Played | None = None,
    ) -> None:
        self._workspace = workspace
        self._clients = clients
        self.cluster = cluster
        self.name = service
        self._credentials_token = credentials_token
        self._http = httpx.AsyncClient(trust_env=False)
        self._replacing = asyncio.Lock()
        self.parked = False
        """Whether no task is to run: the service's desired count is 0."""
        self._played = played or Played()
        self._known: KnownTasks[Task] = KnownTasks(self._played.local_entry or Entry())
        self._role_arn: str | None = None
        self._tasks: list[Task] = []
        """In service."""
        self.restarts = 0
        self.failures: list[str] = []
        """Why tasks of deployments did not run; the one before goes on then."""

    @property
    def current(self) -> Task | None:
        return self._tasks[0] if self._tasks else None

    def choose(self) -> Task | None:
        """The task for one request, as the entry knows them."""
        return self._known.choose()

    async def start(self) -> None:
        starting = (self._start_healthy() for _ in range(self._played.local_tasks))
        for task in await asyncio.gather(*starting):
            self._take_into_service(task)

    async def replace(self) -> None:
        """A rolling deployment: each old task stops after a new one is healthy.

        Raises:
            TaskError: a new one does not run; the old one goes on.
        """
        async with self._replacing:
            if self.parked:
                return
            old: list[Task | None] = [*self._tasks]
            replacing = (self._replace_one(task) for task in old or [None])
            for outcome in await asyncio.gather(*replacing, return_exceptions=True):
                if isinstance(outcome, BaseException):
                    raise outcome

    async def park(self) -> None:
        """Scale to none: tasks end as those that are replaced do."""
        self.parked = True
        async with self._replacing:
            ending = [*self._tasks]
            for task in ending:
                self._take_out_of_service(task)
            for task in ending:
                await task.drained(DRAINED_WITHIN_SECONDS)
                await task.stop(task.definition.stop_timeout_seconds)

    async def unpark(self) -> None:
        async with self._replacing:
            await self.start()
            self.parked = False

    async def watch(self) -> None:
        """Start a task again whenever one ends by itself, with a pause that grows to 10 s."""
        pause = 0.5
        while True:
            for task in [task for task in self._tasks if not task.is_running]:
                logger.warning("the task ended with %s; starting it again", task.process.returncode)
                self._take_out_of_service(task)
                await task.stop(0)  # of it, its log and its record are left
            if self.parked or len(self._tasks) >= self._played.local_tasks:
                pause = 0.5
                await asyncio.sleep(NOTICED_WITHIN_SECONDS)
                continue
            try:
                async with self._replacing:
                    if not self.parked and len(self._tasks) < self._played.local_tasks:
                        self._take_into_service(await self._start_healthy())
                        self.restarts += 1
            except Exception:
                logger.exception("the task did not start; trying again in %.1f s", pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 10)

    async def stop(self) -> None:
        ending = [*self._tasks]
        for task in ending:
            self._take_out_of_service(task)
        await asyncio.gather(*(task.stop(DOWN_WITHIN_SECONDS) for task in ending))
        await self._http.aclose()

    def _take_into_service(self, task: Task) -> None:
        self._tasks.append(task)
        self._known.add(task)

    def _take_out_of_service(self, task: Task) -> None:
        self._tasks.remove(task)
        self._known.remove(task)

    async def _replace_one(self, old: Task | None) -> None:
        fresh = await self._start_healthy()
        self._take_into_service(fresh)
        entry = self._played.local_entry
        if entry is not None and entry.old_waits:
            await asyncio.sleep(entry.seen_late)
        if old is None or old not in self._tasks:  # it ended by itself
            return
        self._take_out_of_service(old)
        if entry is None:
            # A request that has chosen this task may take longer to arrive than its lame duck
            # lasts, on a laptop that has other work.
            await old.drained(DRAINED_WITHIN_SECONDS)
        else:
            await asyncio.sleep(entry.told_after)
        await old.stop(old.definition.stop_timeout_seconds)

    def role_credentials(self, token: str) -> dict[str, str] | None:
        """The container credentials endpoint: the task role's, for who knows the task's token."""
        if token != self._credentials_token or self._role_arn is None:
            return None
        assumed = self._clients("sts").assume_role(RoleArn=self._role_arn, RoleSessionName="task")[
            "Credentials"
        ]
        return {
            "AccessKeyId": assumed["AccessKeyId"],
            "SecretAccessKey": assumed["SecretAccessKey"],
            "Token": assumed["SessionToken"],
            "Expiration": assumed["Expiration"].strftime("%Y-%m-%dT%H:%M:%SZ"),
            "RoleArn": self._role_arn,
        }

    async def _start_healthy(self) -> Task:
        definition = await asyncio.to_thread(
            read_task_definition, self._clients, self.cluster, self.name
        )
        self._role_arn = definition.role_arn  # it asks for credentials while it starts
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
        entry = self._played.local_entry
        lame_duck = {} if entry is None else {"CUFIT_LAME_DUCK_SECONDS": str(entry.lame_duck)}
        return {
            **base_environment(),
            **definition.environment,
            **aws_environment(self._workspace),
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{url}/_local/credentials",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": self._credentials_token,
            "CUFIT_OIDC_JWKS_URI": f"{url}/_local/jwks.json",
            "CUFIT_HOST": "127.0.0.1",
            "CUFIT_PORT": str(port),
            **lame_duck,
        }


def _on_this_machine(command: tuple[str, ...]) -> list[str]:
    """The image's `python` is this checkout's."""
    program, *arguments = command
    return [str(VENV_BIN / "python") if program == "python" else program, *arguments]
