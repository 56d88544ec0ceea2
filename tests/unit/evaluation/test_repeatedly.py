"""What shows over many recommendations: nobody starves, showings are spread, answers are learned
from; and beside it the yardsticks and the judge who knows the labels."""

from dataclasses import replace
from functools import cache
from math import sqrt

import pytest

from cufit_contracts.items import History
from cufit_ops.evaluation import baseline, baselines, contract
from cufit_ops.evaluation.agreement import Case, agreed, case, paired
from cufit_ops.evaluation.bench import Bench
from cufit_ops.evaluation.exposure import Exposure, Spread, Turn, exposure, may_be_shown
from cufit_ops.evaluation.figures import Figures, Repeatedly
from cufit_ops.evaluation.golden_set import GoldenSet, load
from cufit_ops.evaluation.intervals import Interval
from cufit_ops.evaluation.learning import Answers, learned
from cufit_ops.evaluation.perfect import Perfect
from cufit_ops.evaluation.rounds import until_dry
from cufit_ops.evaluation.stand_ins import StandIn, honest
from match_worker.scoring import ranking
from tests.unit.evaluation import small


@cache
def some() -> GoldenSet:
    return load().with_some(45)


def bench(stand_in: StandIn = honest, **switches: bool) -> Bench:
    setup = small.setup("retrieve_and_generate", "v2")
    rubric = setup.prompt.rubric
    assert rubric.congestion is not None
    # So few seekers show nobody often: here the first time counts.
    at_once = rubric.congestion.model_copy(update={"free": 0.5, "per_usual": 4.0})
    prompt = replace(setup.prompt, rubric=rubric.model_copy(update={"congestion": at_once}))
    setup = replace(setup, prompt=prompt).switched(**switches)
    return Bench.offline(some(), small.index(), setup, stand_in)


def test_everybody_is_shown_before_a_seeker_runs_dry() -> None:
    tried = bench()
    seekers = some().seekers[:2]
    dry = until_dry(tried, seekers)
    assert (dry.starved, dry.in_vain) == (0, 0)
    assert dry.people.mean == sum(len(one.appeal) for one in seekers) / 2
    assert not +tried.broken, tried.broken


def test_a_pipeline_that_starves_a_seeker_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "MAX_RANKED", 3)
    tried = bench()
    assert until_dry(tried, some().seekers[:1]).starved > 0
    assert tried.broken[contract.STARVED] > 0


def test_questions_that_win_nothing_are_seen() -> None:
    tried = bench(lambda _: "두 분 다 좋아 보여요.")
    dry = until_dry(tried, some().seekers[:1])
    assert dry.in_vain == sum(one.questions for one in dry.by_round) > 0
    assert tried.broken[contract.IN_VAIN] == dry.in_vain


def test_who_was_shown_often_steps_back() -> None:
    first = agreed(bench().all_seekers())
    found = exposure(some(), bench, first, turns=2)
    for turn in (*found.at_once, *found.weekly):
        assert turn.spread.top_tenth.mean < found.off.top_tenth.mean
        assert turn.spread.gini.mean < found.off.gini.mean
    unmoved = exposure(some(), lambda: bench(congestion=False), first, turns=1)
    assert [one.spread for one in (*unmoved.at_once, *unmoved.weekly)] == 2 * [unmoved.off]
    assert unmoved.worst_change.mean == 0.0


def test_the_interval_of_a_share_is_that_of_as_many_drawn() -> None:
    cases = {str(n): Case(("one",) if n < 30 else ("other",), None) for n in range(40)}
    agreement = replace(agreed(bench().all_seekers()), cases=cases)
    share = Spread.of(agreement, ["one", "other"]).top_tenth
    assert share.mean == 0.75
    assert share.high - share.mean == pytest.approx(1.96 * sqrt(0.75 * 0.25 / 39), rel=1e-3)


@pytest.fixture(scope="module")
def uneven() -> Figures:
    """With everything as good as can be but for what a test changes."""
    figures = small.tried("rules")
    spread = Spread.of(agreed(bench().all_seekers()), may_be_shown(some()))
    dry = until_dry(bench(), some().seekers[:1])
    exposed = Exposure(spread, [turn(spread), turn(spread)], [turn(spread), turn(spread)])
    return replace(figures, repeatedly=Repeatedly(dry, exposed, []))


def turn(spread: Spread, top: float = 0.2, change: float = 0.0) -> Turn:
    return Turn(
        replace(spread, top_tenth=Interval(top, top, top)), Interval(change, change, change)
    )


