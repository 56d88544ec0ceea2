"""A suggested match, until both agreed and see each other's contact card."""

import asyncio
from datetime import timedelta

import pytest

from cufit_contracts.vocabulary import PairStatus
from cufit_service.application.pages import Window
from cufit_service.domain.errors import (
    CandidateUnknown,
    MatchAnswered,
    MatchClosed,
    MatchUnknown,
    NotAllowed,
    NotMatched,
    Stale,
)
from cufit_service.domain.match import Match, Reply
from cufit_service.domain.member import Role
from tests.unit.service.couples import (
    HER,
    HIM,
    MALE,
    STRANGER,
    all_read_before_any_write,
    answer,
    couple,
    suggest,
)
from tests.unit.service.world import (
    ADMIN,
    BASIC,
    MAKER,
    MORNING,
    OTHER_MAKER,
    PROFILE,
    member,
)


async def test_what_ends_a_match_keeps_who_agreed_and_says_when() -> None:
    world = couple()
    match = await suggest(world)
    await answer(world, HER, match)
    now = MORNING + timedelta(minutes=1)
    open_match = await world.matches.find(match.match_id)
    assert isinstance(open_match, Match)
    for ended in (open_match.answered(HIM.member_id, Reply.REJECT, now), open_match.canceled(now)):
        assert (ended.accepted_by, ended.updated_at) == ((HER.member_id,), now)


async def test_both_agree_in_either_order() -> None:
    for first, second in ((HER, HIM), (HIM, HER)):
        world = couple()
        match = await suggest(world)
        assert match.status is PairStatus.SUGGESTED
        world.clock.advance(minutes=1)
        assert (await answer(world, first, match)).status is PairStatus.ACCEPTED
        world.clock.advance(minutes=1)
        matched = await answer(world, second, match)
        assert (matched.status, matched.updated_at) == (PairStatus.MATCHED, world.clock.now())


async def test_a_refusal_rejects_also_after_the_other_agreed() -> None:
    for agreed_before in (False, True):
        world = couple()
        match = await suggest(world)
        if agreed_before:
            await answer(world, HER, match)
        assert (await answer(world, HIM, match, Reply.REJECT)).status is PairStatus.REJECTED


@pytest.mark.parametrize("agreed", [False, True])
async def test_a_day_without_both_answers_cancels(agreed: bool) -> None:
    world = couple()
    match = await suggest(world)
    if agreed:
        await answer(world, HER, match)
    world.clock.time = MORNING + timedelta(hours=24) - timedelta(microseconds=1)
    read = world.use_cases.matches
    shown = (await read.one(HIM, match.match_id)).match
    assert shown.status_at(world.clock.now()) is not PairStatus.CANCELED
    world.clock.time = MORNING + timedelta(hours=24)
    assert shown.status_at(world.clock.now()) is PairStatus.CANCELED
    with pytest.raises(MatchClosed):
        await answer(world, HIM, match)


async def test_what_both_agreed_to_stays() -> None:
    world = couple()
    match = await suggest(world)
    await answer(world, HER, match)
    matched = await answer(world, HIM, match)
    assert matched.status_at(MORNING + timedelta(days=400)) is PairStatus.MATCHED


async def test_nobody_answers_twice() -> None:
    world = couple()
    match = await suggest(world)
    await answer(world, HER, match)
    for reply in Reply:
        with pytest.raises(MatchAnswered):
            await answer(world, HER, match, reply)
    await answer(world, HIM, match)
    with pytest.raises(MatchAnswered):
        await answer(world, HIM, match, Reply.REJECT)


async def test_after_a_refusal_nobody_answers() -> None:
    world = couple()
    match = await suggest(world)
    await answer(world, HER, match, Reply.REJECT)
    for who in (HER, HIM):
        with pytest.raises(MatchClosed):
            await answer(world, who, match)


