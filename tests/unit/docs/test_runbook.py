"""What somebody reads at night can be typed as it stands."""

import re
import shlex
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name
from typer.testing import CliRunner

from cufit_ops.cli import app

ROOT = Path(__file__).parents[3]
PAGES = sorted((ROOT / "docs/runbook").glob("*.md"))
ALARMS = ROOT / "stacks/components/alarms.py"

OF_THE_AWS_CLI = {("logs", "tail")}
"""Commands that are no operation of a service (AWS CLI command reference)."""


def commands(file: Path, program: str) -> list[list[str]]:
    """What `file` says to type: in backticks, or as what an alarm names to begin with."""
    text = file.read_text()
    quoted = re.findall(rf"`(?:\.venv/bin/)?({program} [^`]+)`", text)
    first = re.findall(rf'first="({program} [^"]+)"', text)
    return [shlex.split(command)[1:] for command in quoted + first]


def is_legal(arguments: list[str]) -> bool:
    """Whether `cufit` knows the words and options; asked for help it runs nothing."""
    return CliRunner().invoke(app, [*arguments, "--help"]).exit_code == 0


@pytest.mark.parametrize("file", [*PAGES, ALARMS], ids=lambda file: file.name)
def test_every_cufit_command_can_be_typed(file: Path) -> None:
    assert not [words for words in commands(file, "cufit") if not is_legal(words)]


def test_a_command_that_is_none_is_found() -> None:
    for wrong in (["brakes"], ["brake", "of"], ["kb", "status", "--enviroment", "dev"]):
        assert not is_legal(wrong)


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_every_aws_command_is_an_operation_with_its_parameters(file: Path) -> None:
    session = botocore.session.get_session()
    for service, name, *words in commands(file, "aws"):
        if (service, name) in OF_THE_AWS_CLI:
            continue
        model = session.get_service_model(service)
        operations = {xform_name(one, "-"): one for one in model.operation_names}
        assert name in operations, f"aws {service} {name}"
        members = model.operation_model(operations[name]).input_shape.members  # type: ignore[union-attr]
        legal = {f"--{xform_name(member, '-')}" for member in members}
        assert {word for word in words if word.startswith("--")} <= legal, words
