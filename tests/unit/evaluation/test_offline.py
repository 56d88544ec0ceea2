"""An evaluation from the stand-ins to the report, and the gate that reads it."""

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cufit_ops.evaluation import baseline, cases, chart, markdown
from cufit_ops.evaluation.cost import Cost
from cufit_ops.evaluation.figures import Figures
from cufit_ops.evaluation.golden_set import load
from cufit_ops.evaluation.rows import ROWS
from cufit_ops.evaluation.subject import MATCHERS, versions
from match_worker.model.prompt import prompts_folder
from tests.unit.evaluation import small


@pytest.fixture(scope="module")
def trials() -> dict[str, Figures]:
    return {matcher: small.tried(matcher) for matcher in MATCHERS}


def test_nothing_that_must_be_zero_happened(trials: dict[str, Figures]) -> None:
    for trial in trials.values():
        assert set(trial.must_be_zero.values()) == {0}, trial
        assert trial.crashes == []


def test_broken_answers_reach_every_rung(trials: dict[str, Figures]) -> None:
    for name in ("retrieve_and_generate", "retrieve_and_converse"):
        broken = trials[name].broken_rungs
        assert all(broken[rung] for rung in ("strict", "extracted", "corrected", "rules")), broken
        assert trials[name].rungs["strict"] == small.SEEKERS


def test_a_match_with_the_default_model_costs_what_was_promised(
    trials: dict[str, Figures],
) -> None:
    for name in ("retrieve_and_generate", "retrieve_and_converse"):
        cost = trials[name].cost
        assert cost is not None
        assert cost.model_id == "apac.amazon.nova-lite-v1:0"
        assert 0.0001 < cost.usd_per_match.mean <= 0.0005
        assert not cost.counted, "a stand-in counts no tokens of a model"
    assert trials["rules"].cost is None


def test_the_figures_are_the_same_again(trials: dict[str, Figures]) -> None:
    again = small.tried("retrieve_and_generate")
    before = trials["retrieve_and_generate"]
    assert replace(again, overhead_ms=before.overhead_ms) == before


def test_a_model_that_obeys_wins_no_more_than_the_judged_parts(
    trials: dict[str, Figures],
) -> None:
    injection = trials["retrieve_and_generate"].injection
    assert injection is not None
    assert injection.attacks == len(small.PLAN.attacks)
    assert 0 < injection.most_won_when_obeyed <= 40


def test_two_versions_stand_side_by_side(tmp_path: Path, trials: dict[str, Figures]) -> None:
    shutil.copytree(prompts_folder() / "match", tmp_path / "match")
    shutil.copytree(tmp_path / "match/v1", tmp_path / "match/v9")
    template = tmp_path / "match/v9/template.txt"
    # Fewer words are fewer tokens, and without the seeker every judgement is a guess.
    shorter = template.read_text().replace("쓰여 있지 않은 것은 추측하지 마세요.", "")
    template.write_text(shorter)
    assert versions(tmp_path) == [*versions(), "v9"]
    newer = small.tried("retrieve_and_generate", "v9", tmp_path)
    text = markdown.written(small.report(trials["retrieve_and_generate"], newer))
    assert "## retrieve_and_generate: v1 → v9" in text
    *_, tokens = (line for line in text.splitlines() if line.startswith("| tokens in"))
    assert re.search(r"\| -\d+ \|$", tokens), "without an interval nothing is marked"
    assert "| nDCG@5 | " in text
    assert " = |" in text


def test_the_report_can_be_read_by_people_and_programs(trials: dict[str, Figures]) -> None:
    report = small.report(*trials.values())
    text = markdown.written(report)
    assert "No model was asked" in text
    for name in trials:
        assert f"{name} v1" in text
    document = json.loads(json.dumps(report.as_json()))
    assert document["trials"][0]["cost"]["usd_per_1000"] == pytest.approx(
        1000 * document["trials"][0]["cost"]["usd_per_match"]["mean"], abs=1e-4
    )
    picture = ElementTree.fromstring(chart.drawn(report))  # noqa: S314 - our own text
    words = " ".join(element.text or "" for element in picture.iter()).replace("\xa0", " ")
    assert "nDCG@5" in words
    assert "rules v1" in words
    assert f"{trials['rules'].agreement.ndcg_at_5.mean:.3f} [" in words


def test_a_perfect_judge_is_compared_seeker_by_seeker(trials: dict[str, Figures]) -> None:
    new = trials["retrieve_and_generate"]
    assert new.perfect is not None
    (row,) = (one for one in ROWS if "perfect" in one.title)
    worst = {
        one: replace(case, ndcg=(case.ndcg or 0.0) - (0.1 if n else -0.1))
        for n, (one, case) in enumerate(new.perfect.cases.items())
    }
    worse = replace(new, perfect=replace(new.perfect, cases=worst))
    assert row.change(new, worse).startswith("▼ -0.075 [-0.100, ")
    assert row.change(worse, new).startswith("▲ +0.075 [")
    assert row.change(new, new) == row.change(new, replace(new, perfect=None)) == "="