def with_exposure(figures: Figures, top: float, change: float, played: str) -> list[str]:
    """In one of the turns."""
    assert figures.repeatedly is not None
    exposed = figures.repeatedly.exposure
    turns = [turn(exposed.off), turn(exposed.off, top, change), turn(exposed.off)]
    changed = Exposure(exposed.off, **{"at_once": turns, "weekly": turns[:1], played: turns})
    trial = replace(figures, repeatedly=replace(figures.repeatedly, exposure=changed))
    report = small.report(trial)
    return [one for one in baseline.worsened(report, small.golden()) if "10" in one or "all" in one]


@pytest.mark.parametrize("played", ["at_once", "weekly"])
@pytest.mark.parametrize(
    ("top", "change", "words"),
    [(0.21, 0.0, "21.0% > 20%"), (0.2, -0.021, "0.0210 > 0.02")],
)
def test_the_gate_shuts_when_few_get_most_or_spreading_costs_too_much(
    uneven: Figures, played: str, top: float, change: float, words: str
) -> None:
    assert words in "\n".join(with_exposure(uneven, top, change, played))
    assert words not in "\n".join(with_exposure(uneven, 0.2, -0.02, played))


def test_answers_are_counted_as_the_service_counts_them() -> None:
    golden = load()
    liking = next(one for one in golden.seekers if one.mutual)
    one, other = liking.profile.candidate_id, min(liking.mutual)
    answers = Answers(golden)
    answers.suggest(one, other)
    both_said_yes = History(asked=1, wanted=1, answered=1, said_yes=1)
    assert answers.histories == {one: both_said_yes, other: both_said_yes}


def test_a_no_ends_it_and_the_other_is_not_asked() -> None:
    golden = load()
    seekers = {one.profile.candidate_id: one for one in golden.seekers}
    one, other = next(
        (one, other)
        for one, seeker in seekers.items()
        for other in seeker.appeal
        if other not in seeker.likes and one not in seekers[other].likes
    )
    answers = Answers(golden)
    answers.suggest(one, other)
    assert sorted(answers.histories.values(), key=lambda had: had.asked) == [
        History(answered=1),
        History(asked=1),
    ]


def test_only_a_rubric_that_learns_ranks_by_answers() -> None:
    on, off = (learned(some(), *pair) for pair in (learners(True), learners(False)))
    assert any(one.ndcg_change.low != one.ndcg_change.high for one in on)
    assert all(one.ndcg_change == Interval(0.0, 0.0, 0.0) for one in off)
    assert on[0].answers < on[-1].answers


def learners(is_learning: bool) -> tuple[Bench, Bench]:
    return bench(learn_from_answers=is_learning), bench(learn_from_answers=False)


def test_a_judge_who_knows_the_labels_does_better() -> None:
    knowing, reading = (
        agreed(bench(stand_in).all_seekers()) for stand_in in (Perfect(some()), honest)
    )
    better = paired(knowing, reading)
    assert better is not None
    assert better.above_zero
    assert knowing.ndcg_of_found is not None
    assert knowing.ndcg_at_5.mean <= knowing.ndcg_of_found.mean


@pytest.mark.parametrize("name", ["age gap", "distance", "popularity"])
def test_each_yardstick_beats_chance(name: str) -> None:
    found = baselines.measured(load())
    better = paired(found[name], found["chance"])
    assert better is not None
    assert better.above_zero


def test_popularity_does_not_know_what_the_seeker_feels() -> None:
    golden = small.golden()
    seeker, *others = golden.seekers
    in_love = replace(seeker, appeal={one: float(n) for n, one in enumerate(seeker.appeal)})
    changed = replace(golden, seekers=(in_love, *others))
    before, after = (
        baselines.measured(one)["popularity"].cases[seeker.profile.candidate_id].shown
        for one in (golden, changed)
    )
    assert after == before


def test_mutual_is_a_share_of_those_shown_few_or_five() -> None:
    seeker = next(one for one in load().seekers if one.mutual)
    other = next(one for one in seeker.appeal if one not in seeker.mutual)
    assert case(seeker, [min(seeker.mutual), other]).mutual == 0.5


def test_whoever_is_popular_fills_the_lists_of_the_one_that_knows_it() -> None:
    found = baselines.measured(load())
    popular, chance = (
        {other for case in found[name].cases.values() for other in case.shown}
        for name in ("popularity", "chance")
    )
    assert len(popular) < len(chance) / 4
