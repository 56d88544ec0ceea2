"""Answers are counted with the match they decide, once, for those who are still there."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from cufit_contracts.attention import HALF_LIFE, PROPOSED, SHOWN, amount, lately
from cufit_contracts.items import History
from cufit_contracts.stored import read
from cufit_contracts.vocabulary import timestamp
from cufit_service.domain.answers import tallies
from cufit_service.domain.errors import MatchAnswered, MatchClosed
from cufit_service.domain.match import Reply
from cufit_service.domain.member import Member
from tests.drills.tallies import recounted
from tests.unit.service.couples import (
    HER,
    HIM,
    all_read_before_any_write,
    answer,
    couple,
    suggest,
)
from tests.unit.service.returning import matched, she_comes_back
from tests.unit.service.world import MAKER, OTHER_MAKER, PROFILE, World

NONE = History()


def history(world: World, who: Member) -> History:
    return read(History, world.rows("candidates")[who.member_id]["history"])


def attention(world: World, who: Member) -> float:
    stored = world.rows("candidates")[who.member_id]["attention"]
    return lately(stored, world.clock.now())


@pytest.mark.parametrize(
    ("replies", "hers", "his"),
    [
        ([], NONE, NONE),
        ([(HER, "ACCEPT")], History(answered=1, said_yes=1), History(asked=1, wanted=1)),
        ([(HER, "REJECT")], History(answered=1), History(asked=1)),
        (
            [(HER, "ACCEPT"), (HIM, "REJECT")],
            History(answered=1, said_yes=1, asked=1),
            History(asked=1, wanted=1, answered=1),
        ),
        (
            [(HIM, "ACCEPT"), (HER, "ACCEPT")],
            History(answered=1, said_yes=1, asked=1, wanted=1),
            History(answered=1, said_yes=1, asked=1, wanted=1),
        ),
    ],
)
async def test_an_answer_counts_for_who_gives_it_and_whom_it_is_about(
    replies: list[tuple[Member, str]], hers: History, his: History
) -> None:
    world = couple()
    match = await suggest(world)
    for who, reply in replies:
        await answer(world, who, match, Reply(reply))
    assert (history(world, HER), history(world, HIM)) == (hers, his)
    for who, counted in ((HER, hers), (HIM, his)):
        joined_at, pairs = timestamp(who.joined_at), world.rows("matches").values()
        assert recounted(who.member_id, joined_at, pairs) == counted


async def test_what_is_answered_twice_or_too_late_counts_once() -> None:
    world = couple()
    match = await suggest(world)
    once = world.use_cases.matches.answer
    for _ in range(3):
        await once(HER, match.match_id, Reply.ACCEPT, request_id="req_1")
    with pytest.raises(MatchAnswered):
        await once(HER, match.match_id, Reply.REJECT, request_id="req_2")
    world.clock.advance(hours=24)
    with pytest.raises(MatchClosed):
        await once(HIM, match.match_id, Reply.ACCEPT)
    assert history(world, HER) == History(answered=1, said_yes=1)
    assert history(world, HIM) == History(asked=1, wanted=1)


async def test_what_is_counted_does_not_depend_on_who_saves() -> None:
    world = couple()
    match = await suggest(world)
    answered = match.answered(HIM.member_id, Reply.ACCEPT, world.clock.now())
    await world.matches.save(answered, counted=tallies(match, HIM.member_id, Reply.ACCEPT))
    assert history(world, HIM) == History(answered=1, said_yes=1)
    assert history(world, HER) == History(asked=1, wanted=1)


async def test_two_who_answer_at_once_are_both_counted() -> None:
    world = couple()
    match = await suggest(world)
    all_read_before_any_write(world)
    await asyncio.gather(answer(world, HER, match), answer(world, HIM, match))
    both = History(asked=1, wanted=1, answered=1, said_yes=1)
    assert (history(world, HER), history(world, HIM)) == (both, both)


async def test_about_who_has_left_nothing_is_counted_and_the_answer_stands() -> None:
    world = couple()
    match = await suggest(world)
    world.lost("candidates", HER.member_id)
    answered = await answer(world, HIM, match)
    assert answered.accepted_by == (HIM.member_id,)
    assert HER.member_id not in world.rows("candidates")
    assert history(world, HIM) == History(answered=1, said_yes=1)


async def test_who_comes_back_begins_with_nothing() -> None:
    world, match = await matched()
    await she_comes_back(world)
    assert history(world, HER) == NONE
    assert attention(world, HER) == 0
    assert (await world.matches.find(match.match_id)) is not None


async def test_who_leaves_and_comes_back_while_the_other_answers_is_not_counted() -> None:
    world = couple()
    world.knows(MAKER, OTHER_MAKER, HER, HIM)
    match = await suggest(world)
    save = world.matches.save

    async def late(*what: Any) -> None:
        world.matches.save = save  # type: ignore[method-assign]
        stored = world.rows("candidates")[HER.member_id]
        world.put("candidates", HER.member_id, stored | {"joined_at": "2026-12-01T00:00:00.000Z"})
        await save(*what)

    world.matches.save = late  # type: ignore[assignment, method-assign]
    await answer(world, HIM, match)
    assert history(world, HER) == NONE
    assert history(world, HIM) == History(answered=1, said_yes=1)


async def test_counting_is_no_change_of_a_profile() -> None:
    world = couple()
    before = world.stored(world.candidates.find(HER.member_id))
    await matched(world)
    after = world.stored(world.candidates.find(HER.member_id))
    assert after == before
    saved = await world.use_cases.candidates.save_profile(
        HER, replace(PROFILE, job="약사"), read_version=before.version
    )
    assert saved.version == before.version + 1
    assert history(world, HER) == History(asked=1, wanted=1, answered=1, said_yes=1)
    assert attention(world, HER) == pytest.approx(PROPOSED, rel=1e-3)


async def test_a_profile_saved_while_she_is_answered_loses_no_count() -> None:
    world = couple()
    match = await suggest(world)
    save = world.candidates.save

    async def late(*what: Any) -> None:
        world.candidates.save = save  # type: ignore[method-assign]
        await answer(world, HIM, match)
        await save(*what)

    world.candidates.save = late  # type: ignore[assignment, method-assign]
    await world.use_cases.candidates.save_profile(HER, replace(PROFILE, job="약사"))
    assert history(world, HER) == History(asked=1, wanted=1)


async def test_a_proposal_is_remembered_of_both_and_fades() -> None:
    world = couple("m_man0")
    await suggest(world)
    world.clock.time += HALF_LIFE
    await suggest(world, right="m_man0")
    assert attention(world, HER) == pytest.approx(1.5 * PROPOSED, rel=1e-3)
    assert attention(world, HIM) == pytest.approx(0.5 * PROPOSED, rel=1e-3)


@pytest.mark.parametrize("full", [(HER,), (HIM,), (HER, HIM)])
async def test_a_sum_without_a_digit_left_begins_anew_and_no_other(full: tuple[Member]) -> None:
    world = couple()
    world.clock.time = world.clock.time.replace(year=2034)
    for who in (HER, HIM):
        stored = world.rows("candidates")[who.member_id]
        before = 1 if who in full else amount(SHOWN, world.clock.now())  # 1: of January 2026
        world.put("candidates", who.member_id, stored | {"attention": before})
    await suggest(world)
    for who in (HER, HIM):
        expected = PROPOSED if who in full else SHOWN + PROPOSED
        assert attention(world, who) == pytest.approx(expected, rel=1e-3)
