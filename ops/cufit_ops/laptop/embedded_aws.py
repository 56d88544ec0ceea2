"""Start and stop the embedded AWS (ops/embedded_aws, in its own virtual environment)."""

from contextlib import suppress

import httpx

from cufit_ops.laptop import processes, sources
from cufit_ops.laptop.environment import answers, base_environment, loopback
from cufit_ops.workspace import AWS_PORT_VARIABLE, ROOT, Workspace, WorkspaceError

NAME = "embedded-aws"
SAVE_SECONDS = 60
IMPORT_SECONDS = 60
"""AWS gives a function 10 (Lambda developer guide, execution environment); all start at once."""


def is_healthy(workspace: Workspace) -> bool:
    return answers(f"{workspace.aws_url}/_cufit/health")


def not_saved(workspace: Workspace) -> str | None:
    """Why it cannot write something to disk, which it goes on trying; None as well when silent."""
    try:
        said = loopback().get(f"{workspace.aws_url}/_cufit/health").json()
    except (httpx.HTTPError, ValueError):
        return None
    why: str | None = said.get("not_saved")
    return why


def start(workspace: Workspace) -> bool:
    """Start it unless it runs; True when it was started.

    Raises:
        ProcessError: the port is taken, or it did not become healthy.
        WorkspaceError: its saved state was made at another port.
    """
    if processes.running(workspace, NAME):
        return False
    processes.check_port(workspace.aws_port, AWS_PORT_VARIABLE, "embedded AWS")
    keep_port(workspace)
    env = {**base_environment(), "PYTHONPATH": str(ROOT / "ops"), "PYTHONUNBUFFERED": "1"}
    command = [
        str(ROOT / ".venv-aws/bin/python"), "-m", "embedded_aws",
        "--port", str(workspace.aws_port), "--state-dir", str(workspace.state / "aws"),
    ]  # fmt: skip
    daemon = processes.start(workspace, NAME, command, env, sources.of_embedded_aws())
    processes.wait_until(lambda: is_healthy(workspace), daemon, workspace, seconds=30)
    return True


def keep_port(workspace: Workspace) -> None:
    """Note the port beside the state. Queues are saved under addresses that name it: at another one
    their messages would lie there for ever.

    Raises:
        WorkspaceError: there is a state, made at another port.
    """
    note = workspace.state / "aws" / "port"
    port = str(workspace.aws_port)
    made_at = note.read_text().strip() if note.exists() else port
    if made_at != port:
        raise WorkspaceError(
            f"{AWS_PORT_VARIABLE}={port}, but what {workspace.state} holds was made at {made_at}: "
            f"{made_at} is legal, or any port after `make reset`"
        )
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_text(f"{port}\n")


def save(workspace: Workspace) -> None:
    """Write its state now, so that what was just done survives even a kill.

    Raises:
        ProcessError: it could not, or it did not answer in time.
    """
    try:
        answer = loopback().post(f"{workspace.aws_url}/_cufit/save", timeout=SAVE_SECONDS)
        if answer.is_success:
            return
        why = answer.text
        with suppress(ValueError, KeyError, TypeError):
            why = answer.json()["message"]
    except httpx.HTTPError as error:
        why = repr(error)
    raise processes.ProcessError(
        f"the embedded AWS did not save its state: {why}; see {processes.log_file(workspace, NAME)}"
    )


def import_functions(workspace: Workspace) -> dict[str, str]:
    """Import every function; name and traceback of those that cannot be.

    Raises:
        ProcessError: one takes longer than any cold start of AWS's.
    """
    try:
        answer = loopback().post(
            f"{workspace.aws_url}/_cufit/functions/import", timeout=IMPORT_SECONDS
        )
    except httpx.TimeoutException as error:
        raise processes.ProcessError(
            f"a function is still being imported after {IMPORT_SECONDS} s; see "
            f"{processes.log_file(workspace, NAME)}"
        ) from error
    failed: dict[str, str] = answer.raise_for_status().json()["failed"]
    return failed
