"""Background processes: started in a session of their own, found and ended by id."""

import json
import os
import random
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from cufit_ops.workspace import Workspace

PORT_LET_GO_SECONDS = 1.0
"""A killed process counts as ended a moment before the last of its threads lets its port go."""


class ProcessError(Exception):
    """A background process could not be started or ended; the message says what to do."""


@dataclass(frozen=True)
class Daemon:
    """A background process and the record that finds it again.

    The creation time is kept beside the id: ids are used again by the system.
    """

    name: str
    pid: int
    created: float
    sources: str = ""
    """Digest of the code it was started with."""

    def process(self) -> psutil.Process | None:
        try:
            process = psutil.Process(self.pid)
        except psutil.NoSuchProcess:
            return None
        same = abs(process.create_time() - self.created) < 1
        return process if same and not has_ended(process) else None


def record(workspace: Workspace, name: str) -> Path:
    return workspace.run / f"{name}.json"


def log_file(workspace: Workspace, name: str) -> Path:
    return workspace.logs / f"{name}.log"


def running(workspace: Workspace, name: str) -> Daemon | None:
    try:
        daemon = Daemon(**json.loads(record(workspace, name).read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    return daemon if daemon.process() else None


def recorded(workspace: Workspace, pattern: str) -> list[str]:
    """Names of the records that match `pattern`, as of a shell's file names."""
    return sorted(path.stem for path in workspace.run.glob(f"{pattern}.json"))


def start(
    workspace: Workspace, name: str, command: list[str], env: dict[str, str], sources: str = ""
) -> Daemon:
    """Run `command` (its program as a path) in a session of its own, its output in a log file."""
    _inherit_nothing()
    append = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    pid = os.posix_spawn(
        command[0],
        command,
        env,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(log_file(workspace, name)), append, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
    )
    return note(workspace, name, pid, sources)


def _inherit_nothing() -> None:
    """A lock or a pipe that a shell left open in this process would stay held by the daemon."""
    for fd in [int(path.name) for path in Path("/dev/fd").iterdir()]:
        with suppress(OSError):  # of the listing itself
            os.set_inheritable(fd, fd <= 2)


def note(workspace: Workspace, name: str, pid: int, sources: str = "") -> Daemon:
    """Record a running process, so that it is found again."""
    daemon = Daemon(name, pid, psutil.Process(pid).create_time(), sources)
    path = record(workspace, name)
    written = path.with_suffix(".new")
    written.write_text(json.dumps(asdict(daemon)))
    written.replace(path)
    return daemon


def wait_until(
    ready: Callable[[], bool], daemon: Daemon, workspace: Workspace, seconds: float
) -> None:
    """Raises: ProcessError when the daemon ends or `seconds` pass before `ready()`."""
    deadline = time.monotonic() + seconds
    while not ready():
        log = log_file(workspace, daemon.name)
        if daemon.process() is None:
            raise ProcessError(f"{daemon.name} ended at its start; its log says:\n{tail(log)}")
        if time.monotonic() > deadline:
            raise ProcessError(f"{daemon.name} is not ready after {seconds:.0f} s; see {log}")
        time.sleep(0.05)


def stop(workspace: Workspace, name: str, seconds: float = 20) -> bool:
    """End a daemon and all its children; True when there was one.

    SIGTERM goes to the daemon alone, which ends its own children; what is left of its session
    after `seconds` is killed.
    """
    daemon = running(workspace, name)
    process = daemon.process() if daemon else None
    if daemon is None or process is None:
        record(workspace, name).unlink(missing_ok=True)
        return False
    family = [process, *process.children(recursive=True)]
    process.send_signal(signal.SIGTERM)
    _wait_for_end([process], seconds)
    left = [member for member in family if not has_ended(member)]
    for member in left:
        member.kill()
    alive = _wait_for_end(left, 5)
    if alive:
        raise ProcessError(f"{name} does not end: process {', '.join(str(p.pid) for p in alive)}")
    record(workspace, name).unlink(missing_ok=True)
    return True


def _wait_for_end(family: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Those that still run after `seconds`.

    psutil.wait_procs would wait for a zombie: an orphan stays one where PID 1 reaps nobody, as in
    many containers.
    """
    deadline = time.monotonic() + seconds
    while (left := [p for p in family if not has_ended(p)]) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left


def has_ended(process: psutil.Process) -> bool:
    """Whether it runs no more; a zombie that nobody has reaped counts as ended."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def check_port(port: int, variable: str, purpose: str) -> None:
    """Raises: ProcessError when something else listens on `port` of 127.0.0.1."""
    deadline = time.monotonic() + PORT_LET_GO_SECONDS
    while (fault := _not_free(port)) is not None:
        if time.monotonic() > deadline:
            raise ProcessError(
                f"port {port} for the {purpose} is taken{_holder(port)}; end that program, or "
                f"choose another port: {variable}={port + 10} make up"
            ) from fault
        time.sleep(0.05)


def _not_free(port: int) -> OSError | None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            return error
    return None


def free_port() -> int:
    """A port that nothing listens on, below those the system gives to outgoing connections.

    One of theirs may be taken again between this and the moment it is listened on.
    """
    while True:
        port = random.randrange(10_000, 32_000)  # noqa: S311 - no secret
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port


def tail(path: Path, lines: int = 15) -> str:
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except FileNotFoundError:
        return "(no log)"


def _holder(port: int) -> str:
    try:
        for connection in psutil.net_connections("tcp"):
            listens = connection.status == psutil.CONN_LISTEN
            if listens and connection.laddr and connection.laddr.port == port and connection.pid:
                command = " ".join(psutil.Process(connection.pid).cmdline())
                return f" by process {connection.pid} ({command[:160]})"
    except (psutil.AccessDenied, psutil.NoSuchProcess):
        pass
    return ""
