"""The lint finds what would hurt later, and is quiet about the versions there are."""

import shutil
from pathlib import Path

import pytest

from cufit_ops.evaluation.prompt_lint import differences, findings
from tests.unit.lambdas.match_worker.golden import PROMPTS

VERSIONS = sorted(folder.name for folder in PROMPTS.iterdir() if folder.is_dir())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(PROMPTS, tmp_path / "match")
    return tmp_path


def edit(root: Path, name: str, old: str, new: str) -> None:
    file = root / "match" / "v1" / name
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


def test_differences_name_the_file_and_the_lines(root: Path) -> None:
    shutil.copytree(root / "match" / "v1", root / "match" / "v2")
    assert differences("v1", "v2", root) == ""
    rubric = root / "match" / "v2" / "rubric.toml"
    rubric.write_text(rubric.read_text().replace("near = 7", "near = 8"))
    shown = differences("v1", "v2", root)
    assert "+++ v2/rubric.toml" in shown
    assert "-near = 7" in shown
    assert "+near = 8" in shown
