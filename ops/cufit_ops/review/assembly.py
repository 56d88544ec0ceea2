"""Reads what `cufit synth --output` and the base builder leave: one synthesized version, DIR.

Beside the cloud assembly lie the files of the checkout that it was made of, under their paths in
the repository (`DIR/config/dev.toml`, `DIR/prompts/match/v2/`, `DIR/lambdas/match_worker/`), for
what templates do not say.
"""

import tomllib
from pathlib import Path
from typing import Any

from cufit_ops.review.change import Side
from cufit_ops.template_graph import Account
from cufit_ops.templates import STAGE
from stacks.settings import LOCAL

COPIED = (
    "config",
    "prompts",
    "lambdas",
    "contracts",
    "service",
    "ops/cufit_ops/evaluation/golden/baseline.json",
    "tests/infra/approved/used",
)
"""Folders and files of a checkout that are copied beside its assembly."""


def sides(assembly: Path) -> dict[str, Side]:
    """Each environment that is deployed, by name.

    Raises ValueError for a folder without any, such as that of one environment: nothing would be
    compared, and nothing found; KeyError, TypeError, AttributeError or ValueError for what the CDK
    does not write.
    """
    found = {}
    stages = sorted(assembly.glob(f"{STAGE}*"))
    if not stages:
        raise ValueError(f"no {STAGE}ENVIRONMENT is in it; name the folder above those")
    for stage in stages:
        name = stage.name.removeprefix(STAGE)
        if name != LOCAL:
            account = Account.read(stage)
            _refuse_no_resources(account)
            found[name] = Side(account, stage, _configuration(assembly, name))
    return found


def _refuse_no_resources(account: Account) -> None:
    """cloudformation-diff and the analysers stop at those, without saying where. A macro among the
    resources (`Fn::Transform`) has no type: only CloudFormation knows what comes of it."""
    for stack, template in account.stacks.items():
        for logical_id, resource in template.get("Resources", {}).items():
            if not isinstance(resource, dict) or not isinstance(
                resource.get("Properties", {}), dict
            ):
                raise TypeError(f"{stack}/{logical_id} has no properties that can be read")
            if not isinstance(resource.get("Type"), str):
                raise TypeError(f"{stack}/{logical_id} has no type")


def _configuration(assembly: Path, environment: str) -> dict[str, Any] | None:
    try:
        text = (assembly / "config" / f"{environment}.toml").read_text(encoding="utf-8-sig")
        return tomllib.loads(text)
    except (OSError, ValueError):
        return None
