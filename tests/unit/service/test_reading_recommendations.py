"""Reading a recommendation shows what may be shown."""

from dataclasses import replace

import pytest

from cufit_contracts.results import DecidedBy, MadeBy, MatchResult, RankedCandidate, ScorePart
from cufit_contracts.stored import written
from cufit_contracts.vocabulary import RecommendationStatus, timestamp
from cufit_service.application.pages import Window
from cufit_service.application.recommendations import Introduced
from cufit_service.domain.errors import (
    RecommendationUnknown,
)
from cufit_service.entrypoints.http.schemas.recommendations import RecommendationAnswer, served
from tests.unit.service.world import (
    MAKER,
    MORNING,
    OTHER_MAKER,
    World,
    candidate_of,
)


def _ranked(*candidate_ids: str) -> MatchResult:
    parts = (
        ScorePart("age", 15, 15, DecidedBy.CODE),
        ScorePart("hobbies", 9, 15, DecidedBy.MODEL),
    )
    return MatchResult(
        timestamp(MORNING),
        MadeBy("rules", "v1", "abc"),
        tuple(
            RankedCandidate(rank, candidate_id, 24, parts, "함께 걷기 좋은 사람")
            for rank, candidate_id in enumerate(candidate_ids, start=1)
        ),
    )


async def test_a_recommendation_shows_cards_and_who_left_has_none() -> None:
    world = World()
    pending = await world.asked()
    world.has(candidate_of(OTHER_MAKER.member_id, "m_partner"))
    ready = replace(
        pending, status=RecommendationStatus.READY, result=_ranked("m_partner", "m_left")
    )
    world.worker_ends(ready)
    found = await world.use_cases.recommendations.one(MAKER, pending.recommendation_id)
    assert found.recommendation == ready
    assert set(found.cards) == {"m_seeker", "m_partner"}


def test_what_people_answered_is_told_in_one_with_the_impression() -> None:
    facts = ScorePart("age", 10, 13, DecidedBy.CODE)
    answers = ScorePart("answers", 4, 13, DecidedBy.CODE)
    judged = ScorePart("introduction", 7, 10, DecidedBy.MODEL)
    impression = ScorePart("impression", 11, 23, DecidedBy.BOTH)
    assert served([facts, answers, judged]) == [facts, impression]
    assert served([facts, judged]) == [facts, judged]


async def test_nothing_that_is_counted_about_a_person_is_served() -> None:
    world = World()
    pending = await world.asked()
    parts = (
        ScorePart("answers", 4, 13, DecidedBy.CODE),
        ScorePart("introduction", 7, 10, DecidedBy.MODEL),
    )
    ranked = RankedCandidate(1, "m_partner", 11, parts, "좋아요")
    counted = {
        "history": {"asked": 3, "wanted": 1, "answered": 2, "said_yes": 2},
        "stepped_back": 7,
        "attention": 5,
        "raw_points": {"introduction": 99},
    }
    stored = written(replace(pending, status=RecommendationStatus.READY))
    made = written(MatchResult(timestamp(MORNING), MadeBy("rules", "v2", "abc"), (ranked,)))
    made["candidates"][0] |= counted
    world.put("recommendations", pending.recommendation_id, stored | {"result": made})
    found = await world.use_cases.recommendations.one(MAKER, pending.recommendation_id)
    answer = RecommendationAnswer.of(found).model_dump_json()
    assert '"impression"' in answer
    for name in ("answers", "asked", "history", "attention", "raw", "stepped"):
        assert name not in answer, name


async def test_of_one_who_left_not_even_the_reason_is_shown() -> None:
    world = World()
    pending = await world.asked()
    ready = replace(pending, status=RecommendationStatus.READY, result=_ranked("m_left"))
    shown = RecommendationAnswer.of(Introduced(ready, {})).candidates[0]
    assert (shown.gone, shown.card, shown.reason) == (True, None, "")
    assert shown.score == 24


async def test_anothers_recommendation_looks_as_if_there_were_none() -> None:
    world = World()
    pending = await world.asked()
    for recommendation_id in (pending.recommendation_id, "rec_none"):
        with pytest.raises(RecommendationUnknown) as refused:
            await world.use_cases.recommendations.one(OTHER_MAKER, recommendation_id)
        assert str(refused.value) == RecommendationUnknown.message
    page = await world.use_cases.recommendations.newest(OTHER_MAKER, Window(10))
    assert page.items == []


async def test_the_list_is_newest_first_and_continues_where_it_stopped() -> None:
    world = World()
    asked = []
    for _ in range(5):
        asked.append((await world.asked()).recommendation_id)
        world.clock.advance(seconds=1)
    read = world.use_cases.recommendations.newest
    first = await read(MAKER, Window(2))
    second = await read(MAKER, Window(2, first.end))
    third = await read(MAKER, Window(2, second.end))
    pages = [
        [item.recommendation.recommendation_id for item in p.items] for p in (first, second, third)
    ]
    assert pages == [asked[:2:-1], asked[2:0:-1], asked[:1]]
    assert third.end is None
