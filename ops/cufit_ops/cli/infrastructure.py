"""Commands about the environments of config/: synthesize, compare, deploy."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError

from cufit_ops.cdk import CLI, cdk, node, shell_environment
from cufit_ops.cli.delivery import Deployable, on_aws
from cufit_ops.cli.deployable import AllowUnknownModel, refuse_placeholders, tell_placeholders
from cufit_ops.cli.output import EXIT_FAILED, err, while_cloudformation_works
from cufit_ops.delivering.delivery import execute
from cufit_ops.deployed_environment import Deployed
from cufit_ops.failed_creations import unprotect
from cufit_ops.laptop.deployment import ENVIRONMENT
from cufit_ops.review.synthesis import Outcome, build
from cufit_ops.step_progress import Progress
from cufit_ops.workspace import ROOT
from stacks.bootstrap import qualifier, toolkit_stack
from stacks.config_files import load_environments

Environment = Annotated[
    str | None, typer.Option("--env", help="One environment: a file name of config/.")
]


def synth(
    environment: Environment = None,
    output: Annotated[
        Path | None,
        typer.Option(
            help="Write every environment here, with what `cufit ci report` reads beside it.",
            file_okay=False,
        ),
    ] = None,
) -> None:
    """Synthesize into cdk.out: every environment or one. Needs no AWS account and no network."""
    if output is not None:
        _synth_whole(environment, output)
        return
    tell_placeholders(environment)
    with Progress(err).step("cdk synth") as say:
        cdk("synth", "--quiet", *_context(environment), env=shell_environment(), on_line=say)
    err.print(f"templates are in {ROOT / 'cdk.out'}")


def _synth_whole(environment: str | None, output: Path) -> None:
    if environment is not None:
        raise ValueError("--output holds every environment: it takes no --env")
    with Progress(err).step("synthesize"):
        made = build(ROOT, output, validate=True)
    if made.outcome is not Outcome.WHOLE:
        err.print(made.said, markup=False)
        raise typer.Exit(EXIT_FAILED)
    err.print(f"templates are in {output}")


def bootstrap(environment: Deployable, allow_unknown_model: AllowUnknownModel = False) -> None:
    """Prepare the AWS account and region of an environment for the CDK, once per environment."""
    refuse_placeholders(environment, allow_unknown_model=allow_unknown_model)
    (settings,) = load_environments(only=environment)
    own = ("--qualifier", qualifier(settings), "--toolkit-stack-name", toolkit_stack(settings))
    _become_cdk("bootstrap", environment, *own)


def deploy(
    environment: Deployable,
    plan: Annotated[
        Path | None,
        typer.Option(help="Execute exactly what `cufit prepare` wrote: the file or its folder."),
    ] = None,
    allow_unknown_model: AllowUnknownModel = False,
) -> None:
    """Deploy an environment to AWS with the credentials of this shell."""
    refuse_placeholders(environment, allow_unknown_model=allow_unknown_model)
    if plan is not None:
        file = plan / "plan.json" if plan.is_dir() else plan
        with while_cloudformation_works(environment):
            changed = execute(on_aws(environment), file, Progress(err))
        err.print(f"deployed: {', '.join(changed) or 'nothing had changed'}")
        return
    # In a terminal the CLI asks before it widens a permission; in CI the pull request was asked.
    approval = () if sys.stdin.isatty() else ("--require-approval", "never")
    _let_failed_creations_be_deleted(environment)
    _become_cdk("deploy", environment, f"cufit-{environment}/*", *approval)


def _let_failed_creations_be_deleted(environment: str) -> None:
    """Without credentials, or the right to, the CLI says what is wrong."""
    if environment == ENVIRONMENT:
        return
    with suppress(BotoCoreError, ClientError):
        for name in unprotect(Deployed.named(environment).client("cloudformation"), environment):
            err.print(f"{name}: its first creation failed; it is deleted and created anew")


def _become_cdk(command: str, environment: str, *arguments: str) -> None:
    if environment == ENVIRONMENT:
        raise ValueError("--env local is this laptop's; bring it up with `make up`")
    words = [str(node()), str(CLI), command, *arguments, *_context(environment)]
    os.execve(node(), words, shell_environment())  # noqa: S606  # no shell, our own program


def _context(environment: str | None) -> tuple[str, ...]:
    return ("-c", f"env={environment}") if environment else ()


COMMANDS = (synth, bootstrap, deploy)
