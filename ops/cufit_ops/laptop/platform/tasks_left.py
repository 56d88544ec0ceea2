"""Tasks of a platform that is gone are ended: by this program, or by the next command.

`python -m cufit_ops.laptop.platform.tasks_left` is a child of the platform and reads a pipe from
it. However the platform ends, the pipe ends with it, on every system; then its tasks are ended,
by the ids and start times it recorded.
"""

import asyncio
import os
import sys

from cufit_ops.laptop import processes
from cufit_ops.workspace import Workspace

PLATFORM = "platform"
SECONDS = 3
"""To end by itself, as with `make down`: a task killed in mid-work loses nothing by design."""


def name_of(pid: int, platform: int | str | None = None) -> str:
    """Of a task's record; `*` for either id stands for any."""
    return f"task-of-{platform or os.getpid()}-{pid}"


def left_tasks(workspace: Workspace, platform: int | str = "*") -> list[processes.Daemon]:
    """Those that still run."""
    names = processes.recorded(workspace, f"task-of-{platform}-*")
    found = (processes.running(workspace, name) for name in names)
    return [daemon for daemon in found if daemon is not None]


def end_left_tasks(workspace: Workspace, platform: int | str = "*") -> list[str]:
    """End the tasks of a platform that runs no more, or of all; names of those that ran."""
    names = processes.recorded(workspace, f"task-of-{platform}-*")
    return [name for name in names if processes.stop(workspace, name, SECONDS)]


async def watch() -> asyncio.subprocess.Process:
    """Start this program as a child of the platform, which is the caller."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, str(os.getpid()), stdin=asyncio.subprocess.PIPE
    )


if __name__ == "__main__":
    sys.stdin.buffer.read()
    end_left_tasks(Workspace.from_environment(), sys.argv[1])
