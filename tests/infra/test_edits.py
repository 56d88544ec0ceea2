"""What docs/edits.md says of each edit, from the templates before and after it.

`make deployments` deploys the same edits by the CDK CLI.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from cufit_ops.resource_schemas import FOR_THE_EMBEDDED_AWS, for_the_embedded_aws
from cufit_ops.review.refused import refusals
from cufit_ops.review.replacement import replaced
from cufit_ops.template_graph import Account
from stacks.config_files import ConfigurationFault, load_environment
from tests.deployments.edits import EDITS, ROLLED, Edit, edited
from tests.deployments.page import PAGE, written
from tests.infra.conftest import FIXTURES, NO_BUNDLES
from tests.infra.synthesis import Synthesized

Accounts = Mapping[str, Account]


def file_of(edit: Edit) -> Path:
    """The sample that is edited: production, wherever the edit is legal there."""
    return FIXTURES / ("prod.toml" if edit.in_production else "dev.toml")


@pytest.fixture(scope="module")
def accounts(
    app: Any, tmp_path_factory: pytest.TempPathFactory, samples: Mapping[str, Synthesized]
) -> Accounts:
    """By the name of the edit that was made, or of the sample without one."""
    made: dict[str, Account] = {name: sample.account for name, sample in samples.items()}
    folder = tmp_path_factory.mktemp("edits")
    environments = {edit.name: edited(file_of(edit), edit, folder) for edit in EDITS}
    for number, (name, environment) in enumerate(environments.items()):
        out = folder / str(number)
        app.build([environment], context=NO_BUNDLES, outdir=str(out)).synth()
        made[name] = Account.read(out / f"assembly-cufit-{environment.name}")
    return made


@pytest.mark.parametrize("edit", [edit for edit in EDITS if not edit.in_production])
def test_what_is_not_for_production_changes_nothing_there(edit: Edit, tmp_path: Path) -> None:
    file = FIXTURES / "prod.toml"
    with suppress(ConfigurationFault):
        assert edited(file, edit, tmp_path) == load_environment(file)


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.name)
def test_an_edit_and_its_way_back_can_be_deployed(edit: Edit, accounts: Accounts) -> None:
    before, after = accounts[file_of(edit).stem], accounts[edit.name]
    assert before.stacks != after.stacks
    for base, head in ((before, after), (after, before)):
        assert refusals(base, head) == []
        assert anew(base, head) == edit.replaced


def anew(base: Account, head: Account) -> set[str]:
    return {
        head.stacks[stack]["Resources"][logical_id]["Type"]
        for stack in head.stacks.keys() & base.stacks.keys()
        for logical_id in replaced(base.stacks[stack], head.stacks[stack])
    } - {ROLLED}


def test_the_embedded_aws_knows_what_only_creation_sets(
    synthesized: Mapping[str, Synthesized], accounts: Accounts
) -> None:
    every = [*(each.account for each in synthesized.values()), *accounts.values()]
    types = {
        resource["Type"]
        for account in every
        for template in account.stacks.values()
        for resource in template["Resources"].values()
    }
    held = json.loads(FOR_THE_EMBEDDED_AWS.read_text(encoding="utf-8"))
    missing = sorted(for_the_embedded_aws(types).keys() - held.keys())
    command = f"`.venv/bin/python -m cufit_ops.resource_schemas {' '.join(missing)}`"
    assert held == for_the_embedded_aws(types | held.keys()), f"run {command}"


def test_the_page_shows_these_edits() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == written(page), "run `.venv/bin/python -m tests.deployments.page`"
