"""The base is built as the base says, and what cannot be built is told, not raised."""

import hashlib
import io
import zipfile
from pathlib import Path

import pytest

from cufit_ops.git_worktree import git
from cufit_ops.review import base as building
from cufit_ops.review.base import build_base
from cufit_ops.review.synthesis import Outcome, Synthesis, build
from cufit_ops.workspace import VENV_BIN

WRITES = """\
import os, pathlib
from cufit_contracts import {name}
out = pathlib.Path(os.environ["CDK_OUTDIR"])
out.mkdir()
(out / "manifest.json").write_text("{{}}")
(out / "made-by").write_text(f"{{{name}}} {{os.environ['CDK_VALIDATION']}}")
"""


class Repository:
    """A repository whose app writes what its own contracts say, instead of templates."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()
        self.git("init", "-q", "-b", "main")

    def git(self, *words: str) -> str:
        who = ("-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false")
        return git(*who, *words, root=self.root)

    def commit(self, **files: str) -> str:
        for name, text in files.items():
            file = self.root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        self.git("add", "-A")
        self.git("commit", "-qm", "a change", "--allow-empty")
        return self.git("rev-parse", "HEAD")

    def app(self, constant: str = "LIMIT", **more: str) -> str:
        return self.commit(
            **{
                "app.py": WRITES.format(name=constant),
                "contracts/cufit_contracts/__init__.py": f"{constant} = 'own {constant}'\n",
                "config/dev.toml": "region = 'ap-northeast-2'\n",
                "prompts/match/v1/template.txt": "judge\n",
                **more,
            }
        )


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    monkeypatch.setattr(building, "CACHE", tmp_path / "cache")
    return Repository(tmp_path / "repository")


def base_of(repository: Repository, revision: str, tmp_path: Path) -> tuple[Synthesis, Path]:
    output = tmp_path / "scratch/base"  # where `cufit diff` without --output has it
    made = build_base(revision, output, tmp_path / "scratch", root=repository.root)
    assert Synthesis.read(output) == made
    return made, output


def test_a_constant_that_was_renamed_since_is_read_by_its_old_name(
    repository: Repository, tmp_path: Path
) -> None:
    old = repository.app("LIMIT")
    repository.app("LONGEST")
    made, output = base_of(repository, old, tmp_path)
    assert made.outcome is Outcome.WHOLE
    assert (output / "made-by").read_text() == "own LIMIT false"
    assert (output / "config/dev.toml").is_file()
    assert (output / "prompts/match/v1/template.txt").is_file()
    assert [folder.name for folder in (tmp_path / "scratch").iterdir()] == ["base"]


def test_a_folder_is_named_from_where_the_command_is_run(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    revision = repository.app()
    monkeypatch.chdir(tmp_path)
    build_base(revision, Path("review/base"), tmp_path / "scratch", root=repository.root)
    assert (tmp_path / "review/base/manifest.json").is_file()


def test_its_packages_are_those_of_its_own_lock_and_installed_once(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = _wheel(tmp_path, "of the base")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    app = WRITES.format(name="LIMIT").replace("LIMIT}", "thing.SAID}") + "\n"
    revision = repository.app(
        **{
            "requirements.txt": f"thing @ {wheel.as_uri()} --hash=sha256:{digest}\n",
            "app.py": f"import thing\n{app}",
        }
    )
    made, output = base_of(repository, revision, tmp_path)
    assert made.outcome is Outcome.WHOLE, made.detail
    assert (output / "made-by").read_text() == "of the base false"

    monkeypatch.setattr(building, "_install", lambda *_: pytest.fail("installed again"))
    assert base_of(repository, revision, tmp_path)[0].outcome is Outcome.WHOLE


def test_the_environments_used_longest_ago_are_forgotten(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def install(_: Path, venv: Path) -> None:
        (venv / "bin").mkdir(parents=True)
        (venv / "bin/python").symlink_to(VENV_BIN / "python")

    monkeypatch.setattr(building, "_install", install)
    for number in range(building.KEPT + 2):
        repository.app(**{"requirements.txt": f"# {number}\n"})
        base_of(repository, "main", tmp_path)
    assert len(list((tmp_path / "cache").glob("*/.installed"))) == building.KEPT


def test_a_lock_that_cannot_be_installed_is_told(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")  # where uv would break its lines
    revision = repository.app(**{"requirements.txt": "thing ==\n"})
    made, _ = base_of(repository, revision, tmp_path)
    assert made.outcome is Outcome.PACKAGES
    assert "thing ==" in made.detail
    (reason,) = made.reasons
    assert "parse requirement" in reason
    assert "Unexpected end of version specifier" in reason


def test_who_stops_while_git_checks_out_leaves_no_worktree(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*words: str, root: Path) -> str:
        said = git(*words, root=root)
        if "add" in words:
            git("worktree", "lock", str(tmp_path / "scratch/checkout"), root=root)  # as git has it
            raise KeyboardInterrupt
        return said

    revision = repository.app()
    monkeypatch.setattr("cufit_ops.git_worktree.git", stopped)
    with pytest.raises(KeyboardInterrupt):
        base_of(repository, revision, tmp_path)
    assert len(repository.git("worktree", "list").splitlines()) == 1


def test_a_commit_without_an_app_is_told(repository: Repository, tmp_path: Path) -> None:
    assert base_of(repository, repository.commit(), tmp_path)[0].outcome is Outcome.NO_APP


@pytest.mark.parametrize(
    ("app", "outcome", "reasons"),
    [
        (
            "import sys; sys.exit('config/dev.toml: cpu = 3: wrong\\nconfig/dev.toml: second')",
            Outcome.CONFIGURATION,
            ("config/dev.toml: cpu = 3: wrong", "config/dev.toml: second"),
        ),
        ("raise KeyError('Table')", Outcome.APP, ("KeyError: 'Table'",)),
    ],
)
def test_a_head_that_fails_is_told_in_the_words_of_who_refused(
    app: str, outcome: Outcome, reasons: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "app.py").write_text(app)
    made = build(tmp_path, tmp_path / "head", validate=True)
    assert (made.outcome, made.reasons) == (outcome, reasons)
    assert ("Traceback" in made.detail) == (outcome is Outcome.APP)


REFUSED = """\
import json, os, pathlib
out = pathlib.Path(os.environ["CDK_OUTDIR"])
out.mkdir()
paths = [f"cufit-{name}/Data/PhotoBucket/Resource" for name in ("dev", "prod", "dev")]
rule = {"ruleName": "AwsSolutions-S10", "description": "needs SSL",
        "violatingConstructs": [{"constructPath": path} for path in paths]}
