"""Which pairs are suggested, how many a day, and which are blocked."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cufit_service.domain.errors import (
    CandidatePaused,
    CandidateUnattached,
    CandidateUnknown,
    NotAllowed,
    PairTaken,
    SameGender,
    SuggestionsUsedUp,
)
from cufit_service.domain.quota import Place, Taken
from tests.unit.service.couples import HER, MALE, couple, suggest
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
    assert world.counted("suggestions", "m_her") == {"sug_1"}
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


REFUSED = {
    "rests": CandidatePaused,
    "leaves": CandidateUnknown,
    "is left by the maker": CandidateUnattached,
}


@pytest.mark.parametrize("happens", REFUSED)
async def test_what_happens_to_one_at_that_moment_counts(happens: str) -> None:
    world = couple()
    take = world.quotas.take

    async def meanwhile(place: Place, a_day: int) -> Taken | None:
        if happens == "leaves":
            world.lost("candidates", "m_him")
        elif happens == "rests":
            him = world.stored(world.candidates.find("m_him"))
            world.has(him.resting(True, MORNING))
        elif await world.members.find(OTHER_MAKER.member_id):
            await world.use_cases.members.leave(OTHER_MAKER)
        return await take(place, a_day)

    world.quotas.take = meanwhile  # type: ignore[method-assign]
    with pytest.raises(REFUSED[happens]):
        await suggest(world)
    assert not world.rows("matches")
    assert world.counted("suggestions", "m_her") == set()


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


def _one_makers_own() -> tuple[World, list[str], list[str]]:
    """Four women and four men whom one maker introduces."""
    world = World()
    women, men = ([f"m_{kind}{number}" for number in range(4)] for kind in ("woman", "man"))
    world.has(
        *(candidate_of(MAKER.member_id, woman) for woman in women),
        *(candidate_of(MAKER.member_id, man, profile=MALE) for man in men),
    )
    return world, women, men


@pytest.mark.parametrize("side", ["left", "right"])
async def test_the_makers_own_on_the_other_side_is_counted_as_well(side: str) -> None:
    world, (her, *_), men = _one_makers_own()
    for him in men[:3]:
        await suggest(world, *((her, him) if side == "left" else (him, her)))
    for pair in ((her, men[3]), (men[3], her)):
        with pytest.raises(SuggestionsUsedUp):
            await suggest(world, *pair)
    assert world.counted("suggestions", men[3]) == set()
    assert len(world.rows("matches")) == 3


async def test_one_refused_for_the_other_side_takes_no_place_of_either() -> None:
    world, women, (him, *_) = _one_makers_own()
    for her in women[:3]:
        await suggest(world, her, him)
    with pytest.raises(SuggestionsUsedUp):
        await suggest(world, women[3], him)
    assert world.counted("suggestions", women[3]) == set()
    assert len(world.counted("suggestions", him)) == 3


async def test_clocks_that_disagree_at_midnight_reset_nobodys_count() -> None:
    """Two tasks, one some seconds ahead, are asked in turns: each day has its own three."""
    men = [f"m_man{number}" for number in range(12)]
    world = couple(*men)
    before = datetime(2026, 11, 22, 14, 59, 58, tzinfo=UTC)  # 23:59:58 in Seoul
    for number, him in enumerate(men):
        world.clock.time = before + timedelta(seconds=4 * (number % 2))
        with suppress(SuggestionsUsedUp):
            await suggest(world, right=him)
    assert set(world.rows("matches")) == {f"m_her+{him}" for him in men[:6]}


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
