"""Values of config/ that belong to nobody: told where they do no harm, refused elsewhere."""

from typing import Annotated

import typer
from rich.markup import escape

from cufit_ops.cli.output import err
from stacks.config_files import ConfigurationFault, load_environments
from stacks.placeholders import placeholders_of

AllowUnknownModel = Annotated[
    bool,
    typer.Option(
        "--allow-unknown-model",
        envvar="CUFIT_ALLOW_UNKNOWN_MODEL",
        help="Deploy a Bedrock model that is newer than cufit's list.",
    ),
]


def refuse_placeholders(environment: str, *, allow_unknown_model: bool = False) -> None:
    """Let only an environment pass that holds nothing made up.

    Raises:
        ConfigurationFault: names each such value with what to put there, or what is illegal.
    """
    (found,) = load_environments(only=environment)
    if made_up := placeholders_of(found, allow_unknown_model=allow_unknown_model):
        raise ConfigurationFault(
            [
                f"config/{environment}.toml holds values that are nobody's; put yours there:",
                *(f"  {sentence}" for sentence in made_up),
            ]
        )


def tell_placeholders(environment: str | None) -> None:
    """A warning on stderr for each such value, of one environment or of all.

    Raises:
        ConfigurationFault: the configuration is illegal.
    """
    for found in load_environments(only=environment):
        for sentence in placeholders_of(found):
            err.print(
                f"[yellow]not to be deployed:[/yellow] config/{found.name}.toml: "
                f"{escape(sentence)}",
                soft_wrap=True,
            )
