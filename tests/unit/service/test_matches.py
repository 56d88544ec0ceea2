"""A suggested match, from the maker's suggestion to the contact card."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cufit_contracts.vocabulary import Gender, PairStatus
from cufit_service.application.ports import Window
from cufit_service.domain.errors import (
    CandidatePaused,
    CandidateUnknown,
    MatchAnswered,
    MatchClosed,
    MatchUnknown,
    NotAllowed,
    NotMatched,
    PairBlocked,
    PairTaken,
    SameGender,
    Stale,
    SuggestionsUsedUp,
)
from cufit_service.domain.match import Block, Match, Reply
from cufit_service.domain.member import Member, Role
from tests.unit.service.world import (
    ADMIN,
    BASIC,
    MAKER,
    MORNING,
    OTHER_MAKER,
    PROFILE,
    World,
    candidate_of,
    member,
)

HER = member("m_her", Role.CANDIDATE, MAKER.member_id)
HIM = member("m_him", Role.CANDIDATE, OTHER_MAKER.member_id)
STRANGER = member("m_stranger", Role.CANDIDATE, MAKER.member_id)
MALE = replace(PROFILE, gender=Gender.MALE, nickname="바다", name="이바다", phone="01087654321")


def _world(*more_men: str) -> World:
    world = World()
    world.has(
        candidate_of(MAKER.member_id, HER.member_id),
        candidate_of(MAKER.member_id, STRANGER.member_id),
        *(
            candidate_of(OTHER_MAKER.member_id, him, profile=MALE)
            for him in (HIM.member_id, *more_men)
        ),
    )
    return world


async def _suggest(
    world: World, left: str = "m_her", right: str = "m_him", maker: Member = MAKER
) -> Match:
    suggestion_id = world.ids.suggestion_id()
    return await world.use_cases.matches.suggest(maker, left, right, suggestion_id)


async def _answer(world: World, who: Member, match: Match, reply: Reply = Reply.ACCEPT) -> Match:
    return await world.use_cases.matches.answer(who, match.match_id, reply)


async def test_both_agree_in_either_order() -> None:
    for first, second in ((HER, HIM), (HIM, HER)):
        world = _world()
        match = await _suggest(world)
        assert match.status is PairStatus.SUGGESTED
        world.clock.advance(minutes=1)
        assert (await _answer(world, first, match)).status is PairStatus.ACCEPTED
        world.clock.advance(minutes=1)
        matched = await _answer(world, second, match)
        assert (matched.status, matched.updated_at) == (PairStatus.MATCHED, world.clock.now())


async def test_a_refusal_rejects_also_after_the_other_agreed() -> None:
    for agreed_before in (False, True):
        world = _world()
        match = await _suggest(world)
        if agreed_before:
            await _answer(world, HER, match)
        assert (await _answer(world, HIM, match, Reply.REJECT)).status is PairStatus.REJECTED


@pytest.mark.parametrize("agreed", [False, True])
async def test_a_day_without_both_answers_cancels(agreed: bool) -> None:
    world = _world()
    match = await _suggest(world)
    if agreed:
        await _answer(world, HER, match)
    world.clock.time = MORNING + timedelta(hours=24) - timedelta(microseconds=1)
    read = world.use_cases.matches
    shown = (await read.one(HIM, match.match_id)).match
    assert shown.status_at(world.clock.now()) is not PairStatus.CANCELED
    world.clock.time = MORNING + timedelta(hours=24)
    assert shown.status_at(world.clock.now()) is PairStatus.CANCELED
    with pytest.raises(MatchClosed):
        await _answer(world, HIM, match)


async def test_what_both_agreed_to_stays() -> None:
    world = _world()
    match = await _suggest(world)
    await _answer(world, HER, match)
    matched = await _answer(world, HIM, match)
    assert matched.status_at(MORNING + timedelta(days=400)) is PairStatus.MATCHED


async def test_nobody_answers_twice() -> None:
    world = _world()
    match = await _suggest(world)
    await _answer(world, HER, match)
    for reply in Reply:
        with pytest.raises(MatchAnswered):
            await _answer(world, HER, match, reply)
    await _answer(world, HIM, match)
    with pytest.raises(MatchAnswered):
        await _answer(world, HIM, match, Reply.REJECT)


async def test_after_a_refusal_nobody_answers() -> None:
    world = _world()
    match = await _suggest(world)
    await _answer(world, HER, match, Reply.REJECT)
    for who in (HER, HIM):
        with pytest.raises(MatchClosed):
            await _answer(world, who, match)


async def test_a_match_that_is_not_ones_own_does_not_exist() -> None:
    world = _world()
    match = await _suggest(world)
    for match_id in (match.match_id, "m_a+m_b"):
        with pytest.raises(MatchUnknown) as refused:
            await world.use_cases.matches.answer(STRANGER, match_id, Reply.ACCEPT)
        assert str(refused.value) == MatchUnknown.message
        with pytest.raises(MatchUnknown):
            await world.use_cases.matches.one(STRANGER, match_id)
        with pytest.raises(MatchUnknown):
            await world.use_cases.matches.contact(STRANGER, match_id)


async def test_two_who_agree_at_once_are_matched() -> None:
    world = _world()
    match = await _suggest(world)
    find = world.matches.find

    async def slow(match_id: str) -> Match | Block | None:
        found = await find(match_id)
        await asyncio.sleep(0)
        return found

    world.matches.find = slow  # type: ignore[method-assign]
    outcomes = await asyncio.gather(_answer(world, HER, match), _answer(world, HIM, match))
    assert {outcome.status for outcome in outcomes} == {PairStatus.ACCEPTED, PairStatus.MATCHED}


async def test_an_answer_to_what_has_changed_meanwhile_may_be_guarded() -> None:
    world = _world()
    match = await _suggest(world)
    await _answer(world, HER, match)
    with pytest.raises(Stale):
        await world.use_cases.matches.answer(HIM, match.match_id, Reply.ACCEPT, read_version=1)
    await world.use_cases.matches.answer(HIM, match.match_id, Reply.ACCEPT, read_version=2)


async def test_the_same_pair_is_suggested_once_in_either_order() -> None:
    world = _world()
    await _suggest(world)
    with pytest.raises(PairTaken):
        await _suggest(world)
    with pytest.raises(PairTaken):
        await _suggest(world, "m_him", "m_her", OTHER_MAKER)
    world.clock.advance(days=2)
    with pytest.raises(PairTaken):
        await _suggest(world)


async def test_a_suggestion_sent_again_is_the_same_suggestion() -> None:
    world = _world()
    first = await world.use_cases.matches.suggest(MAKER, "m_her", "m_him", "sug_1")
    again = await world.use_cases.matches.suggest(MAKER, "m_her", "m_him", "sug_1")
    assert again == first
    assert (await world.matches.quota("m_her", world.clock.now())).used == 1
    world.has(replace(world.stored(world.candidates.find("m_him")), paused=True))
    rests = await world.use_cases.matches.suggest(MAKER, "m_her", "m_him", "sug_1")
    assert rests == first


@pytest.mark.parametrize("other", ["m_stranger", "m_her"])
async def test_a_pair_is_a_man_and_a_woman(other: str) -> None:
    with pytest.raises(SameGender):
        await _suggest(_world(), "m_her", other)


@pytest.mark.parametrize("resting", ["m_her", "m_him"])
async def test_nobody_who_rests_is_suggested(resting: str) -> None:
    world = _world()
    candidate = world.stored(world.candidates.find(resting))
    world.has(candidate.resting(True, MORNING))
    with pytest.raises(CandidatePaused):
        await _suggest(world)
    assert not world.rows("matches")


async def test_one_who_rests_or_leaves_at_that_moment_is_not_suggested() -> None:
    for happens in ("rests", "leaves"):
        world = _world()
        quota = world.matches.quota

        async def meanwhile(
            candidate_id: str,
            now: datetime,
            world: World = world,
            happens: str = happens,
            quota: object = quota,
        ) -> object:
            if happens == "leaves":
                world.lost("candidates", "m_him")
            else:
                world.has(world.stored(world.candidates.find("m_him")).resting(True, now))
            return await quota(candidate_id, now)  # type: ignore[operator]

        world.matches.quota = meanwhile  # type: ignore[assignment, method-assign]
        with pytest.raises(CandidatePaused if happens == "rests" else CandidateUnknown):
            await _suggest(world)
        assert not world.rows("matches")


async def test_a_candidate_is_suggested_three_times_a_day_in_korea() -> None:
    men = [f"m_man{number}" for number in range(7)]
    world = _world(*men)
    world.clock.time = datetime(2026, 11, 22, 14, 59, 30, tzinfo=UTC)  # 23:59:30 in Seoul
    for him in men[:3]:
        await _suggest(world, right=him)
    with pytest.raises(SuggestionsUsedUp) as refused:
        await _suggest(world, right=men[3])
    assert refused.value.again_in_seconds == 31
    world.clock.advance(seconds=30)
    for him in men[3:6]:
        await _suggest(world, right=him)
    with pytest.raises(SuggestionsUsedUp) as refused:
        await _suggest(world, right=men[6])
    assert refused.value.again_in_seconds == 24 * 60 * 60 + 1


async def test_the_limit_is_the_own_candidates_and_not_the_others() -> None:
    world = _world(*(f"m_man{number}" for number in range(3)))
    for number in range(3):
        await _suggest(world, right=f"m_man{number}")
    world.has(candidate_of(MAKER.member_id, "m_third"))
    await _suggest(world, left="m_third", right="m_man0")
    await _suggest(world, left="m_him", right="m_her", maker=OTHER_MAKER)


async def test_of_four_at_once_three_are_taken() -> None:
    men = [f"m_man{number}" for number in range(4)]
    world = _world(*men)
    quota = world.matches.quota

    async def slow(candidate_id: str, now: datetime) -> object:
        found = await quota(candidate_id, now)
        await asyncio.sleep(0)
        return found

    world.matches.quota = slow  # type: ignore[assignment, method-assign]
    outcomes = await asyncio.gather(
        *(_suggest(world, right=him) for him in men), return_exceptions=True
    )
    assert sum(isinstance(outcome, Match) for outcome in outcomes) == 3
    assert (await world.matches.quota("m_her", world.clock.now())).used == 3


async def test_only_the_maker_of_the_first_suggests() -> None:
    world = _world()
    with pytest.raises(CandidateUnknown):
        await _suggest(world, maker=OTHER_MAKER)
    with pytest.raises(CandidateUnknown) as refused:
        await _suggest(world, right="m_nobody")
    assert refused.value.field == "other_candidate_id"
    for who in (ADMIN, BASIC, HER):
        with pytest.raises(NotAllowed):
            await _suggest(world, maker=who)


async def test_only_candidates_answer_and_see_contact_cards() -> None:
    world = _world()
    match = await _suggest(world)
    for who in (ADMIN, BASIC, MAKER, OTHER_MAKER):
        with pytest.raises(NotAllowed):
            await _answer(world, who, match)
        with pytest.raises(NotAllowed):
            await world.use_cases.matches.contact(who, match.match_id)


async def test_contact_cards_are_shown_to_the_two_once_both_agreed() -> None:
    world = _world()
    contact = world.use_cases.matches.contact
    match = await _suggest(world)
    for step in (None, HER):
        if step is not None:
            await _answer(world, step, match)
        for who in (HER, HIM):
            with pytest.raises(NotMatched):
                await contact(who, match.match_id)
    await _answer(world, HIM, match)
    assert (await contact(HER, match.match_id)).phone == MALE.phone
    assert (await contact(HIM, match.match_id)).phone == PROFILE.phone
    world.lost("candidates", "m_him")
    with pytest.raises(CandidateUnknown):
        await contact(HER, match.match_id)


async def test_a_match_is_seen_by_its_two_and_both_makers() -> None:
    world = _world()
    match = await _suggest(world)
    read = world.use_cases.matches
    for who in (HER, HIM, MAKER, OTHER_MAKER):
        introduced = await read.one(who, match.match_id)
        assert set(introduced.cards) == {"m_her", "m_him"}
    with pytest.raises(MatchUnknown):
        await read.one(member("m_third", Role.MAKER), match.match_id)
    with pytest.raises(NotAllowed):
        await read.one(ADMIN, match.match_id)


async def test_lists_are_the_candidates_or_their_makers() -> None:
    world = _world("m_man0")
    first = await _suggest(world)
    world.clock.advance(seconds=1)
    second = await _suggest(world, right="m_man0")
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


async def test_a_blocked_pair_is_not_suggested_until_its_maker_allows_it() -> None:
    world = _world()
    block_pair = world.use_cases.matches
    await block_pair.block(MAKER, "m_her", "m_him")
    await block_pair.block(MAKER, "m_her", "m_him")
    for left, right, maker in (("m_her", "m_him", MAKER), ("m_him", "m_her", OTHER_MAKER)):
        with pytest.raises(PairBlocked):
            await _suggest(world, left, right, maker)
    await block_pair.unblock(OTHER_MAKER, "m_him", "m_her")
    with pytest.raises(PairBlocked):
        await _suggest(world)
    await block_pair.unblock(MAKER, "m_her", "m_him")
    await _suggest(world)


async def test_a_block_is_nobodys_match() -> None:
    world = _world()
    await world.use_cases.matches.block(MAKER, "m_her", "m_him")
    with pytest.raises(MatchUnknown):
        await world.use_cases.matches.one(MAKER, "m_her+m_him")
    assert (await world.use_cases.matches.own(HER, Window(10))).items == []


async def test_a_suggested_pair_is_not_blocked() -> None:
    world = _world()
    await _suggest(world)
    with pytest.raises(PairTaken):
        await world.use_cases.matches.block(MAKER, "m_her", "m_him")
    await world.use_cases.matches.unblock(MAKER, "m_her", "m_him")
    assert isinstance(world.stored(world.matches.find("m_her+m_him")), Match)


@pytest.mark.parametrize(
    ("candidate_id", "other_id"),
    [("m_him", "m_her"), ("m_her", "m_her"), ("m_her", "m_nobody"), ("m_nobody", "m_her")],
)
async def test_only_a_pair_with_ones_own_is_blocked(candidate_id: str, other_id: str) -> None:
    world = _world()
    with pytest.raises(CandidateUnknown):
        await world.use_cases.matches.block(MAKER, candidate_id, other_id)
    for who in (HER, ADMIN):
        with pytest.raises(NotAllowed):
            await world.use_cases.matches.block(who, "m_her", "m_him")
        with pytest.raises(NotAllowed):
            await world.use_cases.matches.unblock(who, "m_her", "m_him")
    assert not world.rows("matches")