(out / "validation-report.json").write_text(json.dumps({"pluginReports": [
    {"conclusion": "success", "violations": [{**rule, "ruleName": "W1"}]},
    {"conclusion": "failure", "violations": [rule, rule]},
]}))
raise RuntimeError("Validation failed")
"""


def test_what_a_check_refuses_is_its_rule_the_resource_and_why(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(REFUSED)
    made = build(tmp_path, tmp_path / "head", validate=True)
    assert made.outcome is Outcome.VALIDATION
    assert made.has_templates
    assert made.reasons == ("AwsSolutions-S10: Data/PhotoBucket (dev, prod): needs SSL",)
    assert made.detail == ""


def test_a_folder_of_something_else_is_not_emptied(tmp_path: Path) -> None:
    precious = tmp_path / "head/precious.txt"
    precious.parent.mkdir()
    precious.touch()
    (tmp_path / "app.py").touch()
    with pytest.raises(ValueError, match="holds something else"):
        build(tmp_path, precious.parent, validate=True)
    assert precious.is_file()


def _wheel(folder: Path, says: str) -> Path:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("thing.py", f"SAID = {says!r}\n")
        info = "thing-1.0.dist-info"
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: thing\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    file = folder / "thing-1.0-py3-none-any.whl"
    file.write_bytes(content.getvalue())
    return file
