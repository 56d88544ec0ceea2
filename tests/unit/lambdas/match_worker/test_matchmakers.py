"""Ranking by a model's judgement and by rules, over fakes of the tables."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from cufit_contracts.alias import alias_of
from cufit_contracts.results import (
    MAX_RAW_POINTS,
    MAX_REASON_CHARACTERS,
    DecidedBy,
    RankedCandidate,
    TokenUsage,
)
from match_worker.errors import UnusableAnswer
from match_worker.model.model_matchmaker import ModelMatchmaker
from match_worker.model.prompt import load_prompt
from match_worker.ports import Ranking
from match_worker.profile import Profile
from match_worker.scoring.ranking import Referee
from match_worker.scoring.reason import BY_RULES, NO_REASON, UNJUDGED
from match_worker.scoring.rules_matchmaker import RulesMatchmaker
from tests.unit.lambdas.match_worker.people import (
    FakeCandidates,
    FakeModel,
    FakePairs,
    person,
    search,
)

PROMPT = load_prompt("v1")


def judged(
    candidate_id: str, points: int = 10, reason: str = "둘 다 산을 좋아해요"
) -> dict[str, Any]:
    parts = {"hobbies": points, "values": points, "introduction": points}
    return {"id": alias_of(candidate_id), "parts": parts, "reason": reason}


def answer(*entries: dict[str, Any]) -> str:
    return json.dumps({"candidates": entries}, ensure_ascii=False)


def rank(
    model: FakeModel,
    *people: Profile,
    pairs: FakePairs | None = None,
    seconds_left: Callable[[], float] = lambda: 50.0,
) -> list[RankedCandidate]:
    return ranking(model, *people, pairs=pairs, seconds_left=seconds_left).candidates


def ranking(
    model: FakeModel,
    *people: Profile,
    pairs: FakePairs | None = None,
    seconds_left: Callable[[], float] = lambda: 50.0,
) -> Ranking:
    """Of a shortlist of these people, by the model; `pairs` came after the shortlist was made."""
    referee = Referee(FakeCandidates.of(*people), pairs or FakePairs())
    matchmaker = ModelMatchmaker("retrieve_and_generate", "m", model, referee, PROMPT)
    question = replace(search(shortlist=people), seconds_left=seconds_left)
    return matchmaker.rank(question)


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


def test_who_left_or_was_paired_while_the_model_thought_is_not_shown() -> None:
    people = [person("m_a"), person("m_paused", paused=True), person("m_paired")]
    pairs = FakePairs({frozenset(("m_seeker", "m_paired"))})
    model = FakeModel([answer(*(judged(one.candidate_id) for one in people))])
    assert [one.candidate_id for one in rank(model, *people, pairs=pairs)] == ["m_a"]


def test_whoever_is_not_of_the_shortlist_is_nobody() -> None:
    referee = Referee(FakeCandidates.of(person("m_a"), person("m_other")), FakePairs())
    model = FakeModel([answer(judged("m_other", 15), judged("m_a"))])
    matchmaker = ModelMatchmaker("retrieve_and_generate", "m", model, referee, PROMPT)
    made = matchmaker.rank(search(shortlist=[person("m_a")]))
    assert [one.candidate_id for one in made.candidates] == ["m_a"]
    assert made.judged == 1


def test_an_id_is_no_alias() -> None:
    entry = judged("m_a") | {"id": "m_a"}
    model = FakeModel([answer(entry), answer(entry)])
    with pytest.raises(UnusableAnswer, match="CANDIDATES_NOT_ADMITTED"):
        rank(model, person("m_a"))


def test_who_was_not_judged_keeps_the_middle_and_the_result_says_so() -> None:
    model = FakeModel([answer(judged("m_a", 0))])
    made = ranking(model, person("m_a"), person("m_late"))
    late, judged_one = made.candidates
    assert (late.candidate_id, late.judged, late.raw_points) == ("m_late", False, None)
    by_model = [part for part in late.parts if part.decided_by is DecidedBy.MODEL]
    assert [(part.points, part.limit) for part in by_model] == [(8, 15), (8, 15), (5, 10)]
    assert late.reason.startswith(UNJUDGED)
    assert judged_one.judged
    assert made.judged == 1


def test_the_models_own_numbers_are_kept_beside_the_points() -> None:
    [one] = rank(FakeModel([answer(judged("m_a", 10**40))]), person("m_a", version=7))
    assert one.raw_points == dict.fromkeys(("hobbies", "values", "introduction"), MAX_RAW_POINTS)
    assert [part.points for part in one.parts[-3:]] == [15, 15, 10]
    assert one.version == 7


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


def test_tokens_of_both_questions_count() -> None:
    referee = Referee(FakeCandidates.of(person("m_a")), FakePairs())
    model = FakeModel(["아니요", answer(judged("m_a"))])
    matchmaker = ModelMatchmaker("retrieve_and_generate", "m", model, referee, PROMPT)
    usage = matchmaker.rank(search(shortlist=[person("m_a")])).usage
    assert usage == TokenUsage(input_tokens=2000, output_tokens=200, counted=True)


def by_rules(*people: Profile, pairs: FakePairs | None = None) -> list[RankedCandidate]:
    referee = Referee(FakeCandidates.of(*people), pairs or FakePairs())
    return RulesMatchmaker(referee, PROMPT.rubric).rank(search(shortlist=people)).candidates


def test_rules_judge_nothing_and_say_so() -> None:
    [ranked] = by_rules(person("m_a"))
    judged_parts = [part for part in ranked.parts if part.decided_by is DecidedBy.MODEL]
    assert [part.points for part in judged_parts] == [8, 8, 5]
    assert ranked.score == 59 + 21
    assert not ranked.judged
    assert ranked.reason.startswith(BY_RULES)
    assert len(ranked.reason) <= MAX_REASON_CHARACTERS


def test_rules_show_five_of_the_shortlist_who_may_still_be_shown() -> None:
    people = [person(f"m_{n}", district=f"{n}구") for n in range(9)]
    ranked = by_rules(person("m_paused", paused=True), *people, person("m_near"))
    assert len(ranked) == 5
    assert ranked[0].candidate_id == "m_near"
    assert "m_paused" not in {one.candidate_id for one in ranked}
