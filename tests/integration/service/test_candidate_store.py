"""Candidates, as a use case relies on them: in memory and on moto."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cufit_service.application.pages import Window
from cufit_service.application.use_cases import Ports
from cufit_service.domain.errors import ConcurrentChange
from cufit_service.domain.events import MemberLeft
from cufit_service.domain.member import Role
from tests.integration.service.profiles import LATER, SEEKER, person, save_new, saved
from tests.unit.service.world import (
    MAKER,
    OTHER_MAKER,
    candidate_of,
    member,
)


class TestCandidates:
    async def test_what_is_saved_is_found_whole(self, ports: Ports) -> None:
        await save_new(ports, SEEKER)
        assert await ports.candidates.find("m_seeker") == SEEKER
        assert await ports.candidates.find("m_nobody") is None

    async def test_only_a_member_invited_as_candidate_becomes_one(self, ports: Ports) -> None:
        person = member("m_seeker", Role.CANDIDATE, MAKER.member_id)
        other = replace(person, inviter_id=OTHER_MAKER.member_id)
        await ports.members.welcome(MAKER)
        for known in (
            None,
            member("m_seeker", Role.BASIC),
            replace(person, joined_at=LATER),
            other,
        ):
            if known is not None:
                await ports.members.welcome(known)
            with pytest.raises(ConcurrentChange):
                await ports.candidates.add(SEEKER, person, saved(SEEKER))
            if known is not None:
                await ports.members.remove(MemberLeft("m_seeker", known.joined_at, LATER))
        assert await ports.candidates.find("m_seeker") is None

    async def test_nothing_is_saved_of_a_membership_that_has_ended(self, ports: Ports) -> None:
        with pytest.raises(ConcurrentChange):
            await ports.candidates.save(SEEKER, saved(SEEKER), person(SEEKER))
        await ports.members.welcome(replace(person(SEEKER), joined_at=LATER))
        with pytest.raises(ConcurrentChange):
            await ports.candidates.save(SEEKER, saved(SEEKER), person(SEEKER))
        assert await ports.candidates.find("m_seeker") is None

    async def test_only_the_version_stored_is_removed(self, ports: Ports) -> None:
        await save_new(ports, SEEKER)
        with pytest.raises(ConcurrentChange):
            await ports.candidates.remove(replace(SEEKER, version=2))
        assert await ports.candidates.find("m_seeker") == SEEKER
        await ports.candidates.remove(SEEKER)
        assert await ports.candidates.find("m_seeker") is None
        with pytest.raises(ConcurrentChange):
            await ports.candidates.remove(SEEKER)

    async def test_optional_parts_may_come_and_go(self, ports: Ports) -> None:
        await save_new(ports, SEEKER)
        ideal = replace(SEEKER.profile.ideal_type, height_range=None, mbti=(), free_text="")
        bare = replace(SEEKER.profile, hobbies=(), self_introduction="", ideal_type=ideal)
        after = SEEKER.saved(bare, LATER)
        await ports.candidates.save(after, saved(after), person(after))
        assert await ports.candidates.find("m_seeker") == after

    async def test_only_the_next_version_issaved(self, ports: Ports) -> None:
        second = SEEKER.resting(True, LATER)
        with pytest.raises(ConcurrentChange):
            await ports.candidates.save(second, saved(second), person(second))
        await save_new(ports, SEEKER)
        with pytest.raises(ConcurrentChange):
            await save_new(ports, SEEKER)
        await ports.candidates.save(second, saved(second), person(second))
        with pytest.raises(ConcurrentChange):
            await ports.candidates.save(second, saved(second), person(second))

    async def test_a_refused_save_tells_nobody(self, ports: Ports) -> None:
        second = SEEKER.resting(True, LATER)
        with pytest.raises(ConcurrentChange):
            await ports.candidates.save(second, saved(second), person(second))
        assert await ports.outbox.waiting(LATER + timedelta(days=1), 10) == []

    async def test_a_save_leaves_its_event_in_the_outbox(self, ports: Ports) -> None:
        await save_new(ports, SEEKER)
        assert await ports.outbox.waiting(LATER, 10) == [saved(SEEKER)]

    async def test_several_are_found_at_once(self, ports: Ports) -> None:
        many = [candidate_of(MAKER.member_id, f"m_{n}") for n in range(3)]
        for candidate in many:
            await save_new(ports, candidate)
        found = await ports.candidates.cards(["m_0", "m_2", "m_nobody"], LATER)
        assert found == {"m_0": many[0].card(LATER), "m_2": many[2].card(LATER)}
        assert await ports.candidates.cards([], LATER) == {}

    async def test_more_than_one_batch_is_found(
        self, ports: Ports, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("cufit_service.adapters.dynamodb.database.BATCH_GET_KEYS", 2)
        many = [candidate_of(MAKER.member_id, f"m_{n}") for n in range(5)]
        for candidate in many:
            await save_new(ports, candidate)
        ids = [candidate.candidate_id for candidate in many]
        found = await ports.candidates.cards(ids, LATER)
        assert len(found) == 5

    async def test_a_makers_list_holds_their_own(self, ports: Ports) -> None:
        mine = candidate_of(MAKER.member_id, "m_mine")
        other = candidate_of(OTHER_MAKER.member_id, "m_other")
        for candidate in (mine, other):
            await save_new(ports, candidate)
        page = await ports.candidates.of_maker(MAKER.member_id, Window(10))
        assert (list(page.items), page.end) == ([mine], None)
