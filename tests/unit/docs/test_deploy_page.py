"""docs/deploy.md, the part that needs no AWS; `make walkthrough` follows it whole."""

import re
import shlex
from pathlib import Path

import pytest

from cufit_ops.doctor.checks import CHECKS
from cufit_ops.workspace import ROOT
from stacks.config_files import load_environment
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
