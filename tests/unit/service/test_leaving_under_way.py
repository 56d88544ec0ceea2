"""Requests under way when the member who makes them leaves: refused at once, nothing is written."""

from collections.abc import Awaitable, Callable

import pytest

from cufit_service.application import retries
from cufit_service.domain.errors import ConcurrentChange, Contended, NotAllowed
from cufit_service.domain.events import MemberLeft
from cufit_service.domain.invitation import InvitationKind
from cufit_service.domain.member import Member, Relation
from tests.unit.service.couples import HER, MALE
from tests.unit.service.leaving import peopled_world
from tests.unit.service.world import MAKER, OTHER_MAKER, PROFILE, World, candidate_of

UNDER_WAY: dict[str, tuple[Member, Callable[[World], Awaitable[object]]]] = {
    "invite": (
        MAKER,
        lambda world: world.use_cases.invitations.invite(
            MAKER, InvitationKind.CANDIDATE, Relation.FRIEND, "CODE9"
        ),
    ),
    "ask": (MAKER, lambda world: world.use_cases.recommendations.ask(MAKER, "m_her", "rec_9")),
    "suggest": (
        MAKER,
        lambda world: world.use_cases.matches.suggest(MAKER, "m_her", "m_new", "sug_9"),
    ),
    "save the profile": (
        HER,
        lambda world: world.use_cases.candidates.save_profile(HER, PROFILE),
    ),
    "rest": (HER, lambda world: world.use_cases.candidates.pause_matching(HER, True)),
}


@pytest.mark.parametrize("returned", [False, True])
@pytest.mark.parametrize("name", UNDER_WAY)
async def test_it_is_refused_at_once(
    name: str, returned: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not forgotten yet: profile and candidates are there."""
    monkeypatch.setattr(retries, "PAUSES", ())
    world = await peopled_world()
    world.has(candidate_of(OTHER_MAKER.member_id, "m_new", profile=MALE))
    who, request = UNDER_WAY[name]
    tables = ("invitations", "recommendations", "matches", "candidates", "members")
    await world.members.remove(MemberLeft(who.member_id, who.joined_at, world.clock.now()))
    if returned:
        await world.use_cases.members.sign_in(who)
    before = [world.rows(table) for table in tables]
    with pytest.raises(NotAllowed):
        await request(world)
    assert [world.rows(table) for table in tables] == before


@pytest.mark.parametrize(
    ("name", "store", "write"),
    [
        ("ask", "recommendations", "accept"),
        ("suggest", "matches", "add"),
        ("save the profile", "candidates", "save"),
        ("rest", "candidates", "save"),
    ],
)
async def test_who_is_here_still_is_not_refused_for_losing_races(
    name: str, store: str, write: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lose(*_: object) -> None:
        raise ConcurrentChange

    monkeypatch.setattr(retries, "PAUSES", ())
    world = await peopled_world()
    world.has(candidate_of(OTHER_MAKER.member_id, "m_new", profile=MALE))
    _, request = UNDER_WAY[name]
    monkeypatch.setattr(getattr(world, store), write, lose)
    with pytest.raises(Contended):
        await request(world)
