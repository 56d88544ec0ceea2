"""Points for what people answered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cufit_contracts.items import History
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
