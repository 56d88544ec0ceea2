"""What `make up` takes for changed."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from cufit_ops.laptop import deployment
from cufit_ops.workspace import Workspace

HERE = Workspace(Path("/nowhere"), port=8080, aws_port=4577)


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["/usr/bin/env", "git", *arguments], cwd=folder, check=True)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".gitignore").write_text("*.pyc\n.local\n")
    (tmp_path / "service").mkdir()
    (tmp_path / "service" / "known.py").write_text("VALUE = 1\n")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    monkeypatch.setattr(deployment, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "name", ["service/known.py", "service/new.py", "new_folder/data.json", "stacks/docs/x.py"]
)
def test_any_edit_may_change_the_deployment(checkout: Path, name: str) -> None:
    before = deployment.inputs_digest(HERE)
    file = checkout / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("VALUE = 2\n")
    assert deployment.inputs_digest(HERE) != before


@pytest.mark.usefixtures("checkout")
def test_another_port_is_deployed_because_the_heartbeat_asks_there() -> None:
    elsewhere = replace(HERE, port=8090)
    assert deployment.inputs_digest(elsewhere) != deployment.inputs_digest(HERE)


def test_a_removed_file_is_an_edit(checkout: Path) -> None:
    before = deployment.inputs_digest(HERE)
    (checkout / "service" / "known.py").unlink()
    assert deployment.inputs_digest(HERE) != before


def test_tests_what_git_ignores_and_a_commit_are_none(checkout: Path) -> None:
    before = deployment.inputs_digest(HERE)
    (checkout / "tests").mkdir()
    (checkout / "tests" / "test_new.py").write_text("VALUE = 1\n")
    (checkout / "service" / "known.pyc").write_bytes(b"compiled")
    git(checkout, "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-qm", "t")
    assert deployment.inputs_digest(HERE) == before


def test_without_git_nothing_is_taken_for_unchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deployment, "ROOT", tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert deployment.inputs_digest(HERE) != deployment.inputs_digest(HERE)


def test_nor_where_git_is_told_to_ignore_the_whole_checkout(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (checkout / ".gitignore").write_text("copy/\n")
    copy = checkout / "copy"
    (copy / "service").mkdir(parents=True)
    (copy / "service" / "known.py").write_text("VALUE = 1\n")
    monkeypatch.setattr(deployment, "ROOT", copy)
    assert deployment.inputs_digest(HERE) != deployment.inputs_digest(HERE)


def test_what_a_bundle_holds_counts_also_where_git_does_not_list_it(checkout: Path) -> None:
    function = checkout / "lambdas" / "greeter"
    function.mkdir(parents=True)
    (function / "handler.py").write_text("VALUE = 1\n")
    (function / "requirements.txt").write_text("")
    (checkout / ".git" / "info" / "exclude").write_text("*.json\n")
    before = deployment.inputs_digest(HERE)
    (function / "table.json").write_text("{}")
    assert deployment.inputs_digest(HERE) != before


def test_the_cli_tells_which_stacks_it_changed() -> None:
    said = """
✅  Environment aws://123456789012/ap-northeast-2 bootstrapped (no changes).
✅  cufit-local/Data (cufit-local-Data) (no changes)
 ✅  cufit-local/Matching (cufit-local-Matching)
✅  cufit-local/Service (cufit-local-Service) (no changes)
"""
    assert deployment.changed_stacks(said) == {"Matching"}
