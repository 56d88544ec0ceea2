"""Ranking by a model's judgement and by rules, over fakes of the tables."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from cufit_contracts.results import MAX_REASON_CHARACTERS, DecidedBy, RankedCandidate, TokenUsage
from match_worker.errors import ModelOverloaded, UnusableAnswer
from match_worker.model.model_matchmaker import ModelMatchmaker
from match_worker.model.prompt import load_prompt
from match_worker.ports import ModelReply, Ranking
from match_worker.profile import Profile
from match_worker.question_time import LEAST_SECONDS, RESERVE_SECONDS
from match_worker.scoring.ranking import Referee
from match_worker.scoring.reason import BY_RULES, NO_REASON
from match_worker.scoring.rules_matchmaker import RulesMatchmaker
from tests.unit.lambdas.match_worker.people import (
    USAGE,
    FakeCandidates,
    FakeModel,
    FakePairs,
    person,
    search,
    seeker,
)

PROMPT = load_prompt("v1")


def judged(
    candidate_id: str, points: int = 10, reason: str = "둘 다 산을 좋아해요"
) -> dict[str, Any]:
    parts = {"hobbies": points, "values": points, "introduction": points}
    return {"id": candidate_id, "parts": parts, "reason": reason}


def answer(*entries: dict[str, Any]) -> str:
    return json.dumps({"candidates": entries}, ensure_ascii=False)


def rank(
    model: FakeModel,
    *people: Profile,
    pairs: FakePairs | None = None,
    seconds_left: Callable[[], float] = lambda: 50.0,
) -> list[RankedCandidate]:
    referee = Referee(FakeCandidates.of(*people), pairs or FakePairs())
    matchmaker = ModelMatchmaker("retrieve_and_generate", "m", model, referee, PROMPT)
    return matchmaker.rank(replace(search(), seconds_left=seconds_left)).candidates


def test_the_score_is_facts_plus_judgement() -> None:
    [ranked] = rank(FakeModel([answer(judged("m_a"))]), person("m_a"))
    parts = {part.criterion: (part.points, part.decided_by) for part in ranked.parts}
    assert parts["distance"] == (15, DecidedBy.CODE)
    assert parts["hobbies"] == (10, DecidedBy.MODEL)
    assert ranked.score == sum(part.points for part in ranked.parts) == 59 + 30
    assert ranked.reason == "둘 다 산을 좋아해요"


def test_the_order_follows_from_the_sum_not_from_the_models_order() -> None:
    people = [person(f"m_{n}", district=f"{n}구") for n in range(7)]
    people.append(person("m_near"))
    entries = [judged(one.candidate_id) for one in people]
    ranked = rank(FakeModel([answer(*entries)]), *people)
    assert [one.rank for one in ranked] == [1, 2, 3, 4, 5]
    assert ranked[0].candidate_id == "m_near"
    again = rank(FakeModel([answer(*reversed(entries))]), *people)
    assert again == ranked


def test_judgement_moves_only_its_own_share() -> None:
    people = [person("m_far", city="부산", district="중구"), person("m_near")]
    entries = [judged("m_far", 100), judged("m_near", 12)]
    ranked = rank(FakeModel([answer(*entries)]), *people)
    scores = {one.candidate_id: one.score for one in ranked}
    assert scores == {"m_far": 59 - 13 + 40, "m_near": 59 + 12 + 12 + 10}


def test_who_may_not_be_recommended_is_left_out() -> None:
    people = [person("m_a"), person("m_paused", paused=True), person("m_paired")]
    pairs = FakePairs({frozenset(("m_seeker", "m_paired"))})
    ids = ("m_paused", "m_unknown", "m_paired", "m_seeker", "m_a")
    model = FakeModel([answer(*(judged(one) for one in ids))])
    assert [one.candidate_id for one in rank(model, *people, pairs=pairs)] == ["m_a"]
    assert model.corrections == [None]


@pytest.mark.parametrize(
    ("first", "hint"),
    [
        ("네, 알겠습니다!", "JSON"),
        ("Sorry, I am unable to assist you with this request.", "JSON"),
        (answer(judged("m_a"))[:-9], "끊겼"),
        (answer(), "id, parts, reason"),
        (answer(judged("m_unknown")), "글자 그대로"),
    ],
)
def test_one_correction_says_what_was_wrong(first: str, hint: str) -> None:
    model = FakeModel([first, answer(judged("m_a"))])
    assert [one.candidate_id for one in rank(model, person("m_a"))] == ["m_a"]
    assert model.corrections[0] is None
    assert hint in (model.corrections[1] or "")


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
    assert [one.candidate_id for one in rank(model, person("m_a"), person("m_b"))] == ["m_a"]
    assert model.corrections == [None]


def test_an_unavailable_model_is_not_asked_twice() -> None:
    model = FakeModel([ModelOverloaded("ThrottlingException"), answer(judged("m_a"))])
    with pytest.raises(ModelOverloaded):
        rank(model, person("m_a"))


@pytest.mark.parametrize("written", ["", "They both like hiking.", "!!!", "010-1234-5678"])
def test_a_reason_that_is_not_korean_is_replaced_by_facts(written: str) -> None:
    [ranked] = rank(FakeModel([answer(judged("m_a", reason=written))]), person("m_a"))
    assert ranked.reason.startswith(NO_REASON)


def test_a_reason_is_short_and_tells_neither_names_nor_numbers() -> None:
    reason = "김나나 씨와 박도윤 씨는 010-1234-5678로 연락하면 " + "잘 맞을 거예요 " * 30
    [ranked] = rank(FakeModel([answer(judged("m_a", reason=reason))]), person("m_a"))
    assert len(ranked.reason) <= MAX_REASON_CHARACTERS
    for secret in ("김나나", "박도윤", "1234"):
        assert secret not in ranked.reason


def test_aliases_are_turned_back_and_unknown_ones_name_nobody() -> None:
    model = FakeModel([answer(judged("c2"), judged("c9"), judged("m_b"))])
    model.ids = {"c1": "m_a", "c2": "m_b"}
    ranked = rank(model, person("m_a"), person("m_b"))
    assert [one.candidate_id for one in ranked] == ["m_b"]


def test_tokens_of_both_questions_count() -> None:
    referee = Referee(FakeCandidates.of(person("m_a")), FakePairs())
    model = FakeModel(["아니요", answer(judged("m_a"))])
    matchmaker = ModelMatchmaker("retrieve_and_generate", "m", model, referee, PROMPT)
    usage = matchmaker.rank(search()).usage
    assert usage == TokenUsage(input_tokens=2000, output_tokens=200, counted=True)


def by_rules(*people: Profile, pairs: FakePairs | None = None) -> list[RankedCandidate]:
    candidates = FakeCandidates.of(*people)
    referee = Referee(candidates, pairs or FakePairs())
    return RulesMatchmaker(candidates, referee, PROMPT.rubric).rank(search()).candidates


def test_rules_judge_nothing_and_say_so() -> None:
    [ranked] = by_rules(person("m_a"))
    judged_parts = [part for part in ranked.parts if part.decided_by is DecidedBy.MODEL]
    assert [part.points for part in judged_parts] == [0, 0, 0]
    assert ranked.score == 59
    assert ranked.reason.startswith(BY_RULES)
    assert len(ranked.reason) <= MAX_REASON_CHARACTERS


def test_rules_take_the_best_five_of_everybody() -> None:
    people = [person(f"m_{n}", height_cm=165, district=f"{n}구") for n in range(30)]
    people += [person("m_near"), person("m_paused", paused=True), person("m_man", gender="MALE")]
    ranked = by_rules(*people)
    assert len(ranked) == 5
    assert ranked[0].candidate_id == "m_near"
    assert not {"m_paused", "m_man"} & {one.candidate_id for one in ranked}


def test_rules_look_further_when_the_best_were_paired_before() -> None:
    best = [person(f"m_best{n}") for n in range(45)]
    rest = [person(f"m_rest{n}", district="마포구") for n in range(3)]
    pairs = FakePairs({frozenset(("m_seeker", one.candidate_id)) for one in best})
    ranked = by_rules(*best, *rest, pairs=pairs)
    assert sorted(one.candidate_id for one in ranked) == ["m_rest0", "m_rest1", "m_rest2"]


def test_rules_find_nobody_for_an_empty_range() -> None:
    candidates = FakeCandidates.of(person("m_a"))
    rules = RulesMatchmaker(candidates, Referee(candidates, FakePairs()), PROMPT.rubric)
    young = seeker(ideal_type={"age_range": {"min": 15, "max": 17}})
    assert rules.rank(search(young)) == Ranking([])


def test_equals_are_ordered_differently_for_different_seekers() -> None:
    people = [person(f"m_{n}") for n in range(12)]
    candidates = FakeCandidates.of(*people)
    rules = RulesMatchmaker(candidates, Referee(candidates, FakePairs()), PROMPT.rubric)
    orders = set()
    for n in range(4):
        who = replace(seeker(), candidate_id=f"m_seeker{n}")
        orders.add(tuple(one.candidate_id for one in rules.rank(search(who)).candidates))
    assert len(orders) > 1
