"""The way back to an earlier commit: which there is, and what it would cost."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cufit_ops.delivering.plan import Change
from cufit_ops.delivering.rollback import RollbackError, known_commit, way_back
from cufit_ops.git_worktree import RevisionError, worktree

TABLE = {
    "Type": "AWS::DynamoDB::GlobalTable",
    "Properties": {"TableName": "members", "BillingMode": "PAY_PER_REQUEST"},
}
FUNCTION = {"Type": "AWS::Lambda::Function", "Properties": {"MemorySize": 256}}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two commits on main, and one on a branch that was never merged."""
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "--quiet", "--initial-branch", "main")
    for name in ("first", "second"):
        commit(root, name)
    git(root, "switch", "--quiet", "--create", "other", "HEAD~1")
    commit(root, "elsewhere")
    git(root, "switch", "--quiet", "main")
    return root


def git(root: Path, *arguments: str) -> str:
    who = ("-c", "user.name=n", "-c", "user.email=n@cufit.example")
    done = subprocess.run(
        ["git", *who, *arguments],  # noqa: S607  # the git at hand
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def commit(root: Path, name: str) -> None:
    (root / name).write_text(name)
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", f"the {name}")


def checkout(folder: Path, resources: dict[str, Any]) -> Path:
    """An earlier commit with environment prod, synthesized: one stack with these resources."""
    assembly = folder / "cdk.out/assembly-cufit-prod"
    assembly.mkdir(parents=True)
    (folder / "config").mkdir()
    (folder / "config/prod.toml").touch()
    (assembly / "Data.template.json").write_text(json.dumps({"Resources": resources}))
    stack = {
        "type": "aws:cloudformation:stack",
        "displayName": "cufit-prod/Data (cufit-prod-Data)",
        "properties": {
            "templateFile": "Data.template.json",
            "stackName": "cufit-prod-Data",
            "stackTemplateAssetObjectUrl": "s3://bucket/key",
            "assumeRoleArn": "arn",
            "cloudFormationExecutionRoleArn": "arn",
        },
    }
    (assembly / "manifest.json").write_text(json.dumps({"artifacts": {"Data": stack}}))
    return folder


def look(folder: Path, then: dict[str, Any], now: dict[str, Any]) -> Any:
    return way_back("prod", "c0ffee", "", checkout(folder, then), lambda _: {"Resources": now})


def test_a_commit_of_this_branch_is_known_by_any_name_of_it(repository: Path) -> None:
    sha, subject = known_commit("HEAD~1", root=repository)

    assert subject == "the first"
    assert known_commit(sha[:8], root=repository) == (sha, subject)


def test_a_commit_that_is_none_or_elsewhere_is_refused(repository: Path) -> None:
    with pytest.raises(RollbackError, match="--to nonsense: no commit of this repository"):
        known_commit("nonsense", root=repository)
    with pytest.raises(RollbackError, match="is no part of this branch's history"):
        known_commit("other", root=repository)


def test_a_commit_is_checked_out_beside_this_one_and_gone_afterwards(repository: Path) -> None:
    folder = repository.parent / "beside"
    with worktree("HEAD~1", folder, root=repository) as there:
        assert (there / "first").exists()
        assert not (there / "second").exists()
    assert not folder.exists()
    assert len(git(repository, "worktree", "list").splitlines()) == 1
    with pytest.raises(RevisionError), worktree("nonsense", folder, root=repository):
        pass


def test_code_goes_back(tmp_path: Path) -> None:
    larger = {"Type": FUNCTION["Type"], "Properties": {"MemorySize": 512}}
    found = look(tmp_path, {"F": FUNCTION, "T": TABLE}, {"F": larger, "T": TABLE, "New": FUNCTION})

    assert found.lost == []
    assert found.changes == {
        "cufit-prod-Data": (
            Change("Modify", "F", "AWS::Lambda::Function"),
            Change("Remove", "New", "AWS::Lambda::Function"),
        )
    }


def test_what_is_deployed_already_changes_nothing(tmp_path: Path) -> None:
    found = look(tmp_path, {"F": FUNCTION}, {"F": FUNCTION})

    assert (found.changes, found.lost) == ({}, [])


def test_a_table_that_the_commit_does_not_know_would_be_lost(tmp_path: Path) -> None:
    found = look(tmp_path, {"F": FUNCTION}, {"F": FUNCTION, "T": TABLE})

    assert found.lost == ["cufit-prod-Data: T (AWS::DynamoDB::GlobalTable) is not in that commit"]


def test_a_table_of_another_name_would_be_made_anew(tmp_path: Path) -> None:
    properties = {"TableName": "people", "BillingMode": "PAY_PER_REQUEST"}
    found = look(tmp_path, {"T": TABLE | {"Properties": properties}}, {"T": TABLE})

    assert found.lost == [
        "cufit-prod-Data: T (AWS::DynamoDB::GlobalTable) would be made anew, because TableName "
        "differs"
    ]


def test_a_property_that_changes_in_place_loses_nothing(tmp_path: Path) -> None:
    properties = {"TableName": "members", "BillingMode": "PROVISIONED"}
    found = look(tmp_path, {"T": TABLE | {"Properties": properties}}, {"T": TABLE})

    assert found.lost == []
    assert [change.action for change in found.changes["cufit-prod-Data"]] == ["Modify"]


def test_a_commit_from_before_the_environment_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RollbackError, match=r"c0ffee has no config/prod\.toml"):
        way_back("prod", "c0ffee", "", tmp_path, lambda _: {})


@pytest.mark.parametrize("kind", ["AWS::SSM::Parameter", "AWS::S3Vectors::Index"])
def test_what_somebody_set_and_what_was_indexed_would_be_lost(tmp_path: Path, kind: str) -> None:
    found = look(tmp_path, {"F": FUNCTION}, {"F": FUNCTION, "X": {"Type": kind}})

    assert found.lost == [f"cufit-prod-Data: X ({kind}) is not in that commit"]
