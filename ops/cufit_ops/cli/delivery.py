"""`cufit prepare`, `diagnose` and `rollback`: what a deployment would do, why it failed, back."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from cufit_ops.cli.deployable import AllowUnknownModel, refuse_placeholders
from cufit_ops.cli.output import err, out, while_cloudformation_works
from cufit_ops.delivering import delivery
from cufit_ops.delivering.change_sets import ChangeSets
from cufit_ops.delivering.rollback import RollbackError, WayBack, known_commit, way_back
from cufit_ops.deployed_environment import Deployed
from cufit_ops.git_worktree import git, worktree
from cufit_ops.step_progress import Progress
from cufit_ops.workspace import ROOT
from stacks.settings import LOCAL

Deployable = Annotated[str, typer.Option("--env", help="A file name of config/, not local.")]


def prepare(
    environment: Deployable,
    output: Annotated[
        Path, typer.Option(help="Where plan.json and plan.md go.", file_okay=False)
    ] = Path("plan"),
    allow_unknown_model: AllowUnknownModel = False,
) -> None:
    """Make a deployment's change sets without executing them, and say what they change.

    `cufit deploy --env NAME --plan plan/plan.json` executes exactly those.
    """
    refuse_placeholders(environment, allow_unknown_model=allow_unknown_model)
    plan = delivery.prepare(on_aws(environment), output, Progress(err))
    out.print(plan.markdown(), markup=False, soft_wrap=True)


def diagnose(environment: Deployable) -> None:
    """Why the last deployment failed, as Markdown: CloudFormation's and ECS's own words."""
    said = delivery.diagnosis(on_aws(environment), Progress(err)).strip()
    out.print(
        f"### `{environment}`: what `cdk diagnose` finds\n\n```\n{said}\n```\n\n"
        "CloudFormation has rolled back each stack that failed; those deployed before it stay. "
        "The way back for all of them, with credentials that may deploy:\n\n"
        f"```\ncufit rollback --env {environment} --to COMMIT\n```",
        markup=False,
        soft_wrap=True,
    )


def rollback(
    environment: Deployable,
    to: Annotated[str, typer.Option(help="The commit that worked, of this branch's history.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Deploy an earlier commit again: checked out beside this one, with its own packages.

    Refused when data would be lost: code goes back, tables and buckets do not.
    """
    deployed = on_aws(environment)
    commit, subject = known_commit(to)
    if f"config/{environment}.toml" not in git("ls-tree", "--name-only", commit, "config/"):
        raise RollbackError(f"{commit[:12]} has no config/{environment}.toml")
    progress = Progress(err)
    cache = ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="rollback-", dir=cache) as folder,
        worktree(commit, Path(folder) / "checkout") as checkout,
    ):
        with progress.step("install that commit's packages"):
            _run(checkout, sys.executable, "-I", "ops/install.py")
        with progress.step("synthesize that commit"):
            _run(checkout, ".venv/bin/cufit", "synth", "--env", environment)
        template = ChangeSets(deployed.client("cloudformation")).template
        found = way_back(environment, commit, subject, checkout, template)
        _tell(found)
        if found.lost:
            raise RollbackError(
                "data would be lost, so nothing was done; take the code back alone: `git revert`, "
                "leaving what holds data as it is"
            )
        if not yes and not typer.confirm(f"Deploy {commit[:12]} to {environment}?", err=True):
            raise RollbackError("nothing was done")
        with while_cloudformation_works(environment):
            _run(checkout, ".venv/bin/cufit", "deploy", "--env", environment)


def on_aws(environment: str) -> Deployed:
    """Raises ValueError for the laptop's, which is deployed by `make up`."""
    if environment == LOCAL:
        raise ValueError("--env local is this laptop's; bring it up with `make up`")
    return Deployed.named(environment)


def _tell(found: WayBack) -> None:
    out.print(f"{found.environment} goes back to {found.commit[:12]} ({found.subject})")
    for stack, changes in found.changes.items():
        out.print(f"{stack}: {len(changes)} resources differ from what is deployed")
        for change in changes:
            out.print(f"  {change.action:<6} {change.logical_id} ({change.type})", markup=False)
    if not found.changes:
        out.print("no template differs from what is deployed")
    for sentence in found.lost:
        out.print(f"[red]lost[/red] {sentence}")


def _run(checkout: Path, *command: str) -> None:
    env = {
        name: value
        for name, value in os.environ.items()
        if name not in ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "JSII_NODE")
    }
    done = subprocess.run(command, cwd=checkout, env=env, check=False)
    if done.returncode:
        raise RollbackError(f"`{' '.join(command)}` failed there (exit {done.returncode})")


COMMANDS = (prepare, diagnose, rollback)
