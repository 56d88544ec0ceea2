"""Points for what people answered."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cufit_contracts.items import History
from match_worker.model.prompt import load_prompt
from match_worker.scoring.answers import answers_points
from match_worker.scoring.rubric import AnswersRule

RULE = AnswersRule(weight=13, prior=2.0)
MIDDLE = round(RULE.weight / 2)


@st.composite
def histories(draw: st.DrawFn) -> History:
    asked, answered = draw(st.integers(0, 200)), draw(st.integers(0, 200))
    return History(
        asked=asked,
        wanted=draw(st.integers(0, asked)),
        answered=answered,
        said_yes=draw(st.integers(0, answered)),
    )


@pytest.mark.parametrize(
    ("yes", "answers", "points"),
    [(0, 0, 6), (0, 1, 5), (1, 1, 8), (0, 3, 4), (3, 3, 9), (2, 5, 6), (0, 10, 2), (10, 10, 11)],
)
def test_few_answers_move_little(yes: int, answers: int, points: int) -> None:
    history = History(asked=answers, wanted=yes, answered=answers, said_yes=yes)
    assert answers_points(RULE, history) == points


def test_a_meeting_takes_two() -> None:
    wanted_by_all = History(asked=20, wanted=20, answered=20, said_yes=0)
    wants_all = History(asked=20, wanted=0, answered=20, said_yes=20)
    assert answers_points(RULE, wanted_by_all) == answers_points(RULE, wants_all) < MIDDLE


def test_nothing_is_learned_when_it_is_switched_off() -> None:
    off = RULE.model_copy(update={"prior": None})
    loved = History(asked=20, wanted=20, answered=20, said_yes=20)
    assert answers_points(off, loved) == answers_points(off, History()) == MIDDLE


@given(histories(), st.integers(1, 100), st.floats(0.1, 100))
def test_points_stay_inside_the_weight(history: History, weight: int, prior: float) -> None:
    rule = AnswersRule(weight=weight, prior=prior)
    assert 0 <= answers_points(rule, history) <= weight


@pytest.mark.parametrize(
    ("yes", "answers", "points"), [(0, 0, 10), (0, 1, 8), (1, 1, 12), (0, 10, 2), (10, 10, 18)]
)
def test_points_come_in_steps(yes: int, answers: int, points: int) -> None:
    """So that most single answers cannot be told from the points."""
    history = History(asked=answers, wanted=yes, answered=answers, said_yes=yes)
    rule = AnswersRule(weight=20, prior=2.0, step=2)
    assert answers_points(rule, history) == points


def test_of_few_histories_the_points_tell_who_of_the_two_refused() -> None:
    """ADR 43 names the figure: up to six answers each way, by the rubric that is served."""
    rule = load_prompt("v2").rubric.code.answers
    assert rule is not None
    counts = [(all_, yes) for all_ in range(7) for yes in range(all_ + 1)]
    told = 0
    for (asked, wanted), (answered, said_yes) in product(counts, counts):
        was_refused = _history((asked + 1, answered), wanted, said_yes)
        refused = _history((asked, answered + 1), wanted, said_yes)
        told += answers_points(rule, was_refused) != answers_points(rule, refused)
    assert (told, len(counts) ** 2) == (62, 784)


def test_no_step_leaves_the_weight_out_of_reach() -> None:
    with pytest.raises(ValueError, match="weight 20 is no multiple of step 3"):
        AnswersRule(weight=20, prior=2.0, step=3)


@given(histories())
def test_a_yes_never_costs_and_a_no_never_earns(history: History) -> None:
    before = answers_points(RULE, history)
    for mine, theirs in ((0, 1), (1, 0)):
        counts = (history.asked + theirs, history.answered + mine)
        yes = _history(counts, history.wanted + theirs, history.said_yes + mine)
        no = _history(counts, history.wanted, history.said_yes)
        assert answers_points(RULE, no) <= before <= answers_points(RULE, yes)


@given(st.integers(1, 100), st.floats(0.1, 100))
def test_no_history_is_the_middle_whatever_the_prior(weight: int, prior: float) -> None:
    assert answers_points(AnswersRule(weight=weight, prior=prior), History()) == round(weight / 2)


def _history(counts: tuple[int, int], wanted: int, said_yes: int) -> History:
    asked, answered = counts
    return History(asked=asked, wanted=wanted, answered=answered, said_yes=said_yes)
