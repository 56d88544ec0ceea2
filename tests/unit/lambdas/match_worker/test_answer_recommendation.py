"""Every recommendation ends, once, and says how: READY, DEGRADED or FAILED with a reason."""

import json
from dataclasses import asdict, replace
from datetime import timedelta

import pytest

from cufit_contracts.alias import alias_of
from cufit_contracts.items import Step, StepSource, StepState
from cufit_contracts.results import FailureCode
from cufit_contracts.vocabulary import RecommendationStatus, timestamp
from match_worker.answer_recommendation import (
    FAILURES,
    Delivery,
    Ending,
)
from match_worker.errors import (
    ModelMisconfigured,
    NothingRetrieved,
)
from match_worker.profile import Profile
from match_worker.scoring.code_hash import scoring_hash
from match_worker.scoring.shortlist import NEAREST
from tests.unit.lambdas.match_worker.people import (
    GOOD,
    NOW,
    RECOMMENDATION_ID,
    person,
    seeker,
)
from tests.unit.lambdas.match_worker.test_shortlist import FakeNearness
from tests.unit.lambdas.match_worker.world import PROMPT, World

PENDING, READY, DEGRADED, FAILED = (
    RecommendationStatus.PENDING,
    RecommendationStatus.READY,
    RecommendationStatus.DEGRADED,
    RecommendationStatus.FAILED,
)


def test_a_models_answer_makes_it_ready() -> None:
    world = World(GOOD, people=(seeker(version=7), person("m_a")))
    assert world.deliver() == Ending(READY)
    item = world.recommendations.item
    assert item.status is READY
    assert item.result is not None
    assert asdict(item.result.made_by) == {
        "matchmaker": "retrieve_and_generate",
        "prompt_version": "v1",
        "prompt_hash": PROMPT.content_hash,
        "model_id": "cufit.simulated-v1",
        "scoring_hash": scoring_hash(),
    }
    made = item.result
    assert (made.seeker_version, made.shortlisted, made.judged) == (7, 1, 1)
    assert (item.result.made_at, item.finished_at) == (timestamp(NOW), NOW)
    assert world.recommendations.states == ["STARTED", "READY"]


def test_a_result_is_of_the_moment_whose_ages_it_counts() -> None:
    """Also when the model answers in another year."""
    world = World(GOOD)
    later = iter(NOW + timedelta(seconds=n) for n in range(10))
    world.use_case = replace(world.use_case, now=lambda: next(later))
    world.deliver()
    item = world.recommendations.item
    assert item.result is not None
    assert item.finished_at is not None
    searched = NOW + timedelta(seconds=1)  # the first is the timeline's
    assert item.result.made_at == timestamp(searched)
    assert item.finished_at > searched


def test_who_is_shown_is_remembered_once() -> None:
    world = World(GOOD)
    world.deliver()
    world.deliver()
    assert world.attention.showings == ["m_a"]


def test_those_who_are_shown_are_remembered_and_nobody_else() -> None:
    others = [person(f"m_{number}") for number in range(8)]
    world = World(GOOD, people=[seeker(), person("m_a"), *others], configured="rules")
    world.deliver()
    result = world.recommendations.item.result
    assert result is not None
    assert len(result.candidates) == 5
    assert sorted(world.attention.showings) == sorted(one.candidate_id for one in result.candidates)


def test_an_upgrade_says_that_it_is_one() -> None:
    world = World(GOOD)
    world.deliver()
    again = World(GOOD)
    asked = Step(NOW + timedelta(days=3), StepSource.API, StepState.UPGRADE_ASKED)
    items = again.recommendations.items
    items[RECOMMENDATION_ID] = replace(again.recommendations.item, timeline=(asked,))
    again.deliver()
    assert (world.attention.upgrades, again.attention.upgrades) == ([False], [True])


def test_nobody_is_shown_by_a_recommendation_that_failed_or_had_ended() -> None:
    world = World(GOOD, people=[])
    world.deliver()
    late = World(GOOD)
    late.recommendations.finish = lambda *_: False  # type: ignore[method-assign]
    late.deliver()
    assert world.attention.showings == late.attention.showings == []


def test_a_second_delivery_asks_nobody_and_changes_nothing() -> None:
    world = World(GOOD)
    world.deliver()
    before = world.recommendations.item
    assert world.deliver(receive=2) is None
    assert world.recommendations.item == before
    assert len(world.model.corrections) == 1


def test_an_unknown_recommendation_is_nothing_to_do() -> None:
    world = World()
    world.recommendations.items.clear()
    assert world.deliver() is None