class TestGate:
    @pytest.fixture
    def file(self, tmp_path: Path, trials: dict[str, Figures]) -> Path:
        file = tmp_path / "baseline.json"
        baseline.write(small.report(*trials.values()), small.golden(), file)
        return file

    def test_it_opens_for_the_same_figures(self, file: Path, trials: dict[str, Figures]) -> None:
        assert faults(file, *trials.values()) == []

    def test_it_shuts_when_agreement_falls(self, file: Path, trials: dict[str, Figures]) -> None:
        good = trials["rules"]
        lower = replace(good.agreement.ndcg_at_5, mean=good.agreement.ndcg_at_5.mean - 0.02)
        fallen = replace(good, agreement=replace(good.agreement, ndcg_at_5=lower))
        (fault,) = faults(file, fallen)
        assert "ndcg_at_5 fell" in fault

    def test_it_names_the_seeker_whose_five_got_worse_though_the_mean_did_not(
        self, file: Path, trials: dict[str, Figures]
    ) -> None:
        good = trials["rules"]
        cases = dict(good.agreement.cases)
        one = max(cases, key=lambda seeker: cases[seeker].ndcg or 0.0)
        worst_first = tuple(reversed(cases[one].shown))
        cases[one] = replace(cases[one], shown=worst_first)
        turned = replace(good, agreement=replace(good.agreement, cases=cases))
        (fault,) = faults(file, turned)
        line = list(small.golden().documents).index
        assert f"seeker {line(one)} fell from" in fault
        assert fault.endswith("now " + ", ".join(str(line(other)) for other in worst_first))

    def test_a_case_may_fall_by_as_little_as_two_equals_changing_places(
        self, file: Path, trials: dict[str, Figures], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        good = trials["rules"]
        turned = {
            one: replace(case, shown=tuple(reversed(case.shown)))
            for one, case in good.agreement.cases.items()
        }
        trial = replace(good, agreement=replace(good.agreement, cases=turned))
        monkeypatch.setattr(cases, "MAY_FALL", 0.0)
        assert len(faults(file, trial)) > 1
        monkeypatch.setattr(cases, "MAY_FALL", 1.0)
        assert faults(file, trial) == []

    @pytest.mark.parametrize(("factor", "words"), [(1.06, "grew"), (2.0, "USD a match >")])
    def test_it_shuts_when_a_match_costs_more(
        self, file: Path, trials: dict[str, Figures], factor: float, words: str
    ) -> None:
        good = trials["retrieve_and_generate"]
        assert isinstance(good.cost, Cost)
        usd = good.cost.usd_per_match
        dear = replace(good.cost, usd_per_match=replace(usd, mean=usd.mean * factor))
        assert words in "\n".join(faults(file, replace(good, cost=dear)))

    def test_it_shuts_when_something_must_be_zero_and_is_not(
        self, file: Path, trials: dict[str, Figures]
    ) -> None:
        broken = dict(trials["rules"].must_be_zero) | {"hard_rule_violations": 1}
        found = faults(file, replace(trials["rules"], must_be_zero=broken))
        assert found == ["rules v1: hard_rule_violations is 1, must be 0"]

    def test_it_shuts_for_a_version_nobody_measured(
        self, file: Path, trials: dict[str, Figures]
    ) -> None:
        newer = replace(trials["rules"], prompt_version="v7")
        assert "rules v7 is not in" in faults(file, newer)[0]

    def test_it_shuts_when_a_case_is_missing(self, file: Path, trials: dict[str, Figures]) -> None:
        good = trials["rules"]
        one, *others = good.agreement.cases
        without = {other: good.agreement.cases[other] for other in others}
        fewer = replace(good, agreement=replace(good.agreement, cases=without))
        number = list(small.golden().documents).index(one)
        said = f"rules v1: 1 seekers are approved or tried alone, such as {number}"
        assert faults(file, fewer) == [said]
        baseline.write(small.report(fewer), small.golden(), file)
        assert faults(file, good) == [said]

    def test_it_shuts_when_a_trial_has_figures_and_no_cases(
        self, file: Path, trials: dict[str, Figures]
    ) -> None:
        approved = file.with_name(baseline.CASES)
        approved.write_text(approved.read_text().replace('"rules v1"', '"rules v0"'))
        assert faults(file, trials["rules"]) == [
            "rules v1 is not in cases.jsonl; `cufit eval --write-baseline`"
        ]

    def test_it_shuts_for_a_figure_that_was_not_kept(
        self, file: Path, trials: dict[str, Figures]
    ) -> None:
        file.write_text(file.read_text().replace("kendall_tau", "tau"))
        (fault,) = faults(file, trials["rules"])
        assert "has no kendall_tau" in fault

    def test_it_shuts_for_another_golden_set_and_without_a_baseline(
        self, file: Path, trials: dict[str, Figures]
    ) -> None:
        other = replace(small.report(trials["rules"]), golden_hash="0" * 12)
        assert "another golden set" in baseline.worsened(other, small.golden(), file)[0]
        assert "--write-baseline" in faults(file.with_name("none.json"), trials["rules"])[0]
        file.with_name(baseline.CASES).unlink()
        assert f"{baseline.CASES}: No such file" in faults(file, trials["rules"])[0]


def faults(file: Path, *trials: Figures) -> list[str]:
    return baseline.worsened(small.report(*trials), small.golden(), file)


def test_the_committed_baseline_is_about_what_is_here() -> None:
    held = json.loads(baseline.FILE.read_text())
    assert held["golden_hash"] == load().content_hash
    names = {f"{m} {v}" for m in MATCHERS for v in versions()}
    assert set(held["trials"]) == names
    approved = cases.read(load(), baseline.FILE.with_name(baseline.CASES))
    assert set(approved) == names
    seekers = {one.profile.candidate_id for one in load().seekers}
    assert all(set(shown) == seekers for shown in approved.values())
