"""What the awslogs driver does: a task's output, line by line, into its CloudWatch log group."""

import asyncio
import logging
import time
import uuid
from collections import deque
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

logger = logging.getLogger(__name__)

FLUSH_SECONDS = 0.5
MAX_BATCH = 1_000
"""Events in one PutLogEvents call; the limit is 10,000 or 1 MiB (CloudWatch Logs API reference)."""


class TaskLog:
    def __init__(self, logs: Any, group: str, folder: Path) -> None:
        self._logs = logs
        self._group = group
        self._stream = f"service/{uuid.uuid4().hex}"
        self._file = (folder / "service.log").open("a", encoding="utf-8")
        self._waiting: deque[dict[str, Any]] = deque(maxlen=20_000)
        self._last: deque[str] = deque(maxlen=30)
        self._jobs: list[asyncio.Task[None]] = []

    def follow(self, output: asyncio.StreamReader | None) -> None:
        if output is not None:
            self._jobs = [
                asyncio.create_task(self._read(output)),
                asyncio.create_task(self._ship()),
            ]

    def last_lines(self) -> str:
        return "\n".join(self._last)

    async def close(self) -> None:
        """Ship what is left and end; the process has ended by now."""
        if self._jobs:
            reader, shipper = self._jobs
            await asyncio.wait([reader], timeout=1)
            for job in (reader, shipper):
                job.cancel()
            await asyncio.gather(reader, shipper, return_exceptions=True)
            await asyncio.to_thread(self._put)
        self._file.close()

    async def _read(self, output: asyncio.StreamReader) -> None:
        while line := await output.readline():
            text = line.decode(errors="replace").rstrip("\n")
            self._file.write(text + "\n")
            self._file.flush()
            self._last.append(text)
            self._waiting.append({"timestamp": int(time.time() * 1000), "message": text or " "})

    async def _ship(self) -> None:
        await asyncio.to_thread(self._make_stream)
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            await asyncio.to_thread(self._put)

    def _make_stream(self) -> None:
        try:
            self._logs.create_log_stream(logGroupName=self._group, logStreamName=self._stream)
        except (BotoCoreError, ClientError):
            logger.exception("no log stream in %s; the log stays in its file", self._group)

    def _put(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), MAX_BATCH))]
            try:
                self._logs.put_log_events(
                    logGroupName=self._group, logStreamName=self._stream, logEvents=batch
                )
            except (BotoCoreError, ClientError):
                logger.exception("%d log lines stay in the file alone", len(batch))
                return
