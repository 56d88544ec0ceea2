"""No recommendation stays pending for ever."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cufit_contracts.items import Step, StepSource, StepState
from cufit_contracts.vocabulary import RecommendationStatus
from cufit_service.domain.errors import NotAllowed
from cufit_service.domain.recommendation import Recommendation
from tests.unit.service.world import (
    ADMIN,
    CANDIDATE,
    MAKER,
    MORNING,
    World,
    candidate_of,
)


async def _forgotten(world: World) -> str:
    """A recommendation whose message was sent and then lost."""
    world.has(candidate_of(MAKER.member_id, "m_seeker"))
    pending = await world.use_cases.recommendations.ask(MAKER, "m_seeker", "rec_1")
    assert not world.rows("outbox")
    return pending.recommendation_id


def _stored(world: World) -> Recommendation:
    return world.stored(world.recommendations.find("rec_1"))


async def test_a_quiet_recommendation_is_asked_again() -> None:
    world = World()
    await _forgotten(world)
    world.clock.time = MORNING + timedelta(minutes=30)
    assert await world.use_cases.reconcile() == 1
    assert await world.use_cases.sweep_outbox() == 1
    assert [event.correlation_id for event in world.requests_sent] == ["rec_1", "rec_1"]
    assert [(step.source, step.state) for step in _stored(world).timeline[-2:]] == [
        ("reconciler", "REQUEUED"),
        ("sweeper", "SENT"),
    ]


async def test_one_with_news_is_left_alone() -> None:
    world = World()
    await _forgotten(world)
    world.clock.time = MORNING + timedelta(minutes=29, seconds=59)
    assert await world.use_cases.reconcile() == 0
    world.clock.time = MORNING + timedelta(minutes=31)
    started = Step(world.clock.now(), StepSource.WORKER, StepState.STARTED)
    await world.recommendations.note("rec_1", started)
    world.cloud.dynamodb.settle()
    assert await world.use_cases.reconcile() == 0
    world.clock.advance(minutes=30)
    assert await world.use_cases.reconcile() == 1
    world.cloud.dynamodb.settle()
    assert await world.use_cases.reconcile() == 0


async def test_after_a_day_it_has_failed() -> None:
    world = World()
    await _forgotten(world)
    world.clock.time = MORNING + timedelta(hours=24)
    assert await world.use_cases.reconcile() == 1
    failed = _stored(world)
    assert failed.status is RecommendationStatus.FAILED
    assert failed.failure is not None
    assert failed.failure.code == "NOT_ANSWERED"
    assert failed.finished_at == world.clock.now()
    end = Step(world.clock.now(), StepSource.RECONCILER, StepState.FAILED, "NOT_ANSWERED")
    assert failed.timeline[-1] == end
    world.cloud.dynamodb.settle()
    assert await world.use_cases.reconcile() == 0


async def test_an_answer_that_comes_at_that_moment_is_kept() -> None:
    world = World()
    await _forgotten(world)
    world.clock.time = MORNING + timedelta(hours=24)
    fail = world.recommendations.fail
    ready = replace(_stored(world), status=RecommendationStatus.READY)

    async def too_late(*args: object) -> bool:
        world.worker_ends(ready)
        return await fail(*args)  # type: ignore[arg-type]

    world.recommendations.fail = too_late  # type: ignore[method-assign, assignment]
    assert await world.use_cases.reconcile() == 0
    assert _stored(world) == ready


async def test_those_that_need_nothing_hinder_no_other() -> None:
    world = World()
    await _forgotten(world)
    ask = world.use_cases.recommendations.ask
    for number in (2, 3):
        await ask(MAKER, "m_seeker", f"rec_{number}")
    world.clock.time = MORNING + timedelta(minutes=31)
    started = Step(world.clock.now(), StepSource.WORKER, StepState.STARTED)
    await world.recommendations.note("rec_1", started)
    world.cloud.dynamodb.settle()
    assert await world.use_cases.reconcile() == 2
    assert await world.use_cases.sweep_outbox() == 2
    world.clock.time = MORNING + timedelta(hours=24)
    fail = world.recommendations.fail

    async def answered_meanwhile(recommendation_id: str, *args: object) -> bool:
        return recommendation_id != "rec_1" and await fail(recommendation_id, *args)  # type: ignore[arg-type]

    world.recommendations.fail = answered_meanwhile  # type: ignore[method-assign, assignment]
    assert await world.use_cases.reconcile() == 2


async def test_an_admin_sees_how_work_goes_and_nobodys_profile() -> None:
    world = World()
    idle = await world.use_cases.operations.see(ADMIN)
    assert (idle.pending_recommendations, idle.oldest_pending_at) == (0, None)
    world.requests_queue.broken = True
    world.has(candidate_of(MAKER.member_id, "m_seeker"))
    await world.use_cases.recommendations.ask(MAKER, "m_seeker", "rec_1")
    world.clock.advance(seconds=5)
    busy = await world.use_cases.operations.see(ADMIN)
    assert (busy.pending_recommendations, busy.oldest_pending_at) == (1, MORNING)
    assert (busy.unsent_events, busy.oldest_unsent_at) == (1, MORNING)
    for who in (MAKER, CANDIDATE):
        with pytest.raises(NotAllowed):
            await world.use_cases.operations.see(who)
