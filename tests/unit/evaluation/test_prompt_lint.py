"""The lint finds what would hurt later, and is quiet about the versions there are."""

import json
import re
import shutil
from pathlib import Path

import jsonschema_rs
import pytest

from cufit_ops.evaluation.prompt_lint import findings
from match_worker.model.prompt import load_prompt
from tests.unit.lambdas.match_worker.golden import PROMPTS

VERSIONS = sorted(folder.name for folder in PROMPTS.iterdir() if folder.is_dir())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(PROMPTS, tmp_path / "match")
    return tmp_path


def edit(root: Path, name: str, old: str, new: str, version: str = "v1") -> None:
    file = root / "match" / version / name
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))


@pytest.mark.parametrize("version", VERSIONS)
def test_versions_in_use_have_no_findings(version: str) -> None:
    assert findings(version) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        ("template.txt", "$query$", "", "invalid"),
        ("template.txt", "<의뢰인>\n$query$", "$query$", "undelimited"),
        ("template.txt", "{{judged_criteria}}\n", "", "unasked"),
        ("CHANGES.md", "# match v1", "# match", "no-changes"),
    ],
)
def test_a_mistake_is_found(root: Path, name: str, old: str, new: str, code: str) -> None:
    if code == "unasked":
        edit(root, name, "{{answer_example}}", "JSON")
    edit(root, name, old, new)
    assert code in {finding.code for finding in findings("v1", root)}


def test_missing_company_is_found(root: Path) -> None:
    shutil.rmtree(root / "match" / "v1" / "golden")
    (root / "match" / "v1" / "CHANGES.md").unlink()
    codes = {finding.code for finding in findings("v1", root)}
    assert codes == {"no-golden-cases", "no-changes"}


def test_a_version_that_is_not_there_is_invalid() -> None:
    assert [finding.code for finding in findings("v999")] == ["invalid"]


ORDERED, SWAPPED = '"required": ["id", "reason", "parts"]', '"required": ["id", "parts", "reason"]'


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        ("answer.schema.json", ORDERED, SWAPPED, "order"),
        ("template.txt", '"id":"q7m2xa","reason":', '"age":30,"id":"q7m2xa","reason":', "order"),
        ("template.txt", "q7m2xa", "m_g3bp5alvb7rilstdrbrdomhqef", "alias"),
        ("template.txt", "q7m2xa", "후보의 id", "unreadable-example"),
        ("template.txt", "산행과 필름 사진을", "한국어 한 문장", "placeholder"),
        ("template.txt", "산행과", "산행과 " * 10, "reason"),
        ("template.txt", "values*2/3", "values*1/2", "middle"),
        ("template.txt", "values*2/3", "values*1/2", "one-sided"),
        ("template.txt", "{{hobbies*0}}", "{{hobbies*1}}", "one-sided"),
        ("template.txt", "{{hobbies*1}}", "{{hobbies*2}}", "unreadable-example"),
        ("template.txt", '"values":{{values*2/3}},', "", "unreadable-example"),
        ("template.txt", '{"candidates":[{"id"', '{"people":[{"id"', "one-sided"),
    ],
)
def test_a_mistake_in_what_is_shown_of_an_answer_is_found(
    root: Path, name: str, old: str, new: str, code: str
) -> None:
    edit(root, name, old, new, "v2")
    assert code in {finding.code for finding in findings("v2", root)}


def test_a_criterion_without_anchors_is_found(root: Path) -> None:
    rubric = root / "match" / "v2" / "rubric.toml"
    head, _, rest = rubric.read_text().partition("anchors = [")
    rubric.write_text(head + rest.partition("]\n")[2])
    assert {finding.code for finding in findings("v2", root)} == {"unanchored"}


def test_the_examples_are_what_the_schema_asks_for() -> None:
    prompt = load_prompt("v2")
    shown = re.findall(r'^\{"candidates":\[\{.*\}$', prompt.template, re.MULTILINE)
    assert len(shown) == 1
    jsonschema_rs.validate(prompt.answer_schema, json.loads(shown[0]))
