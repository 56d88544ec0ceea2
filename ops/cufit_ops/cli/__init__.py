"""The `cufit` command."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.markup import escape

from cufit_ops.cdk import CdkError
from cufit_ops.cli import (
    brake,
    cost,
    delivery,
    doctor,
    explain,
    iam,
    infrastructure,
    knowledge_base,
    laptop,
    parking,
    prompts,
    review,
    teardown,
    tune,
    webhook,
)
from cufit_ops.cli.output import (
    EXIT_BUSY,
    EXIT_FAILED,
    EXIT_INTERRUPTED,
    EXIT_USAGE,
    Interrupted,
    err,
)
from cufit_ops.costs.offers import OffersError
from cufit_ops.delivering.plan import PlanError
from cufit_ops.delivering.rollback import RollbackError
from cufit_ops.demo.journey import JourneyError
from cufit_ops.deployed_environment import NotAwsError, NotDeployedError
from cufit_ops.laptop.deployment import BrokenFunctionsError
from cufit_ops.laptop.processes import ProcessError
from cufit_ops.laptop.system import SystemBusyError
from cufit_ops.teardown.removal import TeardownError
from cufit_ops.templates import SynthError
from cufit_ops.workspace import WorkspaceError
from stacks.components.bundle import BundleError
from stacks.config_files import ConfigurationFault

app = typer.Typer(
    help="Run cufit on one laptop and look at it. Exit codes: 0 done, 1 it did not work, "
    "2 wrong words or settings, 3 another command is at work, 130 stopped by Ctrl-C.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
PANELS: dict[str, tuple[Callable[..., None], ...]] = {
    "On this laptop": laptop.COMMANDS,
    "Environments": (
        *infrastructure.COMMANDS,
        *review.COMMANDS,
        *iam.COMMANDS,
        *delivery.COMMANDS,
        *doctor.COMMANDS,
        *webhook.COMMANDS,
        cost.cost,
        tune.tune,
        *parking.COMMANDS,
        *teardown.COMMANDS,
    ),
}
for panel, commands in PANELS.items():
    for command in commands:
        app.command(rich_help_panel=panel)(command)
app.add_typer(review.app, name="ci", rich_help_panel="Environments")
app.add_typer(brake.app, name="brake", rich_help_panel="Environments")
app.add_typer(knowledge_base.app, name="kb", rich_help_panel="Knowledge base")
app.add_typer(prompts.app, name="prompt", rich_help_panel="Prompts")
app.command(rich_help_panel="Environments")(explain.explain)
app.command("eval", rich_help_panel="Prompts")(prompts.evaluate)


def main() -> None:
    """Entry of the console script: every error of ours is one message and an exit code."""

    def interrupt(*_: object) -> None:
        raise Interrupted

    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, interrupt)
    with _errors_as_messages():
        app()


FAILURES = (
    *(ProcessError, BundleError, CdkError, BrokenFunctionsError),
    *(JourneyError, SynthError, NotDeployedError, NotAwsError),
    *(PlanError, RollbackError, TeardownError, OffersError),
    *(BotoCoreError, ClientError),  # AWS's own words: no credentials, expired, not allowed
)


@contextmanager
def _errors_as_messages() -> Iterator[None]:
    try:
        yield
    except (WorkspaceError, ConfigurationFault, ValueError) as error:
        _fail(str(error), EXIT_USAGE)
    except SystemBusyError as error:
        _fail(str(error), EXIT_BUSY)
    except FAILURES as error:
        _fail(str(error), EXIT_FAILED)
    except Interrupted as stopped:
        _fail(f"stopped; {stopped}", EXIT_INTERRUPTED)


def _fail(message: str, code: int) -> None:
    err.print(f"[red]cufit:[/red] {escape(message)}", soft_wrap=True)
    raise SystemExit(code)
