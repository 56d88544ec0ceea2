"""A maker asks for a number of recommendations a day, in Korea's days."""

from datetime import UTC, datetime

import pytest

from cufit_service.application.use_cases import UseCases
from cufit_service.domain.errors import RecommendationsUsedUp
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
    assert (await world.recommendations.quota(MAKER.member_id, world.clock.now())).used == 1
    assert len(world.requests_sent) == 1


async def test_two_at_once_are_both_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    world = _world(2)
    quota_now = world.recommendations.quota
    ask = world.use_cases.recommendations.ask
    overtaken = [True]

    async def overtake(maker_id: str, now: datetime) -> object:
        read = await quota_now(maker_id, now)
        if overtaken.pop() if overtaken else False:
            await ask(MAKER, "m_seeker", "rec_first")
        return read

    monkeypatch.setattr(world.recommendations, "quota", overtake)
    await ask(MAKER, "m_seeker", "rec_second")
    assert set(world.rows("recommendations")) == {"rec_first", "rec_second"}
    assert (await world.recommendations.quota(MAKER.member_id, world.clock.now())).used == 2


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
