"""Candidate profiles: what may be saved, by whom, and who hears of it."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from cufit_contracts.profile import IdealType, Range
from cufit_contracts.vocabulary import IndexState, Mbti, ProfileChange
from cufit_service.domain.candidate import Candidate
from cufit_service.domain.errors import Invalid, NotAllowed, ProfileUnknown, Stale
from cufit_service.domain.member import Member
from tests.unit.service.world import BASIC, CANDIDATE, MAKER, MORNING, PROFILE, World


def _world() -> World:
    world = World()
    world.knows(MAKER, CANDIDATE)
    return world


async def test_the_first_save_makes_a_candidate_of_the_inviting_maker() -> None:
    world = _world()
    saved = await world.use_cases.candidates.save_profile(CANDIDATE, PROFILE)
    assert (saved.candidate_id, saved.maker_id) == (CANDIDATE.member_id, MAKER.member_id)
    assert (saved.version, saved.profile, saved.paused) == (1, PROFILE, False)
    assert world.stored(world.candidates.find(CANDIDATE.member_id)) == saved


async def test_saving_again_counts_the_version_and_keeps_the_rest() -> None:
    world = _world()
    first = await world.use_cases.candidates.save_profile(CANDIDATE, PROFILE)
    await world.use_cases.candidates.pause_matching(CANDIDATE, True)
    world.clock.advance(hours=1)
    again = await world.use_cases.candidates.save_profile(CANDIDATE, replace(PROFILE, job="교사"))
    assert (again.version, again.paused, again.created_at) == (3, True, first.created_at)
    assert again.updated_at == world.clock.now()
    assert again.profile.job == "교사"
    assert world.stored(world.candidates.find(CANDIDATE.member_id)) == again
    indexed = replace(again, index_state=IndexState.INDEXED)
    assert indexed.saved(PROFILE, world.clock.now()).index_state == "PENDING"


@pytest.mark.parametrize("who", [BASIC, MAKER], ids=lambda who: str(who.role))
async def test_only_candidates_have_a_profile(who: Member) -> None:
    world = _world()
    with pytest.raises(NotAllowed):
        await world.use_cases.candidates.save_profile(who, PROFILE)
    with pytest.raises(NotAllowed):
        await world.use_cases.candidates.read_profile(who)
    with pytest.raises(NotAllowed):
        await world.use_cases.candidates.pause_matching(who, True)
    assert not world.rows("candidates")


async def test_before_the_first_save_there_is_no_profile() -> None:
    world = _world()
    with pytest.raises(ProfileUnknown):
        await world.use_cases.candidates.read_profile(CANDIDATE)
    with pytest.raises(ProfileUnknown):
        await world.use_cases.candidates.pause_matching(CANDIDATE, True)


def _ideal(**changes: Any) -> dict[str, IdealType]:
    return {"ideal_type": replace(PROFILE.ideal_type, **changes)}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"phone": "02-123-4567"}, "phone"),
        ({"phone": "0101234567890"}, "phone"),
        ({"nickname": "가" * 21}, "nickname"),
        ({"birth_year": 2008}, "birth_year"),
        ({"birth_year": 1926}, "birth_year"),
        ({"height_cm": 119}, "height_cm"),
        ({"height_cm": 231}, "height_cm"),
        ({"city": ""}, "city"),
        ({"district": "가" * 21}, "district"),
        ({"job": ""}, "job"),
        ({"hobbies": tuple(f"취미{n}" for n in range(11))}, "hobbies"),
        ({"hobbies": ("등산", "등산")}, "hobbies"),
        ({"hobbies": ("등산", "")}, "hobbies.1"),
        ({"smoking": 4}, "smoking"),
        ({"drinking": -1}, "drinking"),
        ({"self_introduction": "가" * 501}, "self_introduction"),
        (_ideal(age_range=Range(18, 30)), "ideal_type.age_range.min"),
        (_ideal(age_range=Range(35, 30)), "ideal_type.age_range"),
        (_ideal(height_range=Range(170, 300)), "ideal_type.height_range.max"),
        (_ideal(mbti=(Mbti.INFJ, Mbti.INFJ)), "ideal_type.mbti"),
        (_ideal(smoking_max=4), "ideal_type.smoking_max"),
        (_ideal(drinking_max=-1), "ideal_type.drinking_max"),
        (_ideal(free_text="가" * 201), "ideal_type.free_text"),
    ],
)
async def test_a_field_that_breaks_its_rule_is_named(changes: dict[str, Any], field: str) -> None:
    world = _world()
    with pytest.raises(Invalid) as refused:
        await world.use_cases.candidates.save_profile(CANDIDATE, replace(PROFILE, **changes))
    assert [fault.field for fault in refused.value.faults] == [field]
    assert all(fault.message for fault in refused.value.faults)
    assert not world.rows("candidates")
    assert not world.rows("outbox")


@pytest.mark.parametrize(
    "changes",
    [
        {"birth_year": 2007},
        {"birth_year": 1927},
        {"hobbies": tuple(f"취미{n}" for n in range(10))},
        {"self_introduction": "가" * 500},
        {"self_introduction": ""},
        _ideal(free_text="가" * 200),
        _ideal(height_range=None),
        _ideal(age_range=Range(19, 19)),
    ],
)
async def test_at_its_limit_a_field_is_fine(changes: dict[str, Any]) -> None:
    await _world().use_cases.candidates.save_profile(CANDIDATE, replace(PROFILE, **changes))


async def test_the_year_turns_in_korea_before_it_does_in_london() -> None:
    world = _world()
    world.clock.time = MORNING.replace(year=2026, month=12, day=31, hour=15)
    await world.use_cases.candidates.save_profile(CANDIDATE, replace(PROFILE, birth_year=2008))
    world.clock.time = MORNING.replace(year=2026, month=12, day=31, hour=14, minute=59)
    with pytest.raises(Invalid):
        await world.use_cases.candidates.save_profile(CANDIDATE, replace(PROFILE, birth_year=2008))


async def test_a_save_over_an_old_version_is_stale() -> None:
    world = _world()
    with pytest.raises(Stale):
        await world.use_cases.candidates.save_profile(CANDIDATE, PROFILE, read_version=1)
    await world.use_cases.candidates.save_profile(CANDIDATE, PROFILE)
    await world.use_cases.candidates.save_profile(CANDIDATE, PROFILE, read_version=1)
    with pytest.raises(Stale):
        await world.use_cases.candidates.save_profile(CANDIDATE, PROFILE, read_version=1)


async def test_of_two_devices_that_save_at_once_neither_is_lost_unnoticed() -> None:
    world = _world()
    await world.use_cases.candidates.save_profile(CANDIDATE, PROFILE)
    find = world.candidates.find

    async def slow(candidate_id: str) -> Candidate | None:
        found = await find(candidate_id)
        await asyncio.sleep(0)
        return found

    world.candidates.find = slow  # type: ignore[method-assign]
    jobs = [replace(PROFILE, job=job) for job in ("교사", "간호사")]
    free = await asyncio.gather(
        *(world.use_cases.candidates.save_profile(CANDIDATE, job) for job in jobs)
    )
    assert sorted(saved.version for saved in free) == [2, 3]
    careful = await asyncio.gather(
        *(world.use_cases.candidates.save_profile(CANDIDATE, job, read_version=3) for job in jobs),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in careful] == [Candidate, Stale]


async def test_every_change_is_told_once_and_its_row_removed() -> None:
    world = _world()
    await world.use_cases.candidates.save_profile(CANDIDATE, PROFILE)
    await world.use_cases.candidates.pause_matching(CANDIDATE, True)
    told = [(event.correlation_id, getattr(event, "change", None)) for event in world.changes_sent]
    saved = ProfileChange.SAVED
    assert told == [("m_candidate-v1", saved), ("m_candidate-v2", saved)]
    assert not world.rows("outbox")


async def test_pausing_twice_changes_and_tells_nothing() -> None:
    world = _world()
    await world.use_cases.candidates.save_profile(CANDIDATE, PROFILE)
    paused = await world.use_cases.candidates.pause_matching(CANDIDATE, True)
    world.clock.advance(hours=1)
    assert await world.use_cases.candidates.pause_matching(CANDIDATE, True) == paused
    assert len(world.changes_sent) == 2


async def test_a_profile_is_saved_although_the_queue_is_down() -> None:
    world = _world()
    world.changes_queue.broken = True
    saved = await world.use_cases.candidates.save_profile(CANDIDATE, PROFILE)
    assert world.stored(world.candidates.find(CANDIDATE.member_id)) == saved
    assert list(world.rows("outbox")) == ["m_candidate-v1"]
