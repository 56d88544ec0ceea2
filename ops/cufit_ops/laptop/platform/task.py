"""One task: the process of the deployed task definition."""

import asyncio
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from cufit_ops.laptop.platform.task_definition import TaskDefinition
from cufit_ops.laptop.platform.task_log import TaskLog


class TaskError(Exception):
    """A task did not start; the message ends with what it said."""


@dataclass(eq=False)
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
