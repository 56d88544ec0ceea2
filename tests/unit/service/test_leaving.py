"""A member leaves: nothing of theirs stays but pseudonymous ids, whatever crashes on the way."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cufit_contracts.vocabulary import PairStatus, ProfileChange, RecommendationStatus, pair_id
from cufit_service.application.forget_member import BATCH
from cufit_service.application.pages import Window
from cufit_service.domain.errors import NotAllowed
from cufit_service.domain.events import ProfileChanged
from cufit_service.domain.match import Reply
from cufit_service.domain.member import Member
from tests.unit.service.couples import HER, MALE
from tests.unit.service.leaving import assert_she_is_forgotten, match_of, peopled_world
from tests.unit.service.world import (
    BASIC,
    MAKER,
    OTHER_MAKER,
    PROFILE,
    World,
    candidate_of,
    settle,
)


async def _leave(world: World, who: Member) -> None:
    """And all that follows."""
    await world.use_cases.members.leave(who)
    await settle(world)


async def test_a_candidate_who_leaves_is_forgotten() -> None:
    world = await peopled_world()
    await world.use_cases.matches.answer(HER, "m_her+m_man", Reply.ACCEPT)
    world.clock.advance(minutes=1)
    left_at = world.clock.now()
    await world.use_cases.members.leave(HER)
    assert world.changes_sent == [ProfileChanged("m_her", ProfileChange.LEFT, 2, left_at)]
    await settle(world)
    assert_she_is_forgotten(world)
    canceled = match_of(world, "m_her+m_man")
    assert (canceled.accepted_by, canceled.updated_at) == (("m_her",), left_at)
    assert len(world.rows("invitations")) == 1


async def test_leaving_twice_is_leaving_once() -> None:
    world = await peopled_world()
    await world.use_cases.members.leave(HER)
    await _leave(world, HER)
    assert_she_is_forgotten(world)
    assert len(world.changes_sent) == 2


async def test_a_maker_who_leaves_takes_their_work_along() -> None:
    world = await peopled_world()
    await _leave(world, MAKER)
    assert MAKER.member_id not in world.rows("members")
    assert not world.rows("invitations")
    assert {row["maker_id"] for row in world.rows("recommendations").values()} == {
        OTHER_MAKER.member_id
    }
    assert "m_her" in world.rows("candidates")


async def test_all_pages_of_open_work_are_taken_along() -> None:
    world = await peopled_world()
    men = [f"m_{number:02}" for number in range(BATCH)]
    world.has(*(candidate_of(OTHER_MAKER.member_id, him, profile=MALE) for him in men))
    for him in men:
        world.clock.advance(days=1)
        await world.use_cases.matches.suggest(MAKER, "m_her", him, f"sug_{him}")
    await _leave(world, HER)
    assert {match_of(world, pair_id("m_her", him)).status for him in men} == {PairStatus.CANCELED}


async def test_somebody_without_anything_may_leave() -> None:
    world = World()
    await world.use_cases.members.sign_in(BASIC)
    await _leave(world, BASIC)
    assert not world.rows("outbox")
    assert BASIC.member_id not in world.rows("members")


async def test_a_recommendation_for_who_left_goes_also_when_it_is_answered() -> None:
    world = await peopled_world()
    hers = world.stored(world.recommendations.find("rec_1"))
    world.worker_ends(replace(hers, status=RecommendationStatus.READY))
    await world.use_cases.members.leave(HER)
    world.cloud.dynamodb.settle()
    page = await world.use_cases.recommendations.newest(MAKER, Window(10))
    assert page.items == []


async def test_what_is_made_while_leaving_goes_too(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    world.knows(MAKER, HER)
    remove = world.members.remove

    async def overtaken(*args: Any) -> None:
        world.clock.advance(seconds=1)
        await world.use_cases.candidates.save_profile(HER, PROFILE)
        await remove(*args)

    monkeypatch.setattr(world.members, "remove", overtaken)
    await _leave(world, HER)
    assert not world.rows("candidates")


async def test_a_profile_saved_while_leaving_is_refused() -> None:
    world = await peopled_world()
    await world.use_cases.members.leave(HER)
    with pytest.raises(NotAllowed):
        await world.use_cases.candidates.save_profile(HER, PROFILE)
    assert "m_her" not in world.rows("candidates")


async def test_a_quiet_day_later_nothing_is_left_to_do() -> None:
    world = await peopled_world()
    await _leave(world, HER)
    world.clock.time += timedelta(days=1)
    assert await world.use_cases.sweep_outbox.forget() == 0
