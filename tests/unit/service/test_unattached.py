"""When a maker leaves, their candidates are unattached until another maker's invitation."""

from dataclasses import replace

import pytest

from cufit_contracts.items import StepSource
from cufit_contracts.vocabulary import PairStatus, ProfileChange
from cufit_service.application.pages import Window
from cufit_service.domain.candidate import Candidate, Card
from cufit_service.domain.errors import (
    CandidateUnattached,
    CandidateUnknown,
    InvitationUnknown,
    RoleTaken,
)
from cufit_service.domain.events import MemberLeft, ProfileChanged
from cufit_service.domain.invitation import Invitation, InvitationKind
from cufit_service.domain.member import Member, Relation, Role
from tests.unit.service.couples import HER, HIM, answer, couple, suggest
from tests.unit.service.http_world import PROFILE_BODY, HttpWorld
from tests.unit.service.world import (
    ADMIN,
    BASIC,
    MAKER,
    MORNING,
    OTHER_MAKER,
    PROFILE,
    World,
    candidate_of,
    settle,
)


async def _left_by_her_maker() -> World:
    world = couple()
    world.knows(MAKER, OTHER_MAKER, HER, HIM)
    await world.use_cases.members.leave(MAKER)
    world.clock.advance(seconds=10)
    return world


async def _invited(
    world: World, maker: Member = OTHER_MAKER, kind: InvitationKind = InvitationKind.CANDIDATE
) -> Invitation:
    code = world.ids.invitation_code()
    return await world.use_cases.invitations.invite(maker, kind, Relation.FAMILY, code)


def _her(world: World) -> Candidate:
    return world.stored(world.candidates.find("m_her"))


async def _cut_off(_: str) -> None:
    raise TimeoutError


