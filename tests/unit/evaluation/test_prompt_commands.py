"""`cufit prompt` and `cufit eval` as they are typed."""

import json
import re
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cufit_ops.cli import app, prompts
from cufit_ops.evaluation import baseline, live, offline
from cufit_ops.evaluation.subject import versions
from cufit_ops.evaluation.worked_examples import Finding
from stacks.config_files import ConfigurationFault
from tests.unit.evaluation import small


def test_sound_versions_pass_the_lint() -> None:
    done = CliRunner().invoke(app, ["prompt", "lint", "--json"])
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {version: [] for version in versions()}


def test_a_finding_fails_the_lint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompts, "findings", lambda _: [Finding("too-long", "4001 of 4000")])
    done = CliRunner().invoke(app, ["prompt", "lint", "v1"])
    assert done.exit_code == 1
    assert "too-long" in done.stdout


def test_an_unknown_version_is_named_with_the_legal_ones() -> None:
    done = CliRunner().invoke(app, ["prompt", "lint", "v99"])
    assert isinstance(done.exception, ValueError)
    assert "v99" in str(done.exception)
    assert "v1" in str(done.exception)


def test_a_version_does_not_differ_from_itself() -> None:
    done = CliRunner().invoke(app, ["prompt", "diff", "v1", "v1", "--json"])
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert (told["old"], told["new"], told["same"], told["lines"]) == ("v1", "v1", True, "")
    assert {weight["old"] == weight["new"] for weight in told["weights"]} == {True}


def test_a_difference_is_shown() -> None:
    done = CliRunner().invoke(app, ["prompt", "diff", "v1", "v2"])
    assert done.exit_code == 0
    assert "id, reason, parts" in done.stdout
    assert "-best = 9 " in done.stdout
    assert "+[code.answers]" in done.stdout
    assert re.search(r"answers +│ code +│ none +│ +(\d+) +│ +\+\1", done.stdout)


@pytest.mark.parametrize(("faults", "code"), [([], 0), (["rules v1: tau fell"], 1)])
def test_the_gate_says_it_by_its_exit_code_and_leaves_a_report(
    faults: list[str], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offline, "load", small.golden)
    monkeypatch.setattr(prompts, "QUICK", small.PLAN)
    monkeypatch.setattr(baseline, "worsened", lambda *_: faults)
    arguments = ["eval", "--matcher", "rules", "--gate", "--output", str(tmp_path)]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == code
    assert "\n".join(faults) in done.stderr
    assert "rules v1" in (tmp_path / "report.md").read_text()
    assert json.loads((tmp_path / "report.json").read_text())["trials"]
    assert (tmp_path / "report.svg").read_text().startswith("<svg ")


@pytest.fixture
def quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A baseline of its own, of few seekers, that nobody committed."""
    monkeypatch.setattr(offline, "load", small.golden)
    monkeypatch.setattr(prompts, "load", small.golden)
    monkeypatch.setattr(prompts, "QUICK", small.PLAN)
    monkeypatch.setattr(prompts, "versions", lambda: ["v2"])
    monkeypatch.setattr(prompts, "MATCHERS", ("rules",))
    file = tmp_path / "baseline.json"
    for name in ("worsened", "write"):
        monkeypatch.setattr(baseline, name, partial(getattr(baseline, name), file=file))
    return file


def test_what_gets_worse_by_a_new_baseline_is_said(quick: Path) -> None:
    written = ["eval", "--write-baseline"]
    assert CliRunner().invoke(app, written).exit_code == 0
    held = json.loads(quick.read_text())
    held["trials"]["rules v2"]["ndcg_at_5"] += 0.1
    quick.write_text(json.dumps(held))
    done = CliRunner().invoke(app, written)
    assert done.exit_code == 0
    assert "▼ rules v2: ndcg_at_5 fell" in done.stderr
    assert json.loads(quick.read_text()) != held


def test_what_no_baseline_may_hold_is_not_written(
    quick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(baseline, "MAX_OVERHEAD_MS", 0.0)
    done = CliRunner().invoke(app, ["eval", "--write-baseline"])
    assert done.exit_code == 1
    assert "✗ rules v2: overhead p50" in done.stderr
    assert not quick.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--gate", "--write-baseline"], "take one"),
        (["--write-baseline", "--matcher", "rules"], "no --matcher or --prompt"),
        (["--write-baseline", "--prompt", "v2"], "no --matcher or --prompt"),
        (["--live"], "--max-usd"),
        (["--live", "--max-usd", "1", "--gate"], "cost nothing"),
        (["--live", "--max-usd", "1"], "--knowledge-base"),
        (["--matcher", "best"], "retrieve_and_converse"),
        (["--prompt", "v99"], "v99"),
        (["--env", "nowhere"], "nowhere"),
    ],
)
def test_words_that_do_not_fit_are_refused(arguments: list[str], words: str) -> None:
    done = CliRunner().invoke(app, ["eval", *arguments])
    assert isinstance(done.exception, ValueError | ConfigurationFault)
    assert words in str(done.exception)


def test_a_model_is_asked_only_after_a_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("AWS was asked")

    monkeypatch.setattr(live.Clients, "of", never)
    arguments = ["eval", "--live", "--max-usd", "0.1", "--matcher", "retrieve_and_converse"]
    done = CliRunner().invoke(app, arguments, input="n\n")
    assert done.exit_code == 1
    assert "questions to" in done.stderr
