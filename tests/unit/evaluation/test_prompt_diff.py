"""What `cufit prompt diff` knows of two versions."""

import shutil
from pathlib import Path

import pytest

from cufit_ops.evaluation.prompt_diff import Weight, difference
from match_worker.model.prompt import load_prompt
from tests.unit.lambdas.match_worker.golden import PROMPTS


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(PROMPTS, tmp_path / "match")
    return tmp_path


def test_the_files_and_the_lines_are_named(root: Path) -> None:
    shutil.copytree(root / "match" / "v1", root / "match" / "v91")
    assert difference("v1", "v91", root).lines == ""
    rubric = root / "match" / "v91" / "rubric.toml"
    rubric.write_text(rubric.read_text().replace("near = 7", "near = 8"))
    lines = difference("v1", "v91", root).lines
    assert "+++ v91/rubric.toml" in lines
    assert "-near = 7" in lines
    assert "+near = 8" in lines


def test_a_criterion_of_one_version_alone_is_told() -> None:
    forth, back = difference("v1", "v2").weights, difference("v2", "v1").weights
    answers = load_prompt("v2").rubric.code.listed["answers"].weight
    assert Weight("answers", "code", None, answers) in forth
    assert Weight("answers", "code", answers, None) in back
    for weights in (forth, back):
        assert sum(weight.change for weight in weights) == 0
        assert sum(weight.new or 0 for weight in weights) == 100


def test_the_order_of_the_answer_is_told() -> None:
    old, new = difference("v1", "v2").sizes
    assert (old.entry, old.longest_reason) == (("id", "parts", "reason"), 80)
    assert (new.entry, new.longest_reason) == (("id", "reason", "parts"), 40)
