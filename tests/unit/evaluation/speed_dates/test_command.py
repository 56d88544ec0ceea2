"""`cufit eval --dates FILE` as it is typed."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cufit_ops.cli import app
from cufit_ops.evaluation.subject import versions
from tests.unit.evaluation.speed_dates import made_up


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = made_up.evenings(waves=3, of_each=12)
    rows[0]["age"] = ""
    return made_up.written(rows, tmp_path_factory.mktemp("dates") / "made up.csv")


def test_it_says_who_was_compared_and_how_well(file: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["eval", "--dates", str(file), "--output", str(tmp_path)])
    assert done.exit_code == 0, done.output
    text = (tmp_path / "speed-dates.md").read_text()
    assert "no forecast for Korea" in text
    assert "`made up.csv`: 864 rows, 840 scored" in text
    assert "an age is missing: 24" in text
    assert f"Rubric {versions()[-1]}" in text
    assert text.count("| rules |") == text.count("| chance |") == 3


def test_who_is_liked_is_found_by_the_answers_alone(file: Path) -> None:
    done = CliRunner().invoke(app, ["eval", "--dates", str(file), "--prompt", "v2", "--json"])
    nothing, earlier, others = json.loads(done.stdout)["figures"]
    assert [one["known"] for one in (nothing, earlier, others)] == ["nothing", "earlier", "others"]

    def auc(figures: dict[str, dict[str, dict[str, dict[str, float]]]], name: str) -> float:
        return figures["matchers"][name]["by_pair"]["mean"]

    assert auc(nothing, "part answers") == auc(nothing, "popularity") == 0.5
    assert auc(earlier, "part answers") > 0.6
    assert auc(others, "part answers") > auc(earlier, "part answers")
    assert auc(others, "fitted") > 0.64
    assert 0.4 < auc(others, "chance") < 0.6
    assert others["fitted_weights"]["answers"][0] > 0.9


def test_differences_and_evenings_are_of_the_same_pairs(file: Path) -> None:
    done = CliRunner().invoke(app, ["eval", "--dates", str(file), "--prompt", "v2", "--json"])
    for figures in json.loads(done.stdout)["figures"]:
        matchers = figures["matchers"]
        for one in matchers.values():
            assert one["by_evening"]["mean"] == pytest.approx(one["by_pair"]["mean"], abs=2e-4)
        for names, difference in figures["differences"].items():
            ones, others = (matchers[name]["by_pair"]["mean"] for name in names.split(" − "))
            assert difference["mean"] == pytest.approx(ones - others, abs=2e-4)


def test_a_rubric_without_answers_has_no_such_part(file: Path) -> None:
    done = CliRunner().invoke(app, ["eval", "--dates", str(file), "--prompt", "v1", "--json"])
    for figures in json.loads(done.stdout)["figures"]:
        assert "part answers" not in figures["matchers"]
        assert set(figures["fitted_weights"]) == {"age", "hobbies"}


@pytest.mark.parametrize(
    "words",
    [
        *(["--gate"], ["--live"], ["--write-baseline"], ["--matcher", "rules"]),
        *(["--repeats", "3"], ["--env", "prod"], ["--yes"], ["--max-usd", "0"]),
        ["--prompt", "v1", "--prompt", "v2"],
    ],
)
def test_words_that_are_about_the_golden_set_are_refused(words: list[str], file: Path) -> None:
    done = CliRunner().invoke(app, ["eval", "--dates", str(file), *words])
    assert isinstance(done.exception, ValueError)
    assert "--dates takes" in str(done.exception)
