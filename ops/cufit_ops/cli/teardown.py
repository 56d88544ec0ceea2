"""`cufit teardown`: an environment leaves its account, without leftovers."""

from typing import Annotated

import typer

from cufit_ops.cli.delivery import Deployable, on_aws
from cufit_ops.cli.output import err, exit_unless, out
from cufit_ops.step_progress import Progress
from cufit_ops.teardown.removal import Removal, TeardownError
from cufit_ops.teardown.standing import DATA, STACK, Thing, environments_that_trust, what_stands
from stacks.config_files import load_environments


def teardown(
    environment: Deployable,
    with_data: Annotated[
        bool, typer.Option("--with-data", help="Tables and photos too, where retain_data is true.")
    ] = False,
    confirm: Annotated[
        str | None, typer.Option(help="The environment's name, instead of being asked for it.")
    ] = None,
) -> None:
    """Delete an environment: its stacks, parameters, logs and bootstrap; then list what is left.

    Says first what goes and what stays, and asks for the environment's name. Termination and
    deletion protection are taken off. Exit 1 when something is left that should have gone.
    """
    deployed = on_aws(environment)
    (settings,) = load_environments(only=environment)
    account = str(deployed.client("sts").get_caller_identity()["Account"])
    if settings.account not in (None, account):
        raise TeardownError(
            f"config/{environment}.toml has account = {settings.account!r}, and these credentials "
            f"are of {account}; nothing was done"
        )
    data_goes = with_data or not settings.retain_data
    stands = what_stands(deployed, settings)
    if not stands:
        out.print(f"nothing of {environment} stands in {account}, {settings.region}")
        return
    out.print(f"[bold]{environment}[/bold] in account {account}, {settings.region}")
    for thing in stands:
        out.print(f"  {'stays' if _stays(thing, data_goes) else 'goes '} {thing}", markup=False)
    for other in environments_that_trust(deployed, settings):
        out.print(
            f"  GitHub's provider goes, and with it {other}'s deployments from GitHub; then put "
            f'github_provider = "create" into config/{other}.toml and `make deploy ENV={other}`',
            markup=False,
        )
    if not data_goes:
        out.print("  data stays, because retain_data = true; --with-data deletes it too")
    _ask(environment, confirm)
    removal, progress = Removal(deployed), Progress(err)
    with progress.step("stacks") as say:
        removal.stacks(stands, empty=data_goes, say=say)
    if data_goes:
        with progress.step("tables and photos") as say:
            removal.data((t for t in what_stands(deployed, settings) if t.kind in DATA), say)
    with progress.step("parameters, logs, bootstrap") as say:
        left = what_stands(deployed, settings)
        removal.rest((t for t in left if t.kind not in (*DATA, STACK)), say)
    _tell_what_is_left(what_stands(deployed, settings), data_goes)


def _stays(thing: Thing, data_goes: bool) -> bool:
    return thing.kind in DATA and not data_goes


def _ask(environment: str, confirmed: str | None) -> None:
    typed = confirmed
    if typed is None:
        typed = typer.prompt(f"Type {environment} to delete it", err=True)
    if typed != environment:
        raise TeardownError(f"{typed!r} is not {environment!r}; nothing was done")


def _tell_what_is_left(left: list[Thing], data_goes: bool) -> None:
    for thing in left:
        out.print(f"left: {thing}", markup=False)
    if not left:
        out.print("nothing is left")
    exit_unless(all(_stays(thing, data_goes) for thing in left))


COMMANDS = (teardown,)
