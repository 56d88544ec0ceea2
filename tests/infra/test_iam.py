"""`cufit iam`: allowed, used and unused, of every role."""

import json
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import typer
from rich.cells import cell_len
from typer.testing import CliRunner, Result

from cufit_ops.cli import iam
from tests.infra.synthesis import Synthesized

APP = typer.Typer()
APP.command()(iam.iam)

Ask = Callable[..., Result]


@pytest.fixture
def ask(
    synthesized: Mapping[str, Synthesized], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Ask:
    """The command over templates as synthesized, with `edit` done to each."""

    def asking(*words: str, edit: Callable[[Any], object] = lambda _: None) -> Result:
        def copied(_checkout: Path, output: Path, **_options: object) -> None:
            folder = synthesized["prod"].folder
            shutil.copytree(folder, output / folder.name)
            for file in (output / folder.name).glob("*.template.json"):
                template = json.loads(file.read_text(encoding="utf-8"))
                edit(template)
                file.write_text(json.dumps(template), encoding="utf-8")

        monkeypatch.setattr(iam, "synthesize", copied)
        return CliRunner().invoke(APP, ["--env", "prod", *words])

    return asking


@pytest.mark.parametrize("language", ["en", "ko"])
def test_each_role_is_told_in_words_on_eighty_columns(ask: Ask, language: str) -> None:
    told = ask("--language", language)
    assert told.exit_code == 0, told.output
    lines = told.stdout.splitlines()
    assert max(map(cell_len, lines)) <= 80
    whose = [line for line in lines if line.startswith("prod · ")]
    assert any("match_worker" in line for line in whose)
    unused = {re.findall(r"(\d+) unused|미사용 (\d+)개", line)[0] for line in whose}
    assert unused <= {("0", ""), ("", "0")}
    assert "  (배포 역할)" in lines or "  (the deploy role)" in lines
    said = "모든 후보자: 조회·수정" if language == "ko" else "read and change any candidate"
    assert f"    - {said}" in lines


def test_programs_read_who_needs_each_permission(ask: Ask) -> None:
    told = json.loads(ask("--json").stdout)
    assert told["version"] == 1
    worker = told["environments"]["prod"]["match_worker"]
    assert all(one["used"] and one["by"] for one in worker)
    assert {
        "action": "sqs:ReceiveMessage",
        "on": "Matching/MatchRequestsQueue",
        "used": True,
        "by": "Lambda, taking its messages",
        "unusedAttributes": [],
    } in worker


def test_what_nobody_needs_is_said_and_fails(ask: Ask) -> None:
    told = ask("--language", "en", edit=_may_delete_and_see_phones)
    assert told.exit_code == 1
    worker = told.stdout.split("match_worker", 1)[1].split("prod · ", 1)[0]
    assert "  needed by nobody, so take it out of stacks/:\n" in worker
    assert "- delete any candidate" in worker
    assert "(attributes phone)" in worker


def _may_delete_and_see_phones(template: Any) -> None:
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::IAM::Policy":
            for statement in resource["Properties"]["PolicyDocument"]["Statement"]:
                held = statement.get("Condition", {}).get("ForAllValues:StringEquals", {})
                held.get("dynamodb:Attributes", []).append("phone")
                if held and "dynamodb:GetItem" in statement["Action"]:
                    statement["Action"].append("dynamodb:DeleteItem")


def test_another_language_is_refused(ask: Ask) -> None:
    refused = ask("--language", "fr")
    assert str(refused.exception) == "--language = 'fr': legal are en, ko"
