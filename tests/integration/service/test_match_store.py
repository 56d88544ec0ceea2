"""The store of matches: a use case relies on no more than this."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cufit_contracts.vocabulary import Gender
from cufit_service.application.pages import Window
from cufit_service.application.use_cases import Ports
from cufit_service.domain.answers import tallies
from cufit_service.domain.errors import ConcurrentChange
from cufit_service.domain.match import BlockedPair, Match, Reply, Side, suggest
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
    async def test_what_is_added_is_found(self, ports: Ports) -> None:
        match = await _couple(ports)
        await ports.matches.add(match, MAKER)
        assert await ports.matches.find("m_her+m_him") == match
        assert await ports.matches.find("m_a+m_b") is None

    async def test_a_pair_is_added_once(self, ports: Ports) -> None:
        match = await _couple(ports)
        await ports.matches.add(match, MAKER)
        with pytest.raises(ConcurrentChange):
            await ports.matches.add(match, MAKER)

    async def test_nobody_who_rests_or_has_left_is_added(self, ports: Ports) -> None:
        match = await _couple(ports)
        paused = HIM.resting(True, LATER)
        await ports.candidates.save(paused, saved(paused), person(paused))
        with pytest.raises(ConcurrentChange):
            await ports.matches.add(match, MAKER)
        left = candidate_of(OTHER_MAKER.member_id, "m_left", profile=HIM.profile)
        with pytest.raises(ConcurrentChange):
            await ports.matches.add(suggest(HER, left, "sug_2", MORNING), MAKER)

    async def test_nobody_who_has_another_maker_or_none_is_added(self, ports: Ports) -> None:
        match = await _couple(ports)
        for maker in (MAKER, None):
            him = await ports.candidates.find("m_him")
            assert him is not None
            changed = him.introduced_by(maker, LATER)
            await ports.candidates.save(changed, saved(changed), person(HIM))
            with pytest.raises(ConcurrentChange):
                await ports.matches.add(match, MAKER)

    async def test_only_the_next_version_is_saved(self, ports: Ports) -> None:
        match = await _couple(ports)
        await ports.matches.add(match, MAKER)
        accepted = match.answered("m_her", Reply.ACCEPT, LATER)
        rejected = match.answered("m_him", Reply.REJECT, LATER)
        await ports.matches.save(accepted)
        with pytest.raises(ConcurrentChange):
            await ports.matches.save(rejected)
        assert await ports.matches.find(match.match_id) == accepted

    async def test_what_is_counted_is_counted_with_the_match(self, ports: Ports) -> None:
        match = await _couple(ports)
        await ports.matches.add(match, MAKER)
        yes = match.answered("m_her", Reply.ACCEPT, LATER)
        counted = tallies(match, "m_her", Reply.ACCEPT)
        for _ in range(2):  # her profile is another version by now; that does not matter
            paused = await ports.candidates.find("m_her")
            assert paused is not None
            resting = paused.resting(not paused.paused, LATER)
            await ports.candidates.save(resting, saved(resting), person(HER))
        await ports.matches.save(yes, person(HER), counted)
        with pytest.raises(ConcurrentChange):
            await ports.matches.save(yes, person(HER), counted)
        both = yes.answered("m_him", Reply.ACCEPT, LATER)
        new = replace(HER, joined_at=LATER)
        gone = replace(tallies(yes, "m_him", Reply.ACCEPT)[1], side=Side.of(new))
        with pytest.raises(ConcurrentChange):
            await ports.matches.save(both, person(HIM), [gone])
        assert await ports.matches.find(match.match_id) == yes

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
            await ports.matches.add(match, MAKER)
            expected.insert(0, match)
        first = await ports.matches.of_candidate("m_him", Window(3))
        second = await ports.matches.of_candidate("m_him", Window(3, first.end))
        assert [*first.items, *second.items] == expected
        assert second.end is None

    async def test_blocks_of_a_pair_are_replaced_by_who_knows_them_all(self, ports: Ports) -> None:
        pair = BlockedPair("m_her+m_him", ())
        by_one = pair.blocked_by(MAKER, MORNING)
        by_other = pair.blocked_by(OTHER_MAKER, MORNING)
        by_both = by_one.blocked_by(OTHER_MAKER, LATER)
        await ports.matches.replace_blocks(None, by_one)
        assert await ports.matches.find("m_her+m_him") == by_one
        for before in (None, by_other, by_both):
            with pytest.raises(ConcurrentChange):
                await ports.matches.replace_blocks(before, by_other)
        await ports.matches.replace_blocks(by_one, by_both)
        for after in (pair, by_other):
            with pytest.raises(ConcurrentChange):
                await ports.matches.replace_blocks(by_one, after)
        assert await ports.matches.find("m_her+m_him") == by_both
        await ports.matches.replace_blocks(by_both, pair)
        assert await ports.matches.find("m_her+m_him") is None

    async def test_a_suggested_pair_is_not_blocked(self, ports: Ports) -> None:
        match = await _couple(ports)
        await ports.matches.add(match, MAKER)
        blocked = BlockedPair(match.match_id, ()).blocked_by(MAKER, LATER)
        for before in (None, blocked):
            with pytest.raises(ConcurrentChange):
                await ports.matches.replace_blocks(before, blocked)
        assert await ports.matches.find(match.match_id) == match

    async def test_a_blocked_pair_is_not_suggested(self, ports: Ports) -> None:
        match = await _couple(ports)
        blocked = BlockedPair(match.match_id, ()).blocked_by(MAKER, MORNING)
        await ports.matches.replace_blocks(None, blocked)
        with pytest.raises(ConcurrentChange):
            await ports.matches.add(match, MAKER)

    async def test_nobody_who_has_come_back_is_who_they_were(self, ports: Ports) -> None:
        match = await _couple(ports)
        other = suggest(HER, replace(HIM, joined_at=LATER), "sug_2", LATER)
        with pytest.raises(ConcurrentChange):
            await ports.matches.add(other, MAKER)
        await ports.matches.add(match, MAKER)

    async def test_pages_pass_over_what_is_of_another_membership(self, ports: Ports) -> None:
        await _couple(ports)
        expected: list[Match] = []
        for number in range(9):
            other = candidate_of(MAKER.member_id, f"m_w{number}", profile=HER.profile)
            await save_new(ports, other)
            at = MORNING + timedelta(seconds=number)
            match = suggest(other, HIM, f"sug_{number}", at)
            await ports.matches.add(match, MAKER)
            if number % 3 == 0:
                expected.insert(0, match)
                continue
            await ports.matches.save(
                replace(match, right=replace(match.right, joined_at=LATER), version=2)
            )
        first = await ports.matches.of_candidate("m_him", Window(2, None, MORNING))
        second = await ports.matches.of_candidate("m_him", Window(2, first.end, MORNING))
        assert [len(first.items), len(second.items)] == [2, 1]
        assert [*first.items, *second.items] == expected
        assert second.end is None