async def test_they_do_not_wait_for_what_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody may suggest them while whole tables are read."""
    world = couple()
    world.knows(MAKER, OTHER_MAKER, HER, HIM)
    for store in (world.photos, world.recommendations, world.invitations, world.records):
        for name in ("everything_of", "naming", "of_member"):
            if hasattr(store, name):
                monkeypatch.setattr(store, name, _cut_off)
    await world.use_cases.members.leave(MAKER)
    assert _her(world).maker_id is None
    with pytest.raises(CandidateUnattached):
        await suggest(world, "m_him", "m_her", OTHER_MAKER)


async def test_they_keep_everything_but_their_maker() -> None:
    world = couple()
    world.knows(MAKER, OTHER_MAKER, HER, HIM)
    match = await suggest(world)
    before = _her(world)
    await world.use_cases.members.leave(MAKER)
    after = _her(world)
    assert (after.maker_id, after.maker_joined_at) == (None, None)
    assert (after.profile, after.created_at) == (before.profile, before.created_at)
    assert after.version == before.version + 1
    await answer(world, HER, match)
    assert (await answer(world, HIM, match)).status is PairStatus.MATCHED
    assert (await world.use_cases.matches.contact(HIM, match.match_id)).phone == PROFILE.phone


async def test_they_are_told_and_so_are_makers_and_the_index() -> None:
    world = await _left_by_her_maker()
    told = await world.use_cases.members.sign_in(HER)
    assert (told.role, told.inviter_id, told.relation) == (Role.CANDIDATE, None, None)
    assert (await world.use_cases.members.sign_in(HIM)) == HIM
    seen = await world.use_cases.candidates.view(OTHER_MAKER, "m_her")
    assert isinstance(seen, Card)
    assert not seen.attached
    changes = [one for one in world.changes_sent if isinstance(one, ProfileChanged)]
    assert ("m_her", ProfileChange.SAVED, 2) in [
        (one.candidate_id, one.change, one.version) for one in changes
    ]
    await settle(world)
    assert not world.rows("outbox")


async def test_they_cannot_be_suggested_or_asked_for() -> None:
    world = await _left_by_her_maker()
    with pytest.raises(CandidateUnattached):
        await suggest(world, "m_him", "m_her", OTHER_MAKER)
    for maker in (MAKER, OTHER_MAKER):
        with pytest.raises(CandidateUnknown):
            await suggest(world, "m_her", "m_him", maker)
        with pytest.raises(CandidateUnknown):
            await world.use_cases.recommendations.ask(maker, "m_her", "rec_1")


async def test_another_makers_invitation_attaches_them() -> None:
    world = await _left_by_her_maker()
    invitation = await _invited(world)
    joined = await world.use_cases.invitations.accept(HER, invitation.code)
    assert (joined.role, joined.inviter_id) == (Role.CANDIDATE, OTHER_MAKER.member_id)
    assert (joined.joined_at, joined.relation) == (HER.joined_at, Relation.FAMILY)
    assert (await world.use_cases.members.sign_in(HER)).inviter_id == OTHER_MAKER.member_id
    assert _her(world).is_introduced_by(OTHER_MAKER)
    listed = await world.use_cases.candidates.of_maker(OTHER_MAKER, Window(10))
    assert {one.candidate_id for one in listed.items} == {"m_her", "m_him"}
    assert world.changes_sent[-1] == _her(world).change
    await suggest(world, "m_her", "m_him", OTHER_MAKER)
    with pytest.raises(RoleTaken):
        await world.use_cases.invitations.accept(HER, (await _invited(world)).code)


async def test_their_new_maker_sees_the_matches_they_have() -> None:
    world = couple()
    world.knows(MAKER, OTHER_MAKER, replace(OTHER_MAKER, member_id="m_third"), HER, HIM)
    match = await suggest(world)
    await world.use_cases.members.leave(MAKER)
    third = replace(OTHER_MAKER, member_id="m_third")
    await world.use_cases.invitations.accept(HER, (await _invited(world, third)).code)
    (listed,) = (await world.use_cases.matches.of_candidate(third, "m_her", Window(10))).items
    assert listed.match == match
    assert (await world.use_cases.matches.one(third, match.match_id)).match == match


async def test_nothing_else_is_taken_by_a_candidate() -> None:
    world = await _left_by_her_maker()
    to_be_maker = await _invited(world, ADMIN, InvitationKind.MAKER)
    with pytest.raises(RoleTaken):
        await world.use_cases.invitations.accept(HER, to_be_maker.code)
    attached = await _invited(world)
    with pytest.raises(RoleTaken):
        await world.use_cases.invitations.accept(HIM, attached.code)


async def test_the_invitation_of_a_maker_who_left_is_no_invitation() -> None:
    world = couple()
    world.knows(MAKER, OTHER_MAKER)
    code = (await _invited(world, MAKER)).code
    world.lost("members", MAKER.member_id)
    for back in (None, replace(MAKER, joined_at=world.clock.time.replace(hour=23))):
        if back is not None:
            world.knows(back)
        with pytest.raises(InvitationUnknown):
            await world.use_cases.invitations.accept(BASIC, code)
    assert BASIC.member_id not in world.rows("members")


async def test_a_maker_who_comes_back_has_to_invite_them_anew() -> None:
    world = await _left_by_her_maker()
    back = replace(MAKER, joined_at=world.clock.now())
    world.knows(back)
    assert (await world.use_cases.members.sign_in(HER)).inviter_id is None
    await world.use_cases.invitations.accept(HER, (await _invited(world, back)).code)
    assert _her(world).is_introduced_by(back)


async def test_forgetting_late_spares_whom_the_maker_has_invited_since() -> None:
    world = await _left_by_her_maker()
    back = replace(MAKER, joined_at=world.clock.now())
    world.knows(back)
    await world.use_cases.invitations.accept(HER, (await _invited(world, back)).code)
    world.has(candidate_of(MAKER.member_id, "m_old"))
    # A leaving that was handled before is delivered once more.
    await world.use_cases.sweep_outbox.deliver(
        MemberLeft(MAKER.member_id, MAKER.joined_at, MORNING), StepSource.SWEEPER
    )
    assert _her(world).is_introduced_by(back)
    assert world.stored(world.candidates.find("m_old")).maker_id is None


@pytest.mark.parametrize("saves_first", [True, False])
async def test_one_without_a_profile_is_no_different(saves_first: bool) -> None:
    world = World()
    world.knows(MAKER, OTHER_MAKER, HER)
    await world.use_cases.members.leave(MAKER)
    assert (await world.use_cases.members.sign_in(HER)).inviter_id is None
    save = world.use_cases.candidates.save_profile
    if saves_first:
        assert (await save(HER, PROFILE)).maker_id is None
    await world.use_cases.invitations.accept(HER, (await _invited(world)).code)
    # The member as known before they accepted, on another device.
    await save(HER, PROFILE)
    assert _her(world).is_introduced_by(OTHER_MAKER)


async def test_an_app_can_show_it() -> None:
    http = HttpWorld()
    http.person("maker", Role.MAKER, "admin")
    http.person("her", Role.CANDIDATE, "maker")
    async with http.client("her") as her, http.client("maker") as maker:
        saved = await her.put("/v1/candidates/me", json=PROFILE_BODY)
        assert saved.json()["attached"]
        assert (await maker.delete("/v1/members/me")).status_code == 204
        assert (await her.get("/v1/members/me")).json()["inviterId"] is None
        own = (await her.get("/v1/candidates/me")).json()
    assert (own["attached"], own["phone"]) == (False, "01012345678")
