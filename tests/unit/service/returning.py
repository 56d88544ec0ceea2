"""Two who matched, and she who leaves and comes back."""

from dataclasses import replace

from cufit_service.domain.invitation import InvitationKind
from cufit_service.domain.match import Match
from cufit_service.domain.member import Member, Relation, Role
from tests.unit.service.couples import HER, HIM, answer, couple, suggest
from tests.unit.service.world import MAKER, OTHER_MAKER, PROFILE, World

NEW_PHONE = "01099998888"


async def matched(world: World | None = None) -> tuple[World, Match]:
    """The two have agreed to each other."""
    if world is None:
        world = couple()
        world.knows(MAKER, OTHER_MAKER, HER, HIM)
    match = await suggest(world)
    for who in (HER, HIM):
        await answer(world, who, match)
    return world, match


async def she_comes_back(world: World, maker: Member = OTHER_MAKER) -> Member:
    """With another phone."""
    await world.use_cases.members.leave(HER)
    world.clock.advance(seconds=10)
    await enters(world, HER.member_id, maker, InvitationKind.CANDIDATE)
    back = world.stored(world.members.find(HER.member_id))
    await world.use_cases.candidates.save_profile(back, replace(PROFILE, phone=NEW_PHONE))
    return back


async def enters(world: World, who: str, inviter: Member, kind: InvitationKind) -> Member:
    use, code = world.use_cases, world.ids.invitation_code()
    newcomer = Member(who, Role.BASIC, world.clock.now())
    await use.members.sign_in(newcomer)
    await use.invitations.invite(inviter, kind, Relation.FRIEND, code)
    return await use.invitations.accept(newcomer, code)
