"""Code as files and versions, prompts as points and figures, from two folders alone."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from cufit_ops.review import code, prompts
from cufit_ops.review.change import Change, Side
from cufit_ops.review.findings import Finding, Rank
from cufit_ops.template_graph import Account
from cufit_ops.workspace import ROOT

GOLDEN = "ops/cufit_ops/evaluation/golden/baseline.json"


def account(digest: str, version: str = "v2") -> Account:
    worker = {
        "Handler": "match_worker.handler.handler",
        "Code": {"S3Key": f"{digest}.zip"},
        "Environment": {
            "Variables": {
                "CUFIT_PROMPT_VERSION": version,
                "CUFIT_MATCHMAKER": "retrieve_and_generate",
            }
        },
    }
    container = {"Image": {"Fn::Sub": f"registry/assets:{digest}"}}
    task = {"ContainerDefinitions": [container]}
    return Account.made_of(
        {
            "Matching": {
                "Resources": {
                    "Worker": {"Type": "AWS::Lambda::Function", "Properties": worker},
                    "Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": task},
                }
            }
        }
    )


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """The same checkout twice, as it lies beside an assembly."""
    for name in ("base", "head"):
        root = tmp_path / name
        shutil.copytree(ROOT / "prompts", root / "prompts")
        (root / GOLDEN).parent.mkdir(parents=True)
        shutil.copy(ROOT / GOLDEN, root / GOLDEN)
        for folder in ("contracts/cufit_contracts", "service", "lambdas/match_worker"):
            (root / folder).mkdir(parents=True)
            (root / folder / "one.py").write_text("a = 1\nb = 2\n")
        lock = "pydantic==2.14.3 \\\n    --hash=sha256:0\nold-one==1.0\n"
        (root / "lambdas/match_worker/requirements.txt").write_text(lock)
    return tmp_path / "base", tmp_path / "head"


def change(folders: tuple[Path, Path], **versions: Any) -> Change:
    base, head = (
        Side(account(digest, version), folder / "assembly-cufit-dev")
        for digest, version, folder in zip(
            ("a", "b"), (versions.get("old", "v2"), versions.get("new", "v2")), folders, strict=True
        )
    )
    return Change("dev", base, head, [])


def said(found: list[Finding]) -> list[str]:
    return [finding.sentence.english for finding in found]


def test_the_same_files_under_another_hash_are_nothing(folders: tuple[Path, Path]) -> None:
    found = list(code.findings(change(folders)))
    assert said(found) == [
        "match_worker is built anew of the same files and packages: nothing changes",
        "the service is built anew of the same files and packages: nothing changes",
    ]
    assert {finding.rank for finding in found} == {Rank.DETAIL}


def test_files_are_listed_with_their_lines(folders: tuple[Path, Path]) -> None:
    worker = folders[1] / "lambdas/match_worker"
    (worker / "one.py").write_text("a = 1\nb = 3\nc = 4\n")
    (worker / "two.py").write_text("new = True\n")
    (found, *_) = code.findings(change(folders))
    assert found.sentence.english == (
        "Code of match_worker changes: 2 files (+1 −0 ~1), +3 −1 lines"
    )
    assert found.evidence.splitlines() == [
        "~ lambdas/match_worker/one.py (+2 −1)",
        "+ lambdas/match_worker/two.py (+1 −0)",
    ]


def test_shared_code_is_told_once_with_who_carries_it(folders: tuple[Path, Path]) -> None:
    (folders[1] / "contracts/cufit_contracts/one.py").unlink()
    (sentence,) = said(list(code.findings(change(folders))))
    assert sentence == (
        "Code that match_worker and the service share changes (contracts/): 1 file (+0 −1 ~0), "
        "+0 −2 lines"
    )


def test_a_prompt_that_is_not_in_use_is_told_as_a_file(folders: tuple[Path, Path]) -> None:
    rubric = folders[1] / "prompts/match/v1/rubric.toml"
    rubric.write_text(rubric.read_text() + "# said in other words\n")
    assert said(list(prompts.findings(change(folders)))) == []
    assert "match_worker carries other prompts: 1 file (+0 −0 ~1), +1 −0 lines" in said(
        list(code.findings(change(folders)))
    )


def test_packages_are_told_by_version(folders: tuple[Path, Path]) -> None:
    lock = "pydantic==2.15.0 \\\n    --hash=sha256:1\nnew-one==0.1 ; python_version > '3'\n"
    (folders[1] / "lambdas/match_worker/requirements.txt").write_text(lock)
    sentences = said(list(code.findings(change(folders))))
    assert sentences[0] == (
        "Packages of match_worker change: new-one 0.1 added, old-one 1.0 removed, "
        "pydantic 2.14.3 → 2.15.0"
    )


def test_a_prompt_that_stays_is_not_told(folders: tuple[Path, Path]) -> None:
    assert list(prompts.findings(change(folders))) == []


def test_another_version_tells_points_and_figures(folders: tuple[Path, Path]) -> None:
    points, figures = said(list(prompts.findings(change(folders, old="v1", new="v2"))))
    assert points.startswith("Candidates are judged by prompt v2 instead of v1; of the 100 points:")
    assert "answers 0 → 20" in points
    before, after = (
        json.loads((ROOT / GOLDEN).read_text())["trials"][f"retrieve_and_generate {version}"]
        for version in ("v1", "v2")
    )
    assert f"nDCG@5 {before['ndcg_at_5']:g} → {after['ndcg_at_5']:g}" in figures


def test_a_rubric_that_moves_points_without_a_new_evaluation(folders: tuple[Path, Path]) -> None:
    rubric = folders[1] / "prompts/match/v2/rubric.toml"
    text = rubric.read_text()
    text = text.replace("weight = 12\nfull_gap", "weight = 11\nfull_gap")
    rubric.write_text(text.replace("weight = 8\nper_cm", "weight = 9\nper_cm"))
    points, figures = said(list(prompts.findings(change(folders))))
    assert points == (
        "The prompt v2 changes (+2 −2 lines); of the 100 points: age 12 → 11, height 8 → 9"
    )
    assert "`cufit eval --write-baseline`" in figures


def test_a_prompt_that_is_broken_says_so(folders: tuple[Path, Path]) -> None:
    (folders[1] / "prompts/match/v2/rubric.toml").write_text("[code]\n")
    (sentence,) = said(list(prompts.findings(change(folders))))
    assert "could not be compared" in sentence


def test_nothing_but_templates_says_nothing(tmp_path: Path) -> None:
    bare = change((tmp_path / "one", tmp_path / "two"))
    assert list(code.findings(bare)) == list(prompts.findings(bare)) == []
