"""`cufit webhook`: the address that alarms are posted to, kept as a secret of the account."""

import re
import sys

import typer

from cufit_ops.cli.output import Reached, out
from cufit_ops.deployed_environment import Deployed
from stacks.config_files import load_environments
from stacks.settings import LOCAL


def webhook(environment: Reached = LOCAL) -> None:
    """Store the address of the alarms' webhook where alarms.webhook_parameter says.

    Asked for without echo, or read from a pipe: whoever knows it may write to the channel.
    """
    (settings,) = load_environments(only=environment)
    name = settings.alarms.webhook_parameter
    if name is None:
        raise ValueError(
            f"config/{environment}.toml has no alarms.webhook_parameter; put a name there first, "
            f'such as "/cufit/{environment}/alarm-webhook"'
        )
    if sys.stdin.isatty():
        address = typer.prompt("The webhook's address", hide_input=True, err=True)
    else:
        address = sys.stdin.readline()
    if not re.fullmatch(r"https://[\w.-]+/\S+", address.strip()):
        raise ValueError("that is no webhook: its address begins with https:// and has a path")
    Deployed.named(environment).client("ssm").put_parameter(
        Name=name, Value=address.strip(), Type="SecureString", Overwrite=True
    )
    out.print(f"{name} holds it, as a SecureString", markup=False)


COMMANDS = (webhook,)
