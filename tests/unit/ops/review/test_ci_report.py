"""`cufit ci report`: exit codes that a workflow reads, a file to post, one JSON document."""

import json
import sys
from pathlib import Path

import pytest

from cufit_ops import cli
from cufit_ops.review import analysers
from cufit_ops.review.analysers import Analyser
from cufit_ops.review.findings import Finding, Gate, Rank, Sentence, Topic
from cufit_ops.review.synthesis import Outcome
from tests.unit.ops.review.versions import TABLE, failed, version

LOST = Finding(Topic.DATA, Rank.DANGER, "x", Sentence("a loss", "손실"), gate=Gate.DATA_LOSS)


@pytest.fixture
def words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two equal versions, of which an analyser says that something is lost."""
    monkeypatch.setattr("signal.signal", lambda *_: None)
    found = (Analyser(Topic.DATA, lambda _: iter([LOST])),)
    monkeypatch.setattr(analysers, "ANALYSERS", found)
    base, head = (version(tmp_path / name, dev={"Data": {"T": TABLE}}) for name in ("base", "head"))
    return ["ci", "report", "--base", str(base), "--head", str(head)]


def cufit(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["cufit", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def test_a_shut_gate_is_1_with_the_label_that_lifts_it(
    words: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "made/report.md"
    assert cufit(monkeypatch, *words, "--output", str(file), "--language", "ko") == 1
    assert capsys.readouterr().err == (
        "shut: 1 × allow-data-loss; that label on the pull request lifts it\n"
    )
    assert "손실 (dev) → <code>allow-data-loss</code>" in file.read_text()


def test_its_label_among_others_makes_it_0(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cufit(monkeypatch, *words, "--labels", "bug, allow-data-loss,x", "--json") == 0
    assert json.loads(capsys.readouterr().out)["gates"] == [
        {"label": "allow-data-loss", "lifted": True, "findings": 1}
    ]


def test_a_label_like_it_lifts_nothing(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert cufit(monkeypatch, *words, "--labels", "do not allow-data-loss") == 1


def test_a_folder_without_a_version_is_2(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cufit(monkeypatch, *words[:-1], str(tmp_path)) == 2


def test_a_head_that_does_not_synthesize_is_3(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = failed(tmp_path / "broken", Outcome.APP, "KeyError: 'x'", detail="Traceback")
    file = tmp_path / "report.md"
    assert cufit(monkeypatch, *words[:-1], str(head), "--output", str(file)) == 3
    assert "KeyError" in file.read_text()
