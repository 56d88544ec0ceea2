"""The environments that share an account with one, synthesized."""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cufit_ops.template_graph import Account
from cufit_ops.templates import synthesize
from cufit_ops.workspace import ROOT
from stacks.config_files import load_environments
from stacks.settings import Environment


@dataclass(frozen=True)
class Built:
    """An environment and its templates."""

    settings: Environment
    account: Account


def by_name(environments: Iterable[Built]) -> dict[str, Account]:
    """As a bill is made of them."""
    return {one.settings.name: one.account for one in environments}


def assembly(folder: Path, names: Iterable[str]) -> dict[str, Account]:
    """Those of environments `names` that are in a cloud assembly.

    Raises:
        ValueError: there is none of them.
    """
    found = {
        name: account for name in names if (account := Account.of_environment(folder, name)).stacks
    }
    if not found:
        raise ValueError(
            f"{folder} is no cloud assembly of {', '.join(names)}; `cufit synth --output` and "
            "`CDK_OUTDIR=… python app.py` write one"
        )
    return found


def environments_beside(name: str | None) -> list[Environment]:
    """Those of the account of environment `name`; None: of the first account that has a budget, or
    the first of all. A laptop's costs nothing.

    Raises:
        ConfigurationFault: the configuration is wrong.
        ValueError: there is no such environment on AWS.
    """
    environments = [found for found in load_environments() if not found.is_local]
    of = [found for found in environments if name in (None, found.name)]
    if not of:
        legal = ", ".join(found.name for found in environments)
        raise ValueError(f"--env {name}: legal are {legal}; a laptop costs nothing")
    first = next((found for found in of if found.budget), of[0])
    return [found for found in environments if found.account == first.account]


def built(environments: list[Environment]) -> list[Built]:
    """With their templates; takes a synthesis of the checkout, some ten seconds.

    Raises:
        SynthError: it does not synthesize.
    """
    with tempfile.TemporaryDirectory() as folder:
        synthesize(ROOT, Path(folder), validate=False)
        return [
            Built(found, Account.of_environment(Path(folder), found.name)) for found in environments
        ]
