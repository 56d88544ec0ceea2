"""Every recommendation ends, once, and says how: READY, DEGRADED or FAILED with a reason."""

import json
from dataclasses import asdict, replace
from typing import Any

import pytest

from cufit_contracts.alias import alias_of
from cufit_contracts.results import FailureCode
from cufit_contracts.vocabulary import RecommendationStatus, timestamp
from match_worker.answer_recommendation import (
    DELAYS,
    FAILURES,
    Ending,
)
from match_worker.errors import (
    ModelMisconfigured,
    ModelOverloaded,
    ModelResting,
    ModelUnavailable,
    ModelUnreachable,
    NothingRetrieved,
)
from match_worker.profile import Profile
from match_worker.scoring.code_hash import scoring_hash
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
    world = World(GOOD)
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
    assert (made.seeker_version, made.shortlisted, made.judged) == (1, 1, 1)
    assert (item.result.made_at, item.finished_at) == (timestamp(NOW), NOW)
    assert world.recommendations.states == ["STARTED", "READY"]


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


@pytest.mark.parametrize(
    "error", [ModelMisconfigured("AccessDeniedException"), ModelResting("CIRCUIT_OPEN")]
)
def test_a_model_that_cannot_help_is_replaced_by_rules(error: ModelUnavailable) -> None:
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


@pytest.mark.parametrize(
    "error", [ModelOverloaded("ThrottlingException"), ModelUnreachable("ReadTimeoutError")]
)
def test_a_model_that_may_be_back_soon_is_asked_again_later(error: ModelUnavailable) -> None:
    world = World(error, error, GOOD)
    for attempt, shortest in enumerate(DELAYS, start=1):
        assert world.deliver(attempt) == Ending(PENDING, error.code, error)
        assert world.recommendations.item.status is PENDING
        recommendation_id, next_attempt, delay = world.later.put[-1]
        assert (recommendation_id, next_attempt) == (RECOMMENDATION_ID, attempt + 1)
        assert shortest <= delay <= shortest * 1.5
    assert world.deliver(3) == Ending(READY)
    assert world.recommendations.states == [
        *("STARTED", "DELAYED"),
        *("STARTED", "DELAYED"),
        *("STARTED", "READY"),
    ]
    assert error.code in (world.recommendations.item.timeline[1].detail or "")


def test_a_model_that_does_not_come_back_is_replaced_by_rules() -> None:
    error = ModelOverloaded("ThrottlingException")
    world = World(error)
    assert world.deliver(len(DELAYS) + 1) == Ending(DEGRADED, "ThrottlingException", error)
    assert world.later.put == []


@pytest.mark.parametrize(
    ("world_of", "code"),
    [({"brake": True}, "BRAKE_ON"), ({"configured": "rules"}, "RULES_CONFIGURED")],
)
def test_brake_and_configuration_ask_no_model(world_of: dict[str, Any], code: str) -> None:
    world = World(GOOD, **world_of)
    assert world.deliver() == Ending(DEGRADED, code)
    assert world.model.corrections == []


@pytest.mark.parametrize(("brake", "asked"), [(True, []), (False, [5])])
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
