"""`cufit brake`: whether recommendations are made by rules alone, and deciding it by hand."""

import typer

from cufit_contracts.brake import OFF, RULES
from cufit_ops import brake
from cufit_ops.cli.output import Json, Reached, out, print_json
from cufit_ops.deployed_environment import Deployed
from stacks.settings import LOCAL

app = typer.Typer(
    help="Recommendations by rules alone, without a model: look, pull, release.",
    no_args_is_help=True,
)


@app.command()
def status(environment: Reached = LOCAL, as_json: Json = False) -> None:
    """Whether the brake holds, and since when."""
    _show(brake.read(Deployed.named(environment)), as_json)


@app.command()
def rules(environment: Reached = LOCAL, as_json: Json = False) -> None:
    """Pull it until you release it: no model is asked, recommendations end DEGRADED."""
    _show(brake.write(Deployed.named(environment), RULES), as_json)


@app.command()
def off(environment: Reached = LOCAL, as_json: Json = False) -> None:
    """Release it: models are asked again. What ended DEGRADED meanwhile can be upgraded."""
    _show(brake.write(Deployed.named(environment), OFF), as_json)


def _show(found: brake.Brake, as_json: bool) -> None:
    since = found.since.astimezone().isoformat(timespec="seconds")
    if as_json:
        until = found.until and found.until.isoformat()
        print_json(
            {
                "environment": found.environment,
                "value": found.value,
                "holds": found.holds,
                "until": until,
                "since": since,
            }
        )
        return
    what = "[red]rules[/red]: no model is asked" if found.holds else "[green]off[/green]"
    ends = ", until somebody releases it" if found.holds else ""
    if found.until:
        ends = f", until {found.until.astimezone().isoformat(timespec='seconds')} by itself"
    out.print(f"{found.environment}  brake {what}{ends}; written {since}: {found.value}")
    out.print(f"running workers notice within {brake.BELIEVED_SECONDS} s", style="dim")
