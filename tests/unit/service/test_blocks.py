"""Makers rule pairs out, each for themselves."""

import asyncio
from dataclasses import replace

import pytest

from cufit_service.application.operations import Lifted
from cufit_service.application.pages import Window
from cufit_service.domain.errors import (
    CandidateUnknown,
    MatchUnknown,
    NotAllowed,
    PairBlocked,
    PairTaken,
)
from cufit_service.domain.match import BlockedPair, Match
from tests.unit.service.couples import HER, all_read_before_any_write, couple, suggest
from tests.unit.service.world import ADMIN, BASIC, MAKER, OTHER_MAKER, candidate_of


async def test_a_blocked_pair_is_not_suggested_until_its_maker_allows_it() -> None:
    world = couple()
    block_pair = world.use_cases.matches
    await block_pair.block(MAKER, "m_her", "m_him")
    await block_pair.block(MAKER, "m_her", "m_him")
    for left, right, maker in (("m_her", "m_him", MAKER), ("m_him", "m_her", OTHER_MAKER)):
        with pytest.raises(PairBlocked):
            await suggest(world, left, right, maker)
    await block_pair.unblock(OTHER_MAKER, "m_him", "m_her")
    with pytest.raises(PairBlocked):
        await suggest(world)
    await block_pair.unblock(MAKER, "m_her", "m_him")
    await suggest(world)


async def test_of_two_makers_blocks_each_lifts_their_own() -> None:
    world = couple()
    use = world.use_cases.matches
    await use.block(MAKER, "m_her", "m_him")
    await use.block(OTHER_MAKER, "m_him", "m_her")
    await use.unblock(MAKER, "m_her", "m_him")
    for _ in range(2):
        with pytest.raises(PairBlocked):
            await suggest(world)
        await use.unblock(MAKER, "m_her", "m_him")
    await use.unblock(OTHER_MAKER, "m_him", "m_her")
    assert not world.rows("matches")
    await suggest(world)


async def test_two_makers_who_block_at_once_both_do() -> None:
    world = couple()
    use = world.use_cases.matches
    all_read_before_any_write(world)
    await asyncio.gather(
        use.block(MAKER, "m_her", "m_him"), use.block(OTHER_MAKER, "m_him", "m_her")
    )
    blocked = await world.matches.find("m_her+m_him")
    assert isinstance(blocked, BlockedPair)
    assert {one.maker_id for one in blocked.blocks} == {"m_maker", "m_other_maker"}


@pytest.mark.parametrize("order", [("m_her", "m_him"), ("m_him", "m_her")])
async def test_a_maker_lifts_their_own_also_when_the_candidate_is_not_theirs_any_more(
    order: tuple[str, str],
) -> None:
    world = couple()
    world.knows(MAKER, OTHER_MAKER)
    use = world.use_cases.matches
    await use.block(MAKER, "m_her", "m_him")
    world.has(candidate_of(OTHER_MAKER.member_id, "m_her"))
    await use.unblock(OTHER_MAKER, *order)
    with pytest.raises(PairBlocked):
        await suggest(world, maker=OTHER_MAKER)
    await use.unblock(MAKER, *order)
    assert not world.rows("matches")
    with pytest.raises(CandidateUnknown):
        await use.unblock(MAKER, *order)


async def test_an_admin_lifts_the_blocks_of_makers_who_have_left() -> None:
    world = couple()
    world.knows(MAKER, OTHER_MAKER)
    lift = world.use_cases.operations.lift_blocks
    for maker, left, right in ((MAKER, "m_her", "m_him"), (OTHER_MAKER, "m_him", "m_her")):
        await world.use_cases.matches.block(maker, left, right)
    assert await lift(ADMIN, "m_her", "m_him") == Lifted(0, 2)
    await world.use_cases.members.leave(MAKER)
    world.clock.advance(seconds=1)
    back = replace(MAKER, joined_at=world.clock.now())
    world.knows(back)
    world.has(candidate_of(MAKER.member_id, "m_her", maker_joined_at=back.joined_at))
    await world.use_cases.matches.unblock(back, "m_her", "m_him")
    for who in (MAKER, OTHER_MAKER, HER, BASIC):
        with pytest.raises(NotAllowed):
            await lift(who, "m_her", "m_him")
    assert await lift(ADMIN, "m_him", "m_her") == Lifted(1, 1)
    assert await lift(ADMIN, "m_him", "m_her") == Lifted(0, 1)
    await world.use_cases.members.leave(OTHER_MAKER)
    assert await lift(ADMIN, "m_him", "m_her") == Lifted(1, 0)
    assert await lift(ADMIN, "m_him", "m_her") == Lifted(0, 0)
    assert not world.rows("matches")


async def test_a_suggested_pair_has_no_blocks_to_lift() -> None:
    world = couple()
    match = await suggest(world)
    assert await world.use_cases.operations.lift_blocks(ADMIN, "m_her", "m_him") == Lifted(0, 0)
    assert world.stored(world.matches.find("m_her+m_him")) == match


async def test_a_block_is_nobodys_match() -> None:
    world = couple()
    await world.use_cases.matches.block(MAKER, "m_her", "m_him")
    with pytest.raises(MatchUnknown):
        await world.use_cases.matches.one(MAKER, "m_her+m_him")
    assert (await world.use_cases.matches.own(HER, Window(10))).items == []


async def test_a_suggested_pair_is_not_blocked() -> None:
    world = couple()
    await suggest(world)
    with pytest.raises(PairTaken):
        await world.use_cases.matches.block(MAKER, "m_her", "m_him")
    await world.use_cases.matches.unblock(MAKER, "m_her", "m_him")
    assert isinstance(world.stored(world.matches.find("m_her+m_him")), Match)


@pytest.mark.parametrize(
    ("candidate_id", "other_id"),
    [("m_him", "m_her"), ("m_her", "m_her"), ("m_her", "m_nobody"), ("m_nobody", "m_her")],
)
async def test_only_a_pair_with_ones_own_is_blocked(candidate_id: str, other_id: str) -> None:
    world = couple()
    with pytest.raises(CandidateUnknown):
        await world.use_cases.matches.block(MAKER, candidate_id, other_id)
    for who in (HER, ADMIN):
        with pytest.raises(NotAllowed):
            await world.use_cases.matches.block(who, "m_her", "m_him")
        with pytest.raises(NotAllowed):
            await world.use_cases.matches.unblock(who, "m_her", "m_him")
    assert not world.rows("matches")
