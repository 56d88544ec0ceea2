"""The store of matches: a use case relies on no more than this."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cufit_contracts.vocabulary import Gender
from cufit_service.application.ports import Window
from cufit_service.application.use_cases import Ports
from cufit_service.domain.errors import ConcurrentChange, TooOften
from cufit_service.domain.match import Block, Match, Reply, suggest
from tests.integration.service.profiles import LATER, person, save_new, saved
from tests.unit.service.world import (
    MAKER,
    MORNING,
    OTHER_MAKER,
    candidate_of,
)

HER = candidate_of(MAKER.member_id, "m_her")
HIM = candidate_of(OTHER_MAKER.member_id, "m_him", profile=replace(HER.profile, gender=Gender.MALE))


async def _couple(ports: Ports) -> Match:
    for candidate in (HER, HIM):
        await save_new(ports, candidate)
    return suggest(HER, HIM, "sug_1", MORNING)


class TestMatches:
    async def test_what_is_added_is_found_with_its_quota(self, ports: Ports) -> None:
        match = await _couple(ports)
        unused = await ports.matches.quota("m_her", MORNING)
        assert (unused.used, unused.version) == (0, 0)
        used = unused.after_one_more(3, MORNING, TooOften)
        await ports.matches.add(match, used, MAKER)
        assert await ports.matches.find("m_her+m_him") == match
        assert await ports.matches.quota("m_her", MORNING) == used
        assert await ports.matches.find("m_a+m_b") is None

    async def test_a_pair_is_added_once(self, ports: Ports) -> None:
        match = await _couple(ports)
        quota = (await ports.matches.quota("m_her", MORNING)).after_one_more(3, MORNING, TooOften)
        await ports.matches.add(match, quota, MAKER)
        with pytest.raises(ConcurrentChange):
            await ports.matches.add(match, quota.after_one_more(3, MORNING, TooOften), MAKER)
        assert (await ports.matches.quota("m_her", MORNING)).used == 1

    async def test_a_quota_is_used_once(self, ports: Ports) -> None:
        match = await _couple(ports)
        third = candidate_of(OTHER_MAKER.member_id, "m_third", profile=HIM.profile)
        await save_new(ports, third)
        quota = (await ports.matches.quota("m_her", MORNING)).after_one_more(3, MORNING, TooOften)
        await ports.matches.add(match, quota, MAKER)
        with pytest.raises(ConcurrentChange):
            await ports.matches.add(suggest(HER, third, "sug_2", MORNING), quota, MAKER)
        assert await ports.matches.find("m_her+m_third") is None

    async def test_nobody_who_rests_or_has_left_is_added(self, ports: Ports) -> None:
        match = await _couple(ports)
        quota = (await ports.matches.quota("m_her", MORNING)).after_one_more(3, MORNING, TooOften)
        paused = HIM.resting(True, LATER)
        await ports.candidates.save(paused, saved(paused), person(paused))
        with pytest.raises(ConcurrentChange):
            await ports.matches.add(match, quota, MAKER)
        left = candidate_of(OTHER_MAKER.member_id, "m_left", profile=HIM.profile)
        with pytest.raises(ConcurrentChange):
            await ports.matches.add(suggest(HER, left, "sug_2", MORNING), quota, MAKER)
        assert (await ports.matches.quota("m_her", MORNING)).used == 0

    async def test_only_the_next_version_issaved(self, ports: Ports) -> None:
        match = await _couple(ports)
        quota = (await ports.matches.quota("m_her", MORNING)).after_one_more(3, MORNING, TooOften)
        await ports.matches.add(match, quota, MAKER)
        accepted = match.answered("m_her", Reply.ACCEPT, LATER)
        rejected = match.answered("m_him", Reply.REJECT, LATER)
        await ports.matches.save(accepted)
        with pytest.raises(ConcurrentChange):
            await ports.matches.save(rejected)
        assert await ports.matches.find(match.match_id) == accepted

    async def test_lists_have_both_sides_newest_first(self, ports: Ports) -> None:
        await _couple(ports)
        others = [
            candidate_of(MAKER.member_id, f"m_w{number}", profile=HER.profile)
            for number in range(4)
        ]
        expected: list[Match] = []
        for number, other in enumerate(others):
            await save_new(ports, other)
            pair = (other, HIM) if number % 2 else (HIM, other)
            at = MORNING + timedelta(seconds=number)
            match = suggest(*pair, f"sug_{number}", at)
            quota = await ports.matches.quota(pair[0].candidate_id, at)
            await ports.matches.add(match, quota.after_one_more(3, at, TooOften), MAKER)
            expected.insert(0, match)
        first = await ports.matches.of_candidate("m_him", Window(3))
        second = await ports.matches.of_candidate("m_him", Window(3, first.end))
        assert [*first.items, *second.items] == expected
        assert second.end is None

    async def test_a_block_is_found_and_taken_back_by_its_maker_alone(self, ports: Ports) -> None:
        blocked = Block("m_her+m_him", MAKER.member_id, MORNING)
        await ports.matches.block(blocked)
        assert await ports.matches.find("m_her+m_him") == blocked
        with pytest.raises(ConcurrentChange):
            await ports.matches.block(replace(blocked, maker_id="m_else"))
        await ports.matches.unblock("m_her+m_him", "m_else")
        assert await ports.matches.find("m_her+m_him") == blocked
        await ports.matches.unblock("m_her+m_him", MAKER.member_id)
        assert await ports.matches.find("m_her+m_him") is None

    async def test_unblocking_removes_no_match(self, ports: Ports) -> None:
        match = await _couple(ports)
        quota = (await ports.matches.quota("m_her", MORNING)).after_one_more(3, MORNING, TooOften)
        await ports.matches.add(match, quota, MAKER)
        await ports.matches.unblock(match.match_id, MAKER.member_id)
        assert await ports.matches.find(match.match_id) == match

    async def test_a_quota_is_no_match(self, ports: Ports) -> None:
        match = await _couple(ports)
        quota = (await ports.matches.quota("m_her", MORNING)).after_one_more(3, MORNING, TooOften)
        await ports.matches.add(match, quota, MAKER)
        assert await ports.matches.find("quota#m_her") is None
