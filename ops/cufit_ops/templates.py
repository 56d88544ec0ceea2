"""Synthesize the CDK app, without a credential, a network or Docker, and lint what comes out."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from cufit_ops.cdk import shell_environment
from cufit_ops.workspace import ROOT, VENV_BIN

_IMPORTED = ("", "contracts", "service", "lambdas")
"""Folders of a checkout that its stacks import from."""


STAGE = "assembly-cufit-"
"""Before an environment's name: its folder in a cloud assembly."""


class SynthError(Exception):
    """The app does not synthesize; the message is what it said."""


_SECONDS = 300


def synthesize(
    checkout: Path, output: Path, *, validate: bool = True, python: Path = VENV_BIN / "python"
) -> None:
    """Write the cloud assembly of every environment of `checkout` into `output`.

    `checkout` may be another one than this, and `python` one with its own packages. `validate`
    runs the CDK's own checks of the templates; what they find is in validation-report.json too.

    Raises:
        SynthError: the app refused the configuration, a check failed, or it took too long.
    """
    shell = shell_environment()
    env = {name: value for name, value in shell.items() if not name.startswith(("AWS_", "CDK_"))}
    env.update(
        CDK_OUTDIR=str(output),
        CDK_VALIDATION=str(validate).lower(),
        PYTHONPATH=os.pathsep.join(str(checkout / folder) for folder in _IMPORTED),
    )
    env.pop("JSII_NODE", None)  # the app takes the one of its own packages
    try:
        done = subprocess.run(
            [str(python), "app.py"],
            cwd=checkout, env=env, capture_output=True, text=True, check=False, timeout=_SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise SynthError(f"app.py was not done after {_SECONDS} s") from error
    if done.returncode:
        raise SynthError((done.stderr or done.stdout).strip())


def templates(assembly: Path) -> list[Path]:
    """Every stack's template of a cloud assembly, those of its stages too."""
    return sorted(assembly.rglob("*.template.json"))


def stacks(assembly: Path) -> dict[str, dict[str, Any]]:
    """The stacks in the manifest of a stage, by the file name of their template."""
    try:
        manifest = json.loads((assembly / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return {
        artifact["properties"]["templateFile"]: artifact
        for artifact in manifest["artifacts"].values()
        if artifact["type"] == "aws:cloudformation:stack"
    }


def main() -> int:
    """Synthesize with the CDK's validation and cdk-nag, then cfn-lint every template."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            synthesize(ROOT, Path(folder))
        except SynthError as error:
            sys.stderr.write(f"{error}\n")
            return 1
        found = [str(path) for path in templates(Path(folder))]
        command = [str(VENV_BIN / "cfn-lint"), *found]
        return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
