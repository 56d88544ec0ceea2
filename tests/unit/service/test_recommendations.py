"""Asking for a recommendation loses nothing."""

import asyncio
from dataclasses import replace

import pytest

from cufit_contracts.vocabulary import RecommendationStatus
from cufit_service.application import deliver_event
from cufit_service.application.pages import Window
from cufit_service.domain.errors import (
    CandidatePaused,
    CandidateUnknown,
    NotAllowed,
    Unavailable,
)
from cufit_service.domain.events import Event, RecommendationRequested
from cufit_service.domain.member import Member
from tests.unit.service.world import (
    ADMIN,
    BASIC,
    CANDIDATE,
    MAKER,
    MORNING,
    OTHER_MAKER,
    SEEKER,
    World,
)


async def test_asking_stores_a_pending_recommendation_and_sends_its_request() -> None:
    world = World()
    pending = await world.asked()
    assert (pending.status, pending.maker_id) == (RecommendationStatus.PENDING, MAKER.member_id)
    assert world.requests_sent == [RecommendationRequested(pending.recommendation_id, MORNING)]
    assert not world.rows("outbox")
    stored = world.stored(world.recommendations.find(pending.recommendation_id))
    assert [(step.source, step.state) for step in stored.timeline] == [
        ("api", "ACCEPTED"),
        ("outbox", "SENT"),
    ]


async def test_asking_for_anothers_candidate_looks_as_if_there_were_none() -> None:
    world = World()
    world.has(SEEKER)
    for candidate_id in ("m_seeker", "m_nobody"):
        with pytest.raises(CandidateUnknown) as refused:
            await world.use_cases.recommendations.ask(OTHER_MAKER, candidate_id, "rec_1")
        assert str(refused.value) == CandidateUnknown.message
    assert not world.rows("recommendations")


async def test_no_recommendation_for_a_candidate_who_rests() -> None:
    world = World()
    world.has(replace(SEEKER, paused=True))
    with pytest.raises(CandidatePaused):
        await world.use_cases.recommendations.ask(MAKER, "m_seeker", world.ids.recommendation_id())
    assert not world.rows("recommendations")


async def test_a_request_sent_again_is_the_same_though_the_seeker_rests_by_now() -> None:
    world = World()
    first = await world.asked()
    world.has(replace(SEEKER, paused=True))
    again = await world.use_cases.recommendations.ask(MAKER, "m_seeker", first.recommendation_id)
    assert again.recommendation_id == first.recommendation_id
    assert len(world.requests_sent) == 1


@pytest.mark.parametrize("who", [ADMIN, BASIC, CANDIDATE], ids=lambda who: str(who.role))
async def test_only_makers_ask_and_read(who: Member) -> None:
    world = World()
    pending = await world.asked()
    with pytest.raises(NotAllowed):
        await world.use_cases.recommendations.ask(who, "m_seeker", "rec_1")
    with pytest.raises(NotAllowed):
        await world.use_cases.recommendations.one(who, pending.recommendation_id)
    with pytest.raises(NotAllowed):
        await world.use_cases.recommendations.newest(who, Window(10))


async def test_a_request_the_queue_refuses_is_accepted_and_left_to_the_sweeper() -> None:
    world = World()
    world.requests_queue.broken = True
    pending = await world.asked()
    assert list(world.rows("outbox")) == [pending.recommendation_id]
    world.requests_queue.broken = False
    world.clock.advance(seconds=31)
    assert await world.use_cases.sweep_outbox() == 1
    assert [event.correlation_id for event in world.requests_sent] == [pending.recommendation_id]
    assert not world.rows("outbox")
    steps = world.stored(world.recommendations.find(pending.recommendation_id)).timeline
    assert (steps[-1].source, steps[-1].state) == ("sweeper", "SENT")


async def test_a_queue_that_hangs_does_not_hold_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()

    async def hang(_: Event, /) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(deliver_event, "INLINE_SECONDS", 0.01)
    monkeypatch.setattr(world.requests, "send", hang)
    pending = await world.asked()
    assert list(world.rows("outbox")) == [pending.recommendation_id]


async def test_what_cannot_be_stored_is_not_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()

    async def fail(*_: object) -> None:
        raise Unavailable

    monkeypatch.setattr(world.recommendations, "accept", fail)
    with pytest.raises(Unavailable):
        await world.asked()
    assert not world.requests_sent


async def test_the_sweeper_leaves_fresh_events_to_the_request_that_made_them() -> None:
    world = World()
    world.requests_queue.broken = True
    await world.asked()
    world.requests_queue.broken = False
    world.clock.advance(seconds=30)
    assert await world.use_cases.sweep_outbox() == 0
    world.clock.advance(milliseconds=1)
    assert await world.use_cases.sweep_outbox() == 1


async def test_one_event_that_cannot_be_sent_does_not_hold_up_others() -> None:
    world = World()
    world.knows(CANDIDATE)
    world.requests_queue.broken = world.changes_queue.broken = True
    await world.asked()
    await world.use_cases.candidates.save_profile(CANDIDATE, SEEKER.profile)
    world.changes_queue.broken = False
    world.clock.advance(minutes=1)
    assert await world.use_cases.sweep_outbox() == 1
    assert [event.correlation_id for event in world.changes_sent] == ["m_candidate-v1"]
    assert len(world.rows("outbox")) == 1


async def test_a_row_outlives_a_crash_between_sending_and_removing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()

    class Crash(BaseException):
        pass

    async def crash(_: Event) -> None:
        raise Crash

    with monkeypatch.context() as patched:
        patched.setattr(world.outbox, "remove", crash)
        with pytest.raises(Crash):
            await world.asked()
    world.clock.advance(minutes=1)
    assert await world.use_cases.sweep_outbox() == 1
    first, second = world.requests_sent
    assert first == second
