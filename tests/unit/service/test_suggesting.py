"""Which pairs are suggested, how many a day, and which are blocked."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cufit_service.domain.errors import (
    CandidatePaused,
    CandidateUnknown,
    NotAllowed,
    PairTaken,
    SameGender,
    SuggestionsUsedUp,
)
from cufit_service.domain.match import Match
from tests.unit.service.couples import HER, couple, suggest
from tests.unit.service.world import (
    ADMIN,
    BASIC,
    MAKER,
    MORNING,
    OTHER_MAKER,
    World,
    candidate_of,
)


async def test_the_same_pair_is_suggested_once_in_either_order() -> None:
    world = couple()
    await suggest(world)
    with pytest.raises(PairTaken):
        await suggest(world)
    with pytest.raises(PairTaken):
        await suggest(world, "m_him", "m_her", OTHER_MAKER)
    world.clock.advance(days=2)
    with pytest.raises(PairTaken):
        await suggest(world)


async def test_a_suggestion_sent_again_is_the_same_suggestion() -> None:
    world = couple()
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
        await suggest(couple(), "m_her", other)


@pytest.mark.parametrize("resting", ["m_her", "m_him"])
async def test_nobody_who_rests_is_suggested(resting: str) -> None:
    world = couple()
    candidate = world.stored(world.candidates.find(resting))
    world.has(candidate.resting(True, MORNING))
    with pytest.raises(CandidatePaused):
        await suggest(world)
    assert not world.rows("matches")


async def test_one_who_rests_or_leaves_at_that_moment_is_not_suggested() -> None:
    for happens in ("rests", "leaves"):
        world = couple()
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
            await suggest(world)
        assert not world.rows("matches")


async def test_a_candidate_is_suggested_three_times_a_day_in_korea() -> None:
    men = [f"m_man{number}" for number in range(7)]
    world = couple(*men)
    world.clock.time = datetime(2026, 11, 22, 14, 59, 30, tzinfo=UTC)  # 23:59:30 in Seoul
    for him in men[:3]:
        await suggest(world, right=him)
    with pytest.raises(SuggestionsUsedUp) as refused:
        await suggest(world, right=men[3])
    assert refused.value.again_in_seconds == 31
    world.clock.advance(seconds=30)
    for him in men[3:6]:
        await suggest(world, right=him)
    with pytest.raises(SuggestionsUsedUp) as refused:
        await suggest(world, right=men[6])
    assert refused.value.again_in_seconds == 24 * 60 * 60 + 1


async def test_the_limit_is_the_own_candidates_and_not_the_others() -> None:
    world = couple(*(f"m_man{number}" for number in range(3)))
    for number in range(3):
        await suggest(world, right=f"m_man{number}")
    world.has(candidate_of(MAKER.member_id, "m_third"))
    await suggest(world, left="m_third", right="m_man0")
    await suggest(world, left="m_him", right="m_her", maker=OTHER_MAKER)


async def test_of_four_at_once_three_are_taken() -> None:
    men = [f"m_man{number}" for number in range(4)]
    world = couple(*men)
    quota = world.matches.quota

    async def slow(candidate_id: str, now: datetime) -> object:
        found = await quota(candidate_id, now)
        await asyncio.sleep(0)
        return found

    world.matches.quota = slow  # type: ignore[assignment, method-assign]
    outcomes = await asyncio.gather(
        *(suggest(world, right=him) for him in men), return_exceptions=True
    )
    assert sum(isinstance(outcome, Match) for outcome in outcomes) == 3
    assert (await world.matches.quota("m_her", world.clock.now())).used == 3


async def test_only_the_maker_of_the_first_suggests() -> None:
    world = couple()
    with pytest.raises(CandidateUnknown):
        await suggest(world, maker=OTHER_MAKER)
    with pytest.raises(CandidateUnknown) as refused:
        await suggest(world, right="m_nobody")
    assert refused.value.field == "other_candidate_id"
    for who in (ADMIN, BASIC, HER):
        with pytest.raises(NotAllowed):
            await suggest(world, maker=who)
