"""Who introduces a candidate, in the stores: one maker who is here, or nobody."""

from collections.abc import Awaitable
from dataclasses import replace

import pytest

from cufit_service.application.pages import Window
from cufit_service.application.use_cases import Ports
from cufit_service.domain.errors import ConcurrentChange
from cufit_service.domain.events import MemberLeft
from cufit_service.domain.invitation import Invitation, InvitationKind, accept, invite
from cufit_service.domain.member import Member, Relation, Role
from tests.integration.service.profiles import LATER, SEEKER, save_new, saved
from tests.unit.service.world import BASIC, MAKER, MORNING, OTHER_MAKER, member


def _of_maker(code: str = "CODE1", maker: Member = MAKER) -> Invitation:
    return invite(maker, InvitationKind.CANDIDATE, Relation.FAMILY, code, MORNING)


async def _is_done(attempt: Awaitable[object]) -> bool:
    try:
        await attempt
    except ConcurrentChange:
        return False
    return True


async def test_nobody_joins_a_maker_who_has_left(ports: Ports) -> None:
    made = _of_maker()
    await ports.members.welcome(MAKER)
    await ports.invitations.add(made, MAKER)
    await ports.members.remove(MemberLeft(MAKER.member_id, MAKER.joined_at, LATER))
    used, joined = accept(made, BASIC, LATER, inviter=MAKER)
    for back in (None, replace(MAKER, joined_at=LATER)):
        if back is not None:
            await ports.members.welcome(back)
        with pytest.raises(ConcurrentChange):
            await ports.invitations.record_acceptance(used, joined, stored=False)
    assert await ports.invitations.find("CODE1") == made
    assert await ports.members.find(BASIC.member_id) is None


@pytest.mark.parametrize("with_profile", [True, False])
async def test_a_candidate_gets_another_maker_once(ports: Ports, with_profile: bool) -> None:
    before = member("m_seeker", Role.CANDIDATE, MAKER.member_id)
    await save_new(ports, SEEKER)
    if not with_profile:
        await ports.candidates.remove(SEEKER)
    await ports.members.welcome(OTHER_MAKER)
    saves = SEEKER.introduced_by(OTHER_MAKER, LATER) if with_profile else None
    outcomes = []
    for code in ("CODE1", "CODE2"):
        made = _of_maker(code, OTHER_MAKER)
        await ports.invitations.add(made, OTHER_MAKER)
        used, joined = accept(made, before, LATER, inviter=OTHER_MAKER, unattached=True)
        outcomes.append(
            await _is_done(
                ports.invitations.record_acceptance(
                    used, joined, stored=True, before=before, saved=saves
                )
            )
        )
    assert outcomes == [True, False]
    found = await ports.members.find("m_seeker")
    assert (found and found.inviter_id) == OTHER_MAKER.member_id
    assert await ports.candidates.find("m_seeker") == saves


@pytest.mark.parametrize("with_profile", [True, False])
async def test_a_profile_changed_meanwhile_keeps_its_changes(
    ports: Ports, with_profile: bool
) -> None:
    before = member("m_seeker", Role.CANDIDATE, MAKER.member_id)
    await save_new(ports, SEEKER)
    later = SEEKER.saved(replace(SEEKER.profile, job="교사"), LATER)
    await ports.candidates.save(later, saved(later))
    await ports.members.welcome(OTHER_MAKER)
    made = _of_maker("CODE1", OTHER_MAKER)
    await ports.invitations.add(made, OTHER_MAKER)
    used, joined = accept(made, before, LATER, inviter=OTHER_MAKER, unattached=True)
    saves = SEEKER.introduced_by(OTHER_MAKER, LATER) if with_profile else None
    with pytest.raises(ConcurrentChange):
        await ports.invitations.record_acceptance(
            used, joined, stored=True, before=before, saved=saves
        )
    assert await ports.candidates.find("m_seeker") == later
    assert await ports.members.find("m_seeker") == before


async def test_nobody_becomes_candidate_of_a_maker_who_has_left(ports: Ports) -> None:
    person = member("m_seeker", Role.CANDIDATE, MAKER.member_id)
    await ports.members.welcome(person)
    await ports.members.remove(MemberLeft(MAKER.member_id, MAKER.joined_at, LATER))
    for back in (None, replace(MAKER, joined_at=LATER)):
        if back is not None:
            await ports.members.welcome(back)
        with pytest.raises(ConcurrentChange):
            await ports.candidates.add(SEEKER, person, saved(SEEKER))
    alone = replace(SEEKER, maker_id=None, maker_joined_at=None)
    await ports.candidates.add(alone, person, saved(alone))
    assert await ports.candidates.find("m_seeker") == alone


async def test_a_maker_is_lost_and_found(ports: Ports) -> None:
    await save_new(ports, SEEKER)
    alone = SEEKER.introduced_by(None, LATER)
    await ports.candidates.save(alone, saved(alone))
    assert await ports.candidates.find("m_seeker") == alone
    assert not (await ports.candidates.cards(["m_seeker"], LATER))["m_seeker"].attached
    assert (await ports.candidates.of_maker(MAKER.member_id, Window(10))).items == []
    again = alone.introduced_by(OTHER_MAKER, LATER)
    await ports.candidates.save(again, saved(again))
    page = await ports.candidates.of_maker(OTHER_MAKER.member_id, Window(10, None, MORNING))
    assert page.items == [again]
    page = await ports.candidates.of_maker(OTHER_MAKER.member_id, Window(10, None, LATER))
    assert (page.items, page.end) == ([], None)
