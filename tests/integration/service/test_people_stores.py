"""Stores of members and invitations: a use case relies on no more than this."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta

import pytest

from cufit_service.application.pages import Window
from cufit_service.application.use_cases import Ports
from cufit_service.domain.errors import ConcurrentChange
from cufit_service.domain.events import MemberLeft
from cufit_service.domain.invitation import Invitation, InvitationKind, accept, invite
from cufit_service.domain.member import Relation, Role
from tests.integration.service.profiles import LATER
from tests.unit.service.world import (
    ADMIN,
    BASIC,
    MAKER,
    MORNING,
    member,
)


def _invitation(code: str = "CODE1", inviter: str = "m_admin") -> Invitation:
    made = invite(ADMIN, InvitationKind.MAKER, Relation.FAMILY, code, MORNING)
    return replace(made, inviter_id=inviter)


async def _outcomes(*attempts: Awaitable[object]) -> list[type | None]:
    done = await asyncio.gather(*attempts, return_exceptions=True)
    return [type(outcome) if isinstance(outcome, Exception) else None for outcome in done]


class TestMembers:
    async def test_a_stranger_is_not_found(self, ports: Ports) -> None:
        assert await ports.members.find("m_nobody") is None

    async def test_welcome_stores_once(self, ports: Ports) -> None:
        assert await ports.members.welcome(BASIC) == BASIC
        late = replace(BASIC, joined_at=LATER, role=Role.MAKER)
        assert await ports.members.welcome(late) == BASIC
        assert await ports.members.find(BASIC.member_id) == BASIC

    async def test_one_who_left_is_gone_and_to_be_forgotten(self, ports: Ports) -> None:
        await ports.members.welcome(BASIC)
        left = MemberLeft(BASIC.member_id, BASIC.joined_at, LATER)
        await ports.members.remove(left)
        assert await ports.members.find(BASIC.member_id) is None
        with pytest.raises(ConcurrentChange):
            await ports.members.remove(left)
        assert await ports.outbox.waiting(LATER + timedelta(seconds=1), 10) == [left]

    async def test_a_membership_begun_since_stays(self, ports: Ports) -> None:
        back = replace(BASIC, joined_at=LATER)
        await ports.members.welcome(back)
        with pytest.raises(ConcurrentChange):
            await ports.members.remove(MemberLeft(BASIC.member_id, BASIC.joined_at, LATER))
        assert await ports.members.find(BASIC.member_id) == back


class TestInvitations:
    async def test_what_is_added_is_found(self, ports: Ports) -> None:
        await ports.invitations.add(_invitation(), ADMIN)
        assert await ports.invitations.find("CODE1") == _invitation()
        assert await ports.invitations.find("CODE2") is None

    async def test_a_code_is_never_given_twice(self, ports: Ports) -> None:
        await ports.invitations.add(_invitation(), ADMIN)
        with pytest.raises(ConcurrentChange):
            await ports.invitations.add(_invitation(inviter="m_other"), ADMIN)
        assert await ports.invitations.find("CODE1") == _invitation()

    async def test_acceptance_changes_both(self, ports: Ports) -> None:
        await ports.invitations.add(_invitation(), ADMIN)
        used, joined = accept(_invitation(), BASIC, LATER)
        await ports.invitations.record_acceptance(used, joined, stored=False)
        assert await ports.invitations.find("CODE1") == used
        assert await ports.members.find(BASIC.member_id) == joined

    async def test_a_used_code_changes_nobody(self, ports: Ports) -> None:
        await ports.invitations.add(_invitation(), ADMIN)
        await ports.invitations.record_acceptance(
            *accept(_invitation(), BASIC, LATER), stored=False
        )
        second = member("m_second", Role.BASIC)
        with pytest.raises(ConcurrentChange):
            await ports.invitations.record_acceptance(
                *accept(_invitation(), second, LATER), stored=False
            )
        assert await ports.members.find("m_second") is None

    async def test_a_member_with_a_role_uses_no_code(self, ports: Ports) -> None:
        await ports.invitations.add(_invitation(), ADMIN)
        await ports.members.welcome(replace(BASIC, role=Role.CANDIDATE))
        with pytest.raises(ConcurrentChange):
            await ports.invitations.record_acceptance(
                *accept(_invitation(), BASIC, LATER), stored=False
            )
        assert await ports.invitations.find("CODE1") == _invitation()

    async def test_an_invitation_that_is_gone_is_not_accepted(self, ports: Ports) -> None:
        with pytest.raises(ConcurrentChange):
            await ports.invitations.record_acceptance(
                *accept(_invitation(), BASIC, LATER), stored=False
            )
        assert await ports.members.find(BASIC.member_id) is None

    async def test_of_two_at_once_one_is_first(self, ports: Ports) -> None:
        await ports.invitations.add(_invitation(), ADMIN)
        people = [member(f"m_{n}", Role.BASIC) for n in range(2)]
        outcomes = await _outcomes(
            *(
                ports.invitations.record_acceptance(
                    *accept(_invitation(), person, LATER), stored=False
                )
                for person in people
            )
        )
        assert outcomes.count(None) == 1
        assert any(outcome and issubclass(outcome, ConcurrentChange) for outcome in outcomes)

    async def test_those_that_name_somebody_are_found_and_forgotten(self, ports: Ports) -> None:
        await ports.invitations.add(_invitation(), ADMIN)
        await ports.invitations.add(_invitation("CODE2", inviter=BASIC.member_id), ADMIN)
        await ports.invitations.add(_invitation("CODE3"), ADMIN)
        used, joined = accept(_invitation(), BASIC, LATER)
        await ports.invitations.record_acceptance(used, joined, stored=False)
        naming = await ports.invitations.naming(BASIC.member_id)
        assert sorted(one.code for one in naming) == ["CODE1", "CODE2"]
        for code in ("CODE1", "CODE1", "CODE3", "NONE"):
            await ports.invitations.forget_who_accepted(code)
        assert await ports.invitations.find("CODE1") == replace(used, accepted_by=None)
        await ports.invitations.remove("CODE2")
        assert await ports.invitations.naming(BASIC.member_id) == []

    async def test_one_who_has_left_invites_nobody(self, ports: Ports) -> None:
        theirs = invite(MAKER, InvitationKind.CANDIDATE, Relation.FRIEND, "CODE1", LATER)
        used = accept(theirs, BASIC, LATER, inviter=MAKER)
        await ports.invitations.add(theirs, MAKER)
        await ports.members.remove(MemberLeft(MAKER.member_id, MAKER.joined_at, LATER))
        with pytest.raises(ConcurrentChange):
            await ports.invitations.add(replace(theirs, code="CODE2"), MAKER)
        with pytest.raises(ConcurrentChange):
            await ports.invitations.record_acceptance(*used, stored=False)
        await ports.members.welcome(replace(MAKER, joined_at=LATER + timedelta(hours=1)))
        with pytest.raises(ConcurrentChange):
            await ports.invitations.record_acceptance(*used, stored=False)
        assert await ports.members.find(BASIC.member_id) is None

    async def test_one_who_left_meanwhile_does_not_come_back(self, ports: Ports) -> None:
        await ports.invitations.add(_invitation(), ADMIN)
        with pytest.raises(ConcurrentChange):
            await ports.invitations.record_acceptance(
                *accept(_invitation(), BASIC, LATER), stored=True
            )
        assert await ports.members.find(BASIC.member_id) is None

    async def test_the_list_is_the_inviters_own(self, ports: Ports) -> None:
        for number in range(3):
            made = replace(
                _invitation(f"CODE{number}"), created_at=MORNING + timedelta(seconds=number)
            )
            await ports.invitations.add(made, ADMIN)
        await ports.invitations.add(_invitation("OTHER", inviter="m_other"), ADMIN)
        page = await ports.invitations.of_inviter("m_admin", Window(10))
        assert [item.code for item in page.items] == ["CODE2", "CODE1", "CODE0"]
