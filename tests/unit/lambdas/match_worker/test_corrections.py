"""A model is corrected once, when that may help and there is the time for it."""

import pytest

from match_worker.errors import ModelOverloaded, NothingRetrieved, UnusableAnswer
from match_worker.ports import ModelReply
from match_worker.question_time import LEAST_SECONDS, RESERVE_SECONDS
from tests.unit.lambdas.match_worker.people import (
    USAGE,
    FakeModel,
    person,
)
from tests.unit.lambdas.match_worker.test_matchmakers import answer, judged, rank, ranking


@pytest.mark.parametrize(
    ("first", "hint"),
    [
        ("네, 알겠습니다!", "JSON"),
        (answer(judged("m_a"))[:-9], "끊겼"),
        (answer({}), "위 모양으로"),
        (answer(judged("m_unknown")), "글자 그대로"),
    ],
)
def test_one_correction_says_what_was_wrong(first: str, hint: str) -> None:
    model = FakeModel([first, answer(judged("m_a"))])
    assert [one.candidate_id for one in rank(model, person("m_a"))] == ["m_a"]
    assert model.corrections[0] is None
    assert hint in (model.corrections[1] or "")


def test_an_empty_list_is_not_asked_for_again() -> None:
    model = FakeModel([answer(), answer(judged("m_a"))])
    with pytest.raises(NothingRetrieved):
        rank(model, person("m_a"))
    assert model.corrections == [None]


def test_an_empty_list_is_corrected_when_the_model_was_shown_people() -> None:
    empty = ModelReply(answer(), USAGE, shown=True)
    model = FakeModel([empty, answer(judged("m_a"))])
    assert rank(model, person("m_a"))
    assert "모든 후보를" in (model.corrections[1] or "")
    with pytest.raises(UnusableAnswer, match="ANSWER_WITHOUT_CANDIDATES"):
        rank(FakeModel([empty, empty]), person("m_a"))


def test_a_second_unusable_answer_is_final() -> None:
    model = FakeModel(["아니요", answer(judged("m_unknown")), answer(judged("m_a"))])
    with pytest.raises(UnusableAnswer, match="CANDIDATES_NOT_ADMITTED"):
        rank(model, person("m_a"))
    assert len(model.corrections) == 2


def test_a_correction_takes_the_time_that_is_left() -> None:
    seconds = iter([50.0, LEAST_SECONDS + RESERVE_SECONDS])
    model = FakeModel(["아니요", answer(judged("m_a"))])
    assert rank(model, person("m_a"), seconds_left=lambda: next(seconds))
    assert len(model.corrections) == 2


def test_no_correction_without_the_time_for_it() -> None:
    seconds = iter([50.0, LEAST_SECONDS + RESERVE_SECONDS - 0.1])
    model = FakeModel(["아니요", answer(judged("m_a"))])
    with pytest.raises(UnusableAnswer, match="ANSWER_NOT_JSON"):
        rank(model, person("m_a"), seconds_left=lambda: next(seconds))
    assert model.corrections == [None]


@pytest.mark.parametrize("fault", ["MALFORMED_TOOL_USE", "MALFORMED_MODEL_OUTPUT"])
def test_a_model_that_stopped_early_is_corrected_like_any_other(fault: str) -> None:
    stopped = ModelReply("", USAGE, fault=fault)
    model = FakeModel([stopped, answer(judged("m_a"))])
    assert rank(model, person("m_a"))
    assert "JSON" in (model.corrections[1] or "")


@pytest.mark.parametrize(
    "fault",
    [
        *("GUARDRAIL_INTERVENED", "CONTENT_FILTERED", "REFUSAL"),
        "MODEL_CONTEXT_WINDOW_EXCEEDED",
    ],
)
def test_what_the_texts_bring_about_is_not_asked_again(fault: str) -> None:
    model = FakeModel([ModelReply("", USAGE, fault=fault), answer(judged("m_a"))])
    with pytest.raises(UnusableAnswer, match=fault) as raised:
        rank(model, person("m_a"))
    assert raised.value.usage == USAGE
    assert len(model.corrections) == 1


def test_a_cut_answer_is_used_for_those_it_judges_to_the_end() -> None:
    text = answer(judged("m_a"), judged("m_b"))[:-30]
    model = FakeModel([ModelReply(text, USAGE, fault="ANSWER_CUT_SHORT")])
    found = ranking(model, person("m_a"), person("m_b"))
    assert {one.candidate_id: one.judged for one in found.candidates} == {"m_a": True, "m_b": False}
    assert model.corrections == [None]


def test_an_unavailable_model_is_not_asked_twice() -> None:
    model = FakeModel([ModelOverloaded("ThrottlingException"), answer(judged("m_a"))])
    with pytest.raises(ModelOverloaded):
        rank(model, person("m_a"))
