"""Whatever breaks off a leaving, and whoever comes back meanwhile: all that is old goes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from cufit_contracts.photos import PhotoState
from cufit_contracts.vocabulary import PairStatus
from cufit_service.domain.candidate import Candidate
from cufit_service.domain.errors import Contended, Unavailable
from cufit_service.domain.events import MemberLeft
from cufit_service.domain.match import Reply
from cufit_service.domain.member import Role
from cufit_service.domain.photo import Photo
from tests.unit.service.couples import HER
from tests.unit.service.leaving import assert_she_is_forgotten, match_of, peopled_world
from tests.unit.service.world import (
    OTHER_MAKER,
    PROFILE,
    World,
    member,
    settle,
)


async def _leave_and_come_back(world: World) -> Candidate:
    """Her profile with another maker, ten seconds after she left."""
    await world.use_cases.members.leave(HER)
    world.clock.advance(seconds=10)
    back = member("m_her", Role.CANDIDATE, OTHER_MAKER.member_id)
    back = replace(back, joined_at=world.clock.now())
    world.knows(back)
    return await world.use_cases.candidates.save_profile(back, replace(PROFILE, nickname="새봄"))


async def _fail(*_: object) -> None:
    raise Unavailable


STEPS: dict[str, tuple[Callable[[World], object], str]] = {
    "profile": (lambda world: world.candidates, "remove"),
    "index": (lambda world: world.changes, "send"),
    "photo withdrawn": (lambda world: world.photos, "withdraw"),
    "photo files": (lambda world: world.photo_files, "delete"),
    "photo item": (lambda world: world.photos, "forget"),
    "matches": (lambda world: world.matches, "save"),
    "recommendations": (lambda world: world.recommendations, "remove"),
    "invitations": (lambda world: world.invitations, "naming"),
    "requests": (lambda world: world.records, "of_member"),
    "quotas": (lambda world: world.quotas, "forget"),
    "outbox row": (lambda world: world.outbox, "keep"),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("effect", ["before", "after"])
async def test_what_an_interrupted_leaving_left_is_finished_by_the_sweeper(
    step: str, effect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = await peopled_world()
    owner_of, name = STEPS[step]
    owner = owner_of(world)
    real = getattr(owner, name)

    async def fail(*args: object, **kwargs: object) -> None:
        if effect == "after":
            await real(*args, **kwargs)
        raise Unavailable

    with monkeypatch.context() as patched:
        patched.setattr(owner, name, fail)
        await world.use_cases.members.leave(HER)
        assert world.rows("outbox")
        assert "m_her" not in world.rows("members")
    for _ in range(2):
        await settle(world)
    assert_she_is_forgotten(world)


async def test_one_who_came_back_meanwhile_keeps_what_is_new(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = await peopled_world()
    with monkeypatch.context() as patched:
        patched.setattr(world.photos, "withdraw", _fail)
        fresh = await _leave_and_come_back(world)
    new_photo = Photo("pho_9", "m_her", PhotoState.PENDING, world.clock.now())
    world.has_photos(new_photo)
    for _ in range(2):
        await settle(world)
    assert world.stored(world.candidates.find("m_her")) == fresh
    assert new_photo in await world.photos.of_candidate("m_her")
    assert "pho_1" not in list(world.rows("photos"))


async def test_one_who_came_back_before_being_forgotten_begins_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = await peopled_world()
    before = world.stored(world.candidates.find("m_her"))
    with monkeypatch.context() as patched:
        patched.setattr(world.candidates, "remove", _fail)
        fresh = await _leave_and_come_back(world)
    assert fresh.maker_id == OTHER_MAKER.member_id
    assert (fresh.created_at, fresh.version) == (world.clock.now(), before.version + 1)
    for _ in range(2):
        await settle(world)
    assert world.stored(world.candidates.find("m_her")) == fresh


async def test_a_clock_that_is_ahead_takes_nobodys_new_profile() -> None:
    """Of the process where she left; another serves her return."""
    world = await peopled_world()
    ahead = world.clock.now() + timedelta(seconds=5)
    await world.members.remove(MemberLeft("m_her", HER.joined_at, ahead))
    world.clock.advance(seconds=2)
    back = member("m_her", Role.CANDIDATE, OTHER_MAKER.member_id)
    back = replace(back, joined_at=world.clock.now())
    world.knows(back)
    world.clock.advance(seconds=1)
    fresh = await world.use_cases.candidates.save_profile(back, replace(PROFILE, nickname="새봄"))
    for _ in range(2):
        await settle(world)
    assert world.stored(world.candidates.find("m_her")) == fresh


async def test_who_has_left_answers_no_suggestion() -> None:
    """By a request that was under way."""
    world = await peopled_world()
    him = member("m_man", Role.CANDIDATE, OTHER_MAKER.member_id)
    world.knows(him)
    use = world.use_cases.matches
    await use.answer(HER, "m_her+m_man", Reply.ACCEPT)
    await world.members.remove(MemberLeft("m_man", him.joined_at, world.clock.now()))
    with pytest.raises(Contended):
        await use.answer(him, "m_her+m_man", Reply.ACCEPT)
    for _ in range(2):
        await settle(world)
    assert match_of(world, "m_her+m_man").status is PairStatus.CANCELED
