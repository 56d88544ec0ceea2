"""`cufit tune --set`: the file between the two syntheses, and what is left of it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cufit_ops.cli import app, tune
from cufit_ops.cli.output import Interrupted
from cufit_ops.review.comparison import ComparisonError
from cufit_ops.review.synthesis import Outcome, Synthesis
from cufit_ops.templates import SynthError

SHIPPED = Path(__file__).parents[4] / "tests/fixtures/config"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """prod.toml of the fixtures, 512/1024."""
    folder = tmp_path / "config"
    folder.mkdir()
    for found in SHIPPED.glob("*.toml"):
        (folder / found.name).write_bytes(found.read_bytes())
    monkeypatch.setattr(tune, "CONFIG_FOLDER", folder)
    monkeypatch.setattr(tune, "review", lambda *_, only: only)
    monkeypatch.setattr(
        tune,
        "first_screen",
        lambda report, _: f"all of {report} &#40;!&#41; <span>$</span>1 <code>x</code>",
    )
    return folder / "prod.toml"


@pytest.fixture
def synthesized(file: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The file as each synthesis saw it."""
    seen: list[str] = []

    def build(checkout: Path, output: Path, *, validate: bool) -> Synthesis:
        seen.append(file.read_text())
        return Synthesis(Outcome.WHOLE)

    monkeypatch.setattr(tune, "build", build)
    return seen


def ran(*more: str) -> Result:
    return CliRunner().invoke(app, ["tune", "--env", "prod", "--set", "256/512", *more])


def sized(text: str) -> bool:
    return "cpu = 256\n" in text and "memory = 512\n" in text


def test_it_is_written_and_the_first_screen_shown(file: Path, synthesized: list[str]) -> None:
    done = ran()
    assert done.exit_code == 0
    assert "all of prod (!) $1 `x`" in done.stdout
    assert "config/prod.toml: cpu = 256, memory = 512" in done.stdout
    assert [sized(text) for text in synthesized] == [False, True]
    assert sized(file.read_text())


def test_a_dry_run_shows_the_same_and_writes_nothing(file: Path, synthesized: list[str]) -> None:
    before = file.read_text()
    done = ran("--dry-run")
    assert "all of prod (!) $1 `x`" in done.stdout
    assert "left as it was" in done.stdout
    assert [sized(text) for text in synthesized] == [False, True]
    assert file.read_text() == before


def test_what_it_has_already_is_not_synthesized(file: Path, synthesized: list[str]) -> None:
    ran()
    done = ran()
    assert "nothing to do" in done.stdout
    assert len(synthesized) == 2


@pytest.mark.parametrize("stopped", [Interrupted, SynthError, ComparisonError])
def test_what_stops_it_before_the_end_puts_the_file_back(
    file: Path,
    synthesized: list[str],
    stopped: type[BaseException],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = file.read_text()

    def stop(*_: object, **__: object) -> None:
        assert sized(file.read_text())
        raise stopped

    monkeypatch.setattr(tune, "review", stop)
    with pytest.raises(stopped):
        CliRunner().invoke(
            app, ["tune", "--env", "prod", "--set", "256/512"], catch_exceptions=False
        )
    assert file.read_text() == before


def test_a_size_that_does_not_synthesize_is_not_kept(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = file.read_text()

    def build(checkout: Path, output: Path, *, validate: bool) -> Synthesis:
        fine = file.read_text() == before
        return Synthesis(Outcome.WHOLE if fine else Outcome.CONFIGURATION, ("not so",))

    monkeypatch.setattr(tune, "build", build)
    done = ran()
    assert isinstance(done.exception, SynthError)
    assert "not so" in str(done.exception)
    assert file.read_text() == before
