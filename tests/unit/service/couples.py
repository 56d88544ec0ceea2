"""A woman and a man of two makers, suggested to each other."""

import asyncio
from dataclasses import replace

from cufit_contracts.vocabulary import Gender
from cufit_service.domain.match import BlockedPair, Match, Reply
from cufit_service.domain.member import Member, Role
from tests.unit.service.world import (
    MAKER,
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


def couple(*more_men: str) -> World:
    world = World()
    world.knows(HER, HIM, STRANGER)
    world.has(
        candidate_of(MAKER.member_id, HER.member_id),
        candidate_of(MAKER.member_id, STRANGER.member_id),
        *(
            candidate_of(OTHER_MAKER.member_id, him, profile=MALE)
            for him in (HIM.member_id, *more_men)
        ),
    )
    return world


async def suggest(
    world: World, left: str = "m_her", right: str = "m_him", maker: Member = MAKER
) -> Match:
    suggestion_id = world.ids.suggestion_id()
    return await world.use_cases.matches.suggest(maker, left, right, suggestion_id)


async def answer(world: World, who: Member, match: Match, reply: Reply = Reply.ACCEPT) -> Match:
    return await world.use_cases.matches.answer(who, match.match_id, reply)


def all_read_before_any_write(world: World) -> None:
    """Of a pair: the worst interleaving of two who do something at once."""
    find = world.matches.find

    async def slow(match_id: str) -> Match | BlockedPair | None:
        found = await find(match_id)
        await asyncio.sleep(0)
        return found

    world.matches.find = slow  # type: ignore[method-assign]
