"""Everybody enters by invitation, once."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from cufit_service.application.pages import Window
from cufit_service.domain.errors import (
    ConcurrentChange,
    InvitationExpired,
    InvitationOwn,
    InvitationUnknown,
    InvitationUsed,
    NotAllowed,
    RoleTaken,
    Unavailable,
)
from cufit_service.domain.invitation import (
    LIFETIME,
    MAY_INVITE,
    Invitation,
    InvitationKind,
    InvitationState,
)
from cufit_service.domain.member import Member, Relation, Role
from tests.unit.service.world import (
    ADMIN,
    BASIC,
    CANDIDATE,
    MAKER,
    MORNING,
    OTHER_MAKER,
    World,
    member,
)


async def _invited(world: World, kind: InvitationKind = InvitationKind.MAKER) -> Invitation:
    world.knows(MAKER)
    inviter = ADMIN if kind is InvitationKind.MAKER else MAKER
    return await world.use_cases.invitations.invite(
        inviter, kind, Relation.FAMILY, world.ids.invitation_code()
    )


@pytest.mark.parametrize(
    ("inviter", "kind"), [(ADMIN, InvitationKind.MAKER), (MAKER, InvitationKind.CANDIDATE)]
)
async def test_admins_invite_makers_and_makers_invite_candidates(
    inviter: Member, kind: InvitationKind
) -> None:
    world = World()
    invitation = await world.use_cases.invitations.invite(inviter, kind, Relation.FRIEND, "CODE1")
    assert invitation.inviter_id == inviter.member_id
    assert invitation.expires_at - invitation.created_at == timedelta(days=7)
    assert await world.invitations.find(invitation.code) == invitation


@pytest.mark.parametrize(
    ("inviter", "kind"),
    [
        (ADMIN, InvitationKind.CANDIDATE),
        (MAKER, InvitationKind.MAKER),
        (CANDIDATE, InvitationKind.CANDIDATE),
        (BASIC, InvitationKind.MAKER),
    ],
)
async def test_nobody_invites_above_their_role(inviter: Member, kind: InvitationKind) -> None:
    world = World()
    with pytest.raises(NotAllowed) as refused:
        await world.use_cases.invitations.invite(inviter, kind, Relation.FRIEND, "CODE1")
    assert refused.value.field == ("kind" if inviter.role in MAY_INVITE else None)
    assert not world.rows("invitations")


async def test_accepting_gives_the_role_the_relation_and_the_inviter() -> None:
    world = World()
    invitation = await _invited(world, InvitationKind.CANDIDATE)
    joined = await world.use_cases.invitations.accept(BASIC, invitation.code)
    assert (joined.role, joined.inviter_id) == (Role.CANDIDATE, MAKER.member_id)
    assert joined.relation is Relation.FAMILY
    assert world.stored(world.members.find(BASIC.member_id)) == joined
    used = world.stored(world.invitations.find(invitation.code))
    assert used.state(world.clock.now()) is InvitationState.ACCEPTED
    assert used.accepted_by == BASIC.member_id


async def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(InvitationUnknown):
        await World().use_cases.invitations.accept(BASIC, "NO-SUCH-CODE")


async def test_an_invitation_is_accepted_once() -> None:
    world = World()
    invitation = await _invited(world)
    await world.use_cases.invitations.accept(BASIC, invitation.code)
    with pytest.raises(InvitationUsed):
        await world.use_cases.invitations.accept(member("m_second", Role.BASIC), invitation.code)
    with pytest.raises(InvitationUsed):
        await world.use_cases.invitations.accept(BASIC, invitation.code)


async def test_nobody_accepts_their_own_invitation() -> None:
    world = World()
    invitation = await _invited(world)
    with pytest.raises(InvitationOwn):
        await world.use_cases.invitations.accept(ADMIN, invitation.code)


@pytest.mark.parametrize(
    ("after", "expired"), [(LIFETIME - timedelta(microseconds=1), False), (LIFETIME, True)]
)
async def test_an_invitation_lives_seven_days(after: timedelta, expired: bool) -> None:
    world = World()
    invitation = await _invited(world)
    world.clock.time = MORNING + after
    if expired:
        with pytest.raises(InvitationExpired):
            await world.use_cases.invitations.accept(BASIC, invitation.code)
        assert BASIC.member_id not in world.rows("members")
    else:
        assert (await world.use_cases.invitations.accept(BASIC, invitation.code)).role is Role.MAKER


@pytest.mark.parametrize("taken", [MAKER, CANDIDATE], ids=lambda who: str(who.role))
async def test_a_role_is_chosen_once(taken: Member) -> None:
    world = World()
    world.knows(taken)
    invitation = await _invited(world)
    with pytest.raises(RoleTaken):
        await world.use_cases.invitations.accept(taken, invitation.code)
    assert world.stored(world.invitations.find(invitation.code)).accepted_at is None


async def test_an_admin_takes_no_other_role() -> None:
    world = World()
    invitation = await _invited(world, InvitationKind.CANDIDATE)
    with pytest.raises(RoleTaken):
        await world.use_cases.invitations.accept(ADMIN, invitation.code)


async def test_of_two_who_accept_at_once_one_learns_it_is_used() -> None:
    world = World()
    invitation = await _invited(world)
    _pause_after_find(world)
    outcomes = await asyncio.gather(
        world.use_cases.invitations.accept(BASIC, invitation.code),
        world.use_cases.invitations.accept(member("m_second", Role.BASIC), invitation.code),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [Member, InvitationUsed]


async def test_one_person_with_two_invitations_takes_one() -> None:
    world = World()
    first = await _invited(world)
    second = await _invited(world, InvitationKind.CANDIDATE)
    _pause_after_find(world)
    outcomes = await asyncio.gather(
        world.use_cases.invitations.accept(BASIC, first.code),
        world.use_cases.invitations.accept(BASIC, second.code),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [Member, RoleTaken]
    assert world.stored(world.members.find(BASIC.member_id)).role is Role.MAKER


async def test_losing_every_race_is_a_temporary_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    invitation = await _invited(world)

    async def lose(*_: object, **__: object) -> None:
        raise ConcurrentChange

    monkeypatch.setattr(world.invitations, "record_acceptance", lose)
    with pytest.raises(Unavailable):
        await world.use_cases.invitations.accept(BASIC, invitation.code)


async def test_members_see_their_own_invitations_only() -> None:
    world = World()
    own = await _invited(world, InvitationKind.CANDIDATE)
    other = replace(own, code="OTHER", inviter_id="m_other_maker")
    await world.invitations.add(other, OTHER_MAKER)
    world.cloud.dynamodb.settle()
    page = await world.use_cases.invitations.newest(MAKER, Window(10))
    assert page.items == [own]
    with pytest.raises(NotAllowed):
        await world.use_cases.invitations.newest(CANDIDATE, Window(10))


def _pause_after_find(world: World) -> None:
    """Let everybody read before anybody writes: the worst interleaving."""
    find = world.invitations.find

    async def slow(code: str) -> Invitation | None:
        found = await find(code)
        await asyncio.sleep(0)
        return found

    world.invitations.find = slow  # type: ignore[method-assign]


async def test_who_left_while_accepting_joins_anew() -> None:
    """They were identified before; the membership they had then has ended."""
    world = World()
    invitation = await _invited(world, InvitationKind.CANDIDATE)
    before = await world.use_cases.members.sign_in(BASIC)
    world.clock.advance(minutes=1)
    await world.use_cases.members.leave(before)
    world.clock.advance(seconds=1)
    joined = await world.use_cases.invitations.accept(before, invitation.code)
    assert joined.joined_at == world.clock.now()
    assert world.stored(world.members.find(BASIC.member_id)) == joined


@pytest.mark.parametrize("who", [CANDIDATE, MAKER], ids=lambda who: str(who.role))
async def test_who_left_a_role_while_accepting_joins_anew(who: Member) -> None:
    world = World()
    invitation = await world.use_cases.invitations.invite(
        OTHER_MAKER, InvitationKind.CANDIDATE, Relation.FRIEND, "CODE1"
    )
    world.lost("members", MAKER.member_id)
    world.lost("members", who.member_id)
    world.clock.advance(minutes=1)
    joined = await world.use_cases.invitations.accept(who, invitation.code)
    assert (joined.role, joined.joined_at) == (Role.CANDIDATE, world.clock.now())
    assert joined.inviter_id == OTHER_MAKER.member_id