async def test_a_match_that_is_not_ones_own_does_not_exist() -> None:
    world = couple()
    match = await suggest(world)
    for match_id in (match.match_id, "m_a+m_b"):
        with pytest.raises(MatchUnknown) as refused:
            await world.use_cases.matches.answer(STRANGER, match_id, Reply.ACCEPT)
        assert str(refused.value) == MatchUnknown.message
        with pytest.raises(MatchUnknown):
            await world.use_cases.matches.one(STRANGER, match_id)
        with pytest.raises(MatchUnknown):
            await world.use_cases.matches.contact(STRANGER, match_id)


async def test_two_who_agree_at_once_are_matched() -> None:
    world = couple()
    match = await suggest(world)
    all_read_before_any_write(world)
    outcomes = await asyncio.gather(answer(world, HER, match), answer(world, HIM, match))
    assert {outcome.status for outcome in outcomes} == {PairStatus.ACCEPTED, PairStatus.MATCHED}


async def test_an_answer_to_what_has_changed_meanwhile_may_be_guarded() -> None:
    world = couple()
    match = await suggest(world)
    await answer(world, HER, match)
    with pytest.raises(Stale):
        await world.use_cases.matches.answer(HIM, match.match_id, Reply.ACCEPT, read_version=1)
    await world.use_cases.matches.answer(HIM, match.match_id, Reply.ACCEPT, read_version=2)


async def test_only_candidates_answer_and_see_contact_cards() -> None:
    world = couple()
    match = await suggest(world)
    for who in (ADMIN, BASIC, MAKER, OTHER_MAKER):
        with pytest.raises(NotAllowed):
            await answer(world, who, match)
        with pytest.raises(NotAllowed):
            await world.use_cases.matches.contact(who, match.match_id)


async def test_contact_cards_are_shown_to_the_two_once_both_agreed() -> None:
    world = couple()
    contact = world.use_cases.matches.contact
    match = await suggest(world)
    for step in (None, HER):
        if step is not None:
            await answer(world, step, match)
        for who in (HER, HIM):
            with pytest.raises(NotMatched):
                await contact(who, match.match_id)
    await answer(world, HIM, match)
    assert (await contact(HER, match.match_id)).phone == MALE.phone
    assert (await contact(HIM, match.match_id)).phone == PROFILE.phone
    world.lost("candidates", "m_him")
    with pytest.raises(CandidateUnknown):
        await contact(HER, match.match_id)


async def test_a_match_is_seen_by_its_two_and_both_makers() -> None:
    world = couple()
    match = await suggest(world)
    read = world.use_cases.matches
    for who in (HER, HIM, MAKER, OTHER_MAKER):
        introduced = await read.one(who, match.match_id)
        assert set(introduced.cards) == {"m_her", "m_him"}
    with pytest.raises(MatchUnknown):
        await read.one(member("m_third", Role.MAKER), match.match_id)
    with pytest.raises(NotAllowed):
        await read.one(ADMIN, match.match_id)


async def test_lists_are_the_candidates_or_their_makers() -> None:
    world = couple("m_man0")
    first = await suggest(world)
    world.clock.advance(seconds=1)
    second = await suggest(world, right="m_man0")
    world.cloud.dynamodb.settle()
    read = world.use_cases.matches
    assert [item.match for item in (await read.own(HER, Window(10))).items] == [second, first]
    assert [item.match for item in (await read.own(HIM, Window(10))).items] == [first]
    newest = await read.own(HER, Window(1))
    assert [item.match for item in newest.items] == [second]
    rest = await read.own(HER, Window(1, newest.end))
    assert ([item.match for item in rest.items], rest.end) == ([first], None)
    makers = await read.of_candidate(OTHER_MAKER, "m_man0", Window(10))
    assert [item.match for item in makers.items] == [second]
    with pytest.raises(CandidateUnknown):
        await read.of_candidate(OTHER_MAKER, "m_her", Window(10))
    with pytest.raises(NotAllowed):
        await read.own(MAKER, Window(10))
