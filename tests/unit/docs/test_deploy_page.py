"""docs/deploy.md, the part that needs no AWS; `make walkthrough` follows it whole."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from cufit_ops.doctor.checks import CHECKS
from cufit_ops.workspace import ROOT
from stacks.config_files import CONFIG_FOLDER, load_environment, load_environments
from stacks.placeholders import placeholders_of
from tests.deployments.deploy_page import (
    AS_SHIPPED,
    EXPECTED,
    KOREAN_PAGE,
    NOT_HERE,
    PAGE,
    TYPED,
    commands,
    filled_in,
)
from tests.unit.docs.test_runbook import is_legal

OF_THE_PAGE = [command for command in dict.fromkeys(commands()) if command not in NOT_HERE]


def test_the_korean_page_has_the_same_commands() -> None:
    assert commands(KOREAN_PAGE) == commands()


@pytest.mark.parametrize("command", OF_THE_PAGE)
def test_it_can_be_run_on_the_embedded_aws_or_says_why_not(command: str) -> None:
    program, *words = shlex.split(command)
    if program == "make":
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
        assert words[0] in targets
    elif program == "cufit":
        assert is_legal(words)
    else:
        assert program == ".venv/bin/python", f"{command}: neither run nor in NOT_HERE"


def test_every_exception_is_of_a_command_of_the_page() -> None:
    assert {*NOT_HERE, *TYPED, *EXPECTED} <= {*commands()}
    assert not {*NOT_HERE} & {*TYPED, *EXPECTED}


@pytest.mark.parametrize("page", [PAGE, KOREAN_PAGE], ids=lambda page: page.name)
def test_questions_it_names_are_the_doctors(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    (table,) = re.findall(r"^\| (?:question|질문) .*?\n\n", text, re.DOTALL | re.MULTILINE)
    named = set(re.findall(r"^\| (`.*?) \|", table, re.MULTILINE))
    ids = {name for cell in named for name in re.findall(r"`([\w-]+)`", cell)}
    assert ids
    assert ids <= {check.id for check in CHECKS}


@pytest.mark.parametrize("file", AS_SHIPPED, ids=lambda file: file.name)
def test_what_it_says_to_fill_in_is_all_that_is_made_up(file: Path, tmp_path: Path) -> None:
    copy = tmp_path / file.name
    copy.write_text(filled_in(file.read_text(encoding="utf-8")), encoding="utf-8")
    assert placeholders_of(load_environment(file))
    assert placeholders_of(load_environment(copy)) == []


@pytest.mark.parametrize("page", [PAGE, KOREAN_PAGE], ids=lambda page: page.name)
def test_another_environment_is_made_as_it_says(page: Path, tmp_path: Path) -> None:
    (said,) = re.findall(
        r"^\*\*(?:Another environment|또 다른 환경)\*\*: .*$", page.read_text("utf-8"), re.M
    )
    folder = Path(shutil.copytree(CONFIG_FOLDER, tmp_path / "config"))
    text = (folder / "dev.toml").read_text(encoding="utf-8")
    for table in re.findall(r"`\[(\w+)\]`", said):
        text = re.sub(rf"^\[{table}\].*?(?=^\[|\Z)", "", text, flags=re.M | re.S)
    for key, value in re.findall(r"`(\w+) = (\S+)`", said):
        text, times = re.subn(rf"^{key} = \S+", f"{key} = {value}", text, flags=re.M)
        assert times == 1
    if "`deploy_from`" in said:
        text = text.replace('"environment:dev"', '"environment:trial"')
    (folder / "trial.toml").write_text(text, encoding="utf-8")

    assert "trial" in {environment.name for environment in load_environments(folder)}


@pytest.mark.parametrize("page", ["guide.en.md", "guide.ko.md"])
def test_the_guide_names_what_differs_there(page: str) -> None:
    text = (PAGE.parent / page).read_text(encoding="utf-8")
    (row,) = [line for line in text.splitlines() if line.startswith(("| a new env", "| 새 환경"))]
    for what in ("config/dev.toml", "[budget]", "deploy_from", "github_provider", "operator_roles"):
        assert f"`{what}`" in row
