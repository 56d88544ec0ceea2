"""An answer made by rules alone can be asked of a model later, once and at the price of one."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cufit_contracts.items import Step, StepSource, StepState
from cufit_contracts.results import MadeBy, MatchResult, TokenUsage
from cufit_contracts.vocabulary import RecommendationStatus, timestamp
from cufit_service.application.use_cases import UseCases
from cufit_service.domain.errors import (
    CandidatePaused,
    CandidateUnknown,
    NotAllowed,
    NotDegraded,
    RecommendationsUsedUp,
    RecommendationUnknown,
)
from cufit_service.domain.events import RecommendationRequested
from cufit_service.domain.member import Role
from cufit_service.domain.recommendation import Recommendation
from tests.unit.service.http_world import HttpWorld
from tests.unit.service.world import (
    CANDIDATE,
    MAKER,
    MORNING,
    OTHER_MAKER,
    World,
    candidate_of,
)

SEEKER = candidate_of(MAKER.member_id, "m_seeker")
PAID = TokenUsage(3000, 400, counted=True)
"""For answers that could not be used."""


async def degraded(world: World, a_day: int = 9) -> Recommendation:
    """A recommendation that the worker has ended by rules, an hour ago."""
    world.use_cases = UseCases.on(world.ports, admin_subjects=(), daily_recommendations=a_day)
    world.has(SEEKER)
    pending = await world.use_cases.recommendations.ask(MAKER, "m_seeker", "rec_1")
    pending = world.stored(world.recommendations.find(pending.recommendation_id))
    world.requests_queue.messages.clear()
    ended = replace(
        pending,
        status=RecommendationStatus.DEGRADED,
        finished_at=MORNING,
        timeline=(
            *pending.timeline,
            Step(MORNING, StepSource.WORKER, StepState.DEGRADED, "BRAKE_ON"),
        ),
        result=MatchResult(timestamp(MORNING), MadeBy("rules", "v1", "abc"), (), usage=PAID),
    )
    world.worker_ends(ended)
    world.clock.advance(hours=1)
    return ended


async def test_a_degraded_one_is_pending_again_and_its_request_sent() -> None:
    world = World()
    await degraded(world)
    pending = await world.use_cases.recommendations.upgrade(MAKER, "rec_1")
    later = world.clock.now()
    assert (pending.status, pending.result) == (RecommendationStatus.PENDING, None)
    assert (pending.asked_at, pending.finished_at) == (later, None)
    assert world.requests_sent == [RecommendationRequested("rec_1", later, PAID)]
    assert not world.rows("outbox")
    assert not {"result", "finished_at"} & world.rows("recommendations")["rec_1"].keys()
    world.cloud.dynamodb.settle()
    (stored,) = await world.recommendations.pending(later)
    assert [(step.source, step.state) for step in stored.timeline[-3:]] == [
        ("worker", "DEGRADED"),
        ("api", "UPGRADE_ASKED"),
        ("outbox", "SENT"),
    ]


async def test_asked_twice_it_is_upgraded_and_counted_once() -> None:
    world = World()
    await degraded(world)
    first = await world.use_cases.recommendations.upgrade(MAKER, "rec_1")
    again = await world.use_cases.recommendations.upgrade(MAKER, "rec_1")
    assert again.asked_at == first.asked_at
    assert len(world.requests_sent) == 1
    assert world.counted("recommendations", MAKER.member_id) == {"rec_1", "rec_1+1"}


async def test_an_upgrade_that_ends_degraded_again_can_be_upgraded_again() -> None:
    world = World()
    ended = await degraded(world)
    pending = await world.use_cases.recommendations.upgrade(MAKER, "rec_1")
    world.worker_ends(replace(pending, status=RecommendationStatus.DEGRADED, result=ended.result))
    world.clock.advance(minutes=1)
    await world.use_cases.recommendations.upgrade(MAKER, "rec_1")
    assert len(world.requests_sent) == 2
    assert len(world.counted("recommendations", MAKER.member_id)) == 3


@pytest.mark.parametrize(
    "status",
    [RecommendationStatus.PENDING, RecommendationStatus.READY, RecommendationStatus.FAILED],
)
async def test_what_is_not_degraded_is_refused(status: RecommendationStatus) -> None:
    world = World()
    ended = replace(await degraded(world), status=status)
    world.worker_ends(ended)
    with pytest.raises(NotDegraded):
        await world.use_cases.recommendations.upgrade(MAKER, "rec_1")
    assert world.stored(world.recommendations.find("rec_1")) == ended
    assert not world.requests_sent


async def test_anothers_looks_as_if_there_were_none_and_only_makers_ask() -> None:
    world = World()
    await degraded(world)
    for recommendation_id in ("rec_1", "rec_none"):
        with pytest.raises(RecommendationUnknown):
            await world.use_cases.recommendations.upgrade(OTHER_MAKER, recommendation_id)
    with pytest.raises(NotAllowed):
        await world.use_cases.recommendations.upgrade(CANDIDATE, "rec_1")


async def test_a_seeker_who_rests_or_left_keeps_the_answer_there_is() -> None:
    world = World()
    ended = await degraded(world)
    world.has(SEEKER.resting(True, MORNING))
    with pytest.raises(CandidatePaused):
        await world.use_cases.recommendations.upgrade(MAKER, "rec_1")
    world.lost("candidates", "m_seeker")
    with pytest.raises(CandidateUnknown):
        await world.use_cases.recommendations.upgrade(MAKER, "rec_1")
    assert world.stored(world.recommendations.find("rec_1")) == ended


async def test_an_upgrade_is_one_of_the_days_recommendations() -> None:
    world = World()
    ended = await degraded(world, a_day=1)
    with pytest.raises(RecommendationsUsedUp):
        await world.use_cases.recommendations.upgrade(MAKER, "rec_1")
    assert world.stored(world.recommendations.find("rec_1")) == ended


async def test_an_upgrade_of_days_ago_is_not_given_up_before_its_own_day_is_over() -> None:
    world = World()
    await degraded(world)
    world.clock.advance(days=3)
    await world.use_cases.recommendations.upgrade(MAKER, "rec_1")
    world.clock.advance(minutes=29)
    assert await world.use_cases.reconcile() == 0
    world.clock.time += timedelta(days=1)
    assert await world.use_cases.reconcile() == 1
    assert world.stored(world.recommendations.find("rec_1")).status is RecommendationStatus.FAILED


async def test_over_http_it_is_accepted_under_its_own_id() -> None:
    http = HttpWorld()
    maker = http.person("maker", Role.MAKER, "admin")
    http.world.has(candidate_of(maker.member_id, "m_seeker"))
    pending = await http.world.use_cases.recommendations.ask(maker, "m_seeker", "rec_1")
    address = "/v1/recommendations/rec_1"
    async with http.client("maker") as client:
        early = await client.post(f"{address}/upgrade")
        assert (early.status_code, early.json()["code"]) == (409, "recommendation_not_degraded")
        http.world.worker_ends(replace(pending, status=RecommendationStatus.DEGRADED))
        http.world.clock.advance(minutes=1)
        asked = await client.post(f"{address}/upgrade")
    assert (asked.status_code, asked.json()["status"]) == (202, "PENDING")
    assert asked.headers["Location"] == address
    assert asked.headers["X-Correlation-Id"] == "rec_1"


async def test_who_is_too_late_does_not_give_back_the_others_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()
    ended = await degraded(world)
    use, store = world.use_cases.recommendations, world.recommendations.upgrade

    async def overtaken(*args: Any) -> None:
        monkeypatch.setattr(world.recommendations, "upgrade", store)
        await use.upgrade(MAKER, "rec_1")
        world.worker_ends(replace(ended, status=RecommendationStatus.READY))
        await store(*args)

    monkeypatch.setattr(world.recommendations, "upgrade", overtaken)
    before = world.counted("recommendations", MAKER.member_id)
    with pytest.raises(NotDegraded):
        await use.upgrade(MAKER, "rec_1")
    assert len(world.counted("recommendations", MAKER.member_id)) == len(before) + 1