@pytest.mark.parametrize(
    ("people", "code"),
    [
        ((person("m_a"),), "SEEKER_GONE"),
        ((seeker(maker_id=None), person("m_a")), "SEEKER_GONE"),
        ((seeker(maker_id="m_other_maker"), person("m_a")), "SEEKER_GONE"),
        ((seeker(joined_at="2026-11-22T03:00:00.000Z"), person("m_a")), "SEEKER_GONE"),
        ((seeker(paused=True), person("m_a")), "SEEKER_PAUSED"),
        ((seeker(birth_year=2010), person("m_a")), "SEEKER_UNDER_AGE"),
    ],
)
def test_a_seeker_who_cannot_be_served_fails_at_once(
    people: tuple[Profile, ...], code: str
) -> None:
    world = World(GOOD, people=people)
    assert world.deliver() == Ending(FAILED, code)
    item = world.recommendations.item
    assert item.failure is not None
    assert (item.failure.code, item.failure.message) == (code, FAILURES[FailureCode(code)])
    assert item.result is None
    assert world.model.corrections == []


def test_a_model_that_cannot_help_is_replaced_by_rules() -> None:
    error = ModelMisconfigured("AccessDeniedException")
    world = World(error)
    assert world.deliver() == Ending(DEGRADED, error.code, error)
    item = world.recommendations.item
    assert item.status is DEGRADED
    assert item.result is not None
    assert item.result.made_by.matchmaker == "rules"
    assert item.result.made_by.model_id is None
    assert item.result.made_by.without_model
    assert item.result.usage is None
    assert item.timeline[-1].detail == error.code
    assert world.later.put == []


def test_two_unusable_answers_are_replaced_by_rules() -> None:
    world = World("아니요", "싫어요")
    ending = world.deliver()
    assert ending is not None
    assert (ending.status, ending.code) == (DEGRADED, "ANSWER_NOT_JSON")


def test_the_brake_asks_no_model() -> None:
    world = World(GOOD, brake=True)
    assert world.deliver() == Ending(DEGRADED, "BRAKE_ON")
    assert world.model.corrections == []


def test_rules_that_were_chosen_are_ready_and_say_who_made_them() -> None:
    world = World(GOOD, configured="rules")
    assert world.deliver() == Ending(READY, "RULES_CONFIGURED")
    assert world.model.corrections == []
    item = world.recommendations.item
    assert item.result is not None
    assert (item.status, item.result.made_by.matchmaker) == (READY, "rules")
    assert item.result.made_by.without_model
    assert (item.result.usage, item.result.cost_micro_usd) == (None, None)


def test_without_the_time_for_a_question_none_is_asked() -> None:
    world = World(GOOD)
    ending = world.use_case(RECOMMENDATION_ID, Delivery(), lambda: 12.9)
    assert ending is not None
    assert (ending.status, ending.code) == (PENDING, "NO_TIME_LEFT")
    assert world.model.corrections == []


@pytest.mark.parametrize(("brake", "asked"), [(True, []), (False, [NEAREST])])
def test_the_brake_holds_the_search_for_meaning_as_well(brake: bool, asked: list[int]) -> None:
    world = World(GOOD, people=[seeker(), *(person(f"m_{n}") for n in range(9))], brake=brake)
    nearness = FakeNearness([])
    some = replace(world.use_case.shortlist, size=5, near_in_meaning=1, nearness=nearness)
    world.use_case = replace(world.use_case, shortlist=some)
    world.model.answers = ["아니요", "아니요"]
    world.deliver()
    assert nearness.asked == asked


@pytest.mark.parametrize("answer", [NothingRetrieved("NOTHING_RETRIEVED"), '{"candidates":[]}'])
def test_a_knowledge_base_without_the_shortlist_is_asked_once(
    answer: str | NothingRetrieved,
) -> None:
    world = World(answer, GOOD)
    ending = world.deliver()
    assert ending is not None
    assert ending.status is DEGRADED
    assert world.model.corrections == [None]
    made = world.recommendations.item.result
    assert made is not None
    assert (made.shortlisted, made.judged) == (1, 0)
    assert not made.candidates[0].judged


def test_everybody_new_is_met_before_it_fails() -> None:
    """Round after round of suggesting everybody shown; only three are judged each time."""
    people = [seeker(), *(person(f"m_{n}") for n in range(33))]
    met: list[str] = []
    while True:
        parts = {"hobbies": 9, "values": 9, "introduction": 9}
        new = [f"m_{n}" for n in range(33) if f"m_{n}" not in met]
        some = [{"id": alias_of(one), "parts": parts} for one in new[:3]]
        world = World(json.dumps({"candidates": some}), people=people, paired=met)
        if (ending := world.deliver()) and ending.status is FAILED:
            break
        result = world.recommendations.item.result
        assert result is not None
        shown = [one.candidate_id for one in result.candidates]
        assert len(shown) == min(5, 33 - len(met))
        assert not set(shown) & set(met)
        met += shown
    assert len(met) == 33
    assert world.model.corrections == [], "nobody is left, so nobody is asked"


def test_nobody_to_recommend_fails_with_a_reason_for_the_maker() -> None:
    world = World(GOOD, people=(seeker(),))
    assert world.deliver() == Ending(FAILED, "NO_ELIGIBLE_CANDIDATES")
    assert world.model.corrections == []
    item = world.recommendations.item
    assert item.failure is not None
    assert "이상형" in item.failure.message
