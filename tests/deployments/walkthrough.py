"""`make walkthrough`: docs/deploy.md as a student follows it, command by command.

On a fresh copy of this checkout with the configuration filled in, against an embedded AWS. Prints
a row per command, and ends with 1 when one does not do what the page says.
"""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from cufit_ops.laptop import embedded_aws, processes
from cufit_ops.laptop.environment import loopback, root_environment
from cufit_ops.workspace import ROOT, Workspace
from tests.deployments.account import IMAGE_BUILDER
from tests.deployments.deploy_page import (
    AS_SHIPPED,
    COMMIT,
    EXPECTED,
    ID_TOKEN,
    NOT_HERE,
    TYPED,
    commands,
    filled_in,
)
from tests.deployments.everything import everything

SECONDS = 300
"""For one command; the longest, a rollback, took 28 here."""

SHARED = "AWSServiceRoleFor"
"""Roles that AWS shares between everything in the account."""


@dataclass
class Student:
    checkout: Path
    workspace: Workspace

    def follow(self) -> int:
        """How many commands did not do what the page says."""
        faults = 0
        self._git("init", "--quiet", "--initial-branch=main")
        self._commit("As it was got")
        for command in commands():
            if command.startswith("cufit teardown"):
                _say(f"         {len(everything(self.workspace))} things are in the account")
            if command in NOT_HERE:
                _say(f"–        {command}: {NOT_HERE[command]}")
                continue
            self._prepare(command)
            faults += self._run(command)
        return faults

    def _prepare(self, command: str) -> None:
        """What the page has a person do before it, beside commands."""
        if command.startswith("make synth"):
            for file in AS_SHIPPED:
                config = self.checkout / "config" / file.name
                config.write_text(filled_in(file.read_text(encoding="utf-8")), encoding="utf-8")
            self._commit("Fill in what is ours")
        elif command == "cufit doctor --env dev":
            self._confirm_the_mails()
        elif COMMIT in command:
            dev = self.checkout / "config/dev.toml"
            kept = dev.read_text(encoding="utf-8")
            dev.write_text(kept.replace("log_retention_days = 7", "log_retention_days = 14"))
            self._commit("Keep logs longer")

    def _run(self, command: str) -> int:
        started = time.monotonic()
        last = self._git("rev-parse", "HEAD~1").strip() if COMMIT in command else ""
        done = subprocess.run(
            ["sh", "-c", command.replace(COMMIT, last)],  # noqa: S607
            cwd=self.checkout,
            env=self._environment(),
            input=TYPED.get(command, ""),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        seconds = time.monotonic() - started
        code, says = EXPECTED.get(command, (0, []))
        fine = done.returncode == code and all(each in done.stdout for each in says)
        _say(f"{'✓' if fine else '✗'} {seconds:5.0f} s {command}")
        if not fine:
            _say(f"exit {done.returncode}, expected {code} and {says}:\n{done.stdout[-6000:]}")
        return int(not fine)

    def _confirm_the_mails(self) -> None:
        url = f"{self.workspace.aws_url}/_cufit/account"
        loopback().put(url, json={"mail_confirmed": True}).raise_for_status()

    def _environment(self) -> dict[str, str]:
        theirs = ("AWS_", "CUFIT_", "PYTHON", "VIRTUAL_ENV", "JSII_", "MAKE", "GIT_")
        shell = {name: v for name, v in os.environ.items() if not name.startswith(theirs)}
        path = f"{self.checkout / '.venv/bin'}:{os.environ['PATH']}"
        return {
            **shell,
            **root_environment(self.workspace),
            "PATH": path,
            "CDK_DOCKER": str(IMAGE_BUILDER),
            "IMAGE_BUILDER_LOG": str(self.workspace.state / "images.log"),
            "ID_TOKEN": ID_TOKEN,
            "CUFIT_LOCAL_STATE": str(self.workspace.state),
        }

    def _commit(self, subject: str) -> None:
        self._git("add", "--all")
        author = ("-c", "user.name=student", "-c", "user.email=student@people.internal")
        self._git(*author, "commit", "--quiet", "--message", subject)

    def _git(self, *arguments: str) -> str:
        return subprocess.run(
            ["git", *arguments],  # noqa: S607
            cwd=self.checkout,
            check=True,
            capture_output=True,
            text=True,
        ).stdout


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="cufit-walkthrough-") as name:
        folder = Path(name)
        _copy(folder / "checkout")
        workspace = Workspace(folder / "state", processes.free_port(), processes.free_port())
        workspace.make_folders()
        embedded_aws.start(workspace)
        try:
            before = everything(workspace)
            faults = Student(folder / "checkout", workspace).follow()
            left = sorted(
                (operation, name)
                for operation, name in everything(workspace) - before
                if not name.startswith(SHARED)
            )
            _say(f"✗ left in the account: {left}" if left else "✓ nothing is left in the account")
            return 1 if faults or left else 0
        finally:
            processes.stop(workspace, embedded_aws.NAME)


def _copy(target: Path) -> None:
    """What a clone would have, with what is not committed yet."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes((ROOT / name).read_bytes())
            (target / name).chmod((ROOT / name).stat().st_mode)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
