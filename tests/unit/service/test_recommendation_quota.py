"""A maker asks for a number of recommendations a day, in Korea's days."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cufit_service.application.use_cases import UseCases
from cufit_service.domain.errors import (
    CandidatePaused,
    Contended,
    RecommendationsUsedUp,
    Unavailable,
)
from cufit_service.domain.member import Role
from cufit_service.domain.quota import RECOMMENDATIONS_A_DAY
from tests.unit.service.http_world import HttpWorld
from tests.unit.service.world import MAKER, OTHER_MAKER, World, candidate_of


def _world(a_day: int) -> World:
    world = World()
    world.use_cases = UseCases.on(world.ports, admin_subjects=(), daily_recommendations=a_day)
    world.has(
        candidate_of(MAKER.member_id, "m_seeker"), candidate_of(OTHER_MAKER.member_id, "m_other")
    )
    return world


async def test_after_the_last_of_the_day_one_more_is_refused_until_midnight_in_korea() -> None:
    world = _world(2)
    world.clock.time = datetime(2026, 11, 22, 14, 59, 30, tzinfo=UTC)  # 23:59:30 in Seoul
    ask = world.use_cases.recommendations.ask
    for number in (1, 2):
        await ask(MAKER, "m_seeker", f"rec_{number}")
    with pytest.raises(RecommendationsUsedUp) as refused:
        await ask(MAKER, "m_seeker", "rec_3")
    assert refused.value.again_in_seconds == 31
    assert set(world.rows("recommendations")) == {"rec_1", "rec_2"}
    assert len(world.requests_sent) == 2
    await ask(OTHER_MAKER, "m_other", "rec_4")
    world.clock.advance(seconds=30)
    for number in (5, 6):
        await ask(MAKER, "m_seeker", f"rec_{number}")
    with pytest.raises(RecommendationsUsedUp):
        await ask(MAKER, "m_seeker", "rec_7")


async def test_the_last_of_the_day_sent_again_is_the_same_and_counts_once() -> None:
    world = _world(1)
    first = await world.use_cases.recommendations.ask(MAKER, "m_seeker", "rec_1")
    again = await world.use_cases.recommendations.ask(MAKER, "m_seeker", "rec_1")
    assert again.recommendation_id == first.recommendation_id
    assert world.counted("recommendations", MAKER.member_id) == {"rec_1"}
    assert len(world.requests_sent) == 1
    world.clock.advance(days=1)
    await world.use_cases.recommendations.ask(MAKER, "m_seeker", "rec_1")
    assert world.counted("recommendations", MAKER.member_id) == set()


async def test_clocks_that_disagree_at_midnight_reset_nobodys_count() -> None:
    """Two tasks, one some seconds ahead, are asked in turns: each day has its own two."""
    world = _world(2)
    before = datetime(2026, 11, 22, 14, 59, 58, tzinfo=UTC)  # 23:59:58 in Seoul
    accepted: Counter[int] = Counter()
    for number in range(10):
        world.clock.time = before + timedelta(seconds=4 * (number % 2))
        try:
            await world.use_cases.recommendations.ask(MAKER, "m_seeker", f"rec_{number}")
        except RecommendationsUsedUp:
            continue
        accepted[number % 2] += 1
    assert accepted == {0: 2, 1: 2}


async def test_a_request_refused_at_the_last_moment_gives_its_place_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = _world(1)

    async def contended(*_: object) -> None:
        raise Contended

    with monkeypatch.context() as patch:
        patch.setattr(world.recommendations, "accept", contended)
        with pytest.raises(Contended):
            await world.use_cases.recommendations.ask(MAKER, "m_seeker", "rec_1")
    assert world.counted("recommendations", MAKER.member_id) == set()
    await world.use_cases.recommendations.ask(MAKER, "m_seeker", "rec_2")


async def test_one_whose_outcome_nobody_knows_has_the_same_place_when_sent_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = _world(1)
    accept = world.recommendations.accept
    ask = world.use_cases.recommendations.ask
    for stored_all_the_same in (False, True):

        async def unheard(*given: Any, stored: bool = stored_all_the_same) -> None:
            if stored:
                await accept(*given)
            raise Unavailable

        with monkeypatch.context() as patch:
            patch.setattr(world.recommendations, "accept", unheard)
            with pytest.raises(Unavailable):
                await ask(MAKER, "m_seeker", "rec_1")
        assert world.counted("recommendations", MAKER.member_id) == {"rec_1"}
        with pytest.raises(RecommendationsUsedUp):
            await ask(MAKER, "m_seeker", "rec_2")
    await ask(MAKER, "m_seeker", "rec_1")


async def test_a_place_that_cannot_be_given_back_does_not_hide_why_it_was_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = _world(1)

    async def rests(*_: object) -> None:
        raise CandidatePaused

    async def down(*_: object) -> None:
        raise Unavailable

    with monkeypatch.context() as patch:
        patch.setattr(world.recommendations, "accept", rests)
        patch.setattr(world.quotas, "give_back", down)
        with pytest.raises(CandidatePaused):
            await world.use_cases.recommendations.ask(MAKER, "m_seeker", "rec_1")
    with pytest.raises(RecommendationsUsedUp):
        await world.use_cases.recommendations.ask(MAKER, "m_seeker", "rec_2")


async def test_over_http_the_refusal_says_when_to_come_back() -> None:
    http = HttpWorld()
    maker = http.person("maker", Role.MAKER, "admin")
    http.world.has(candidate_of(maker.member_id, "m_seeker"))
    body = {"candidateId": "m_seeker"}
    for number in range(RECOMMENDATIONS_A_DAY):
        await http.world.use_cases.recommendations.ask(maker, "m_seeker", f"rec_{number}")
    async with http.client("maker") as client:
        refused = await client.post("/v1/recommendations", json=body)
    assert (refused.status_code, refused.json()["code"]) == (429, "recommendations_used_up")
    assert int(refused.headers["Retry-After"]) == 6 * 3600 + 1  # 18:00 in Seoul
