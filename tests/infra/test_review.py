"""The whole way of a pull request's report: two synthesized versions, one edited, and the text."""

import json
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cufit_ops.review.findings import Gate
from cufit_ops.review.markdown import render
from cufit_ops.review.report import review
from cufit_ops.review.synthesis import Outcome, Synthesis, copy_sources
from cufit_ops.templates import stacks
from cufit_ops.workspace import ROOT
from tests.changes.case import Templates, of_type, renamed
from tests.infra.conftest import FIXTURES
from tests.infra.synthesis import Synthesized, as_list

FAILED = "could not be worked out"
"""Of an analyser (analysers.py)."""


@pytest.fixture
def base(samples: Mapping[str, Synthesized], tmp_path: Path) -> Path:
    """dev and prod as `cufit synth --output` leaves them."""
    folder = tmp_path / "base"
    for name, sample in samples.items():
        shutil.copytree(sample.folder, folder / f"assembly-cufit-{name}")
    (folder / "manifest.json").write_text("{}")
    copy_sources(ROOT, folder)
    shutil.rmtree(folder / "config")
    shutil.copytree(FIXTURES, folder / "config")
    return folder


def edited(base: Path, edit: Callable[[Templates], None]) -> Path:
    """Another version, whose templates `edit` changes."""
    head = base.with_name("head")
    shutil.copytree(base, head)
    for stage in head.glob("assembly-cufit-*"):
        files = {
            artifact["displayName"].partition(" ")[0].rpartition("/")[2]: stage / file
            for file, artifact in stacks(stage).items()
        }
        templates = {name: json.loads(file.read_text()) for name, file in files.items()}
        edit(templates)
        for name, file in files.items():
            file.write_text(json.dumps(templates[name]))
    return head


def all_at_once(templates: Templates) -> None:
    """A table under another name, a worker that may delete, a task four times as large."""
    renamed(templates, "Data/Candidates", "People")
    for _, id_, policy in of_type(templates, "AWS::IAM::Policy"):
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            if id_.startswith("MatchWorker") and "dynamodb:GetItem" in statement["Action"]:
                statement["Action"] = [*as_list(statement["Action"]), "dynamodb:DeleteItem"]
    for _, _, task in of_type(templates, "AWS::ECS::TaskDefinition"):
        task["Properties"] |= {"Cpu": "1024", "Memory": "2048"}


def test_two_equal_versions_say_that_nothing_changes(base: Path) -> None:
    made = review(base, edited(base, lambda _: None))
    assert made.exit_code == 0
    assert render(made, "en").splitlines()[1:] == ["## ✅ Nothing that is deployed changes"]
    assert render(made, "ko").splitlines()[1:] == ["## ✅ 배포되는 것은 바뀌지 않습니다"]


def test_what_is_dangerous_is_read_before_anything_is_unfolded(base: Path) -> None:
    head = edited(base, all_at_once)
    before = sum(os.times()[:4])  # Node's too, and not what else this machine does
    made = review(base, head)
    said = render(made, "en")
    assert sum(os.times()[:4]) - before < 10
    assert made.exit_code == 1
    assert set(made.shut) >= {Gate.MOVED_LOGICAL_ID, Gate.WIDER_PERMISSION, Gate.MONTHLY_LIMIT}
    assert FAILED not in said
    first = said.partition("<details>")[0]
    for words in (
        "people would see an empty candidates table",
        "match_worker may now",
        "delete",
        "a month for dev + prod",
        "requests a second",
        "This deployment will be refused",
    ):
        assert words in first.replace("&#95;", "_").replace("&#43;", "+"), words
    assert "빈 후보자 목록을 보게 됩니다" in render(made, "ko").partition("<details>")[0]
    assert said.index("<summary>What shows it") < said.index("<summary>cdk diff: dev/Data")


def test_a_head_that_is_refused_by_a_check_is_compared_all_the_same(base: Path) -> None:
    head = edited(base, all_at_once)
    reasons = ("AwsSolutions-S10: cufit-dev/Data/PhotoBucket: requests do not use SSL",)
    Synthesis(Outcome.VALIDATION, reasons).write(head)
    made = review(base, head)
    assert made.exit_code == 3
    first = render(made, "en").partition("<details>")[0]
    assert reasons[0] in first
    assert "people would see an empty candidates table" in first


def test_only_one_environment_can_be_asked_for(base: Path) -> None:
    made = review(base, edited(base, all_at_once), only="prod")
    assert [change.environment for change in made.changes] == ["prod"]
    said = render(made, "en")
    assert "dev/" not in said
    assert "a month for dev + prod" in said  # the account's, whoever is asked for
