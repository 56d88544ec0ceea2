"""A member leaves: nothing of theirs stays but pseudonymous ids, whatever crashes on the way."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cufit_contracts.photos import PhotoState
from cufit_contracts.vocabulary import PairStatus, ProfileChange, RecommendationStatus, pair_id
from cufit_service.application.forget_member import BATCH
from cufit_service.application.ports import Window
from cufit_service.domain.candidate import Candidate
from cufit_service.domain.errors import Unavailable
from cufit_service.domain.events import ProfileChanged
from cufit_service.domain.invitation import InvitationKind
from cufit_service.domain.match import Match, Reply
from cufit_service.domain.member import Member, Relation, Role
from cufit_service.domain.photo import Photo
from tests.unit.service.couples import HER, HIM, MALE
from tests.unit.service.world import (
    BASIC,
    MAKER,
    MORNING,
    OTHER_MAKER,
    PROFILE,
    World,
    candidate_of,
    member,
    settle,
)


async def _peopled_world() -> World:
    """She has a photo, an open match, a matched one, and her maker waits for a recommendation."""
    world = World()
    world.knows(MAKER, OTHER_MAKER, HER, HIM)
    world.has(
        candidate_of(MAKER.member_id, "m_her"),
        candidate_of(OTHER_MAKER.member_id, "m_him", profile=MALE),
        candidate_of(OTHER_MAKER.member_id, "m_man", profile=MALE),
    )
    world.has_photos(
        Photo("pho_1", "m_her", PhotoState.READY, MORNING, key="k", thumbnail_key="t"),
        Photo("pho_2", "m_him", PhotoState.READY, MORNING, key="k", thumbnail_key="t"),
    )
    use = world.use_cases
    matched = await use.matches.suggest(MAKER, "m_her", "m_him", "sug_1")
    for who in (HER, HIM):
        await use.matches.answer(who, matched.match_id, Reply.ACCEPT)
    await use.matches.suggest(MAKER, "m_her", "m_man", "sug_2")
    await use.recommendations.ask(MAKER, "m_her", "rec_1")
    await use.recommendations.ask(OTHER_MAKER, "m_him", "rec_2")
    await use.invitations.invite(MAKER, InvitationKind.CANDIDATE, Relation.FRIEND, "CODE1")
    world.clock.advance(minutes=1)
    return world


async def _leave_and_come_back(world: World) -> Candidate:
    """Her profile with another maker, ten seconds after she left."""
    await world.use_cases.members.leave(HER)
    world.clock.advance(seconds=10)
    back = member("m_her", Role.CANDIDATE, OTHER_MAKER.member_id)
    back = replace(back, joined_at=world.clock.now())
    world.knows(back)
    return await world.use_cases.candidates.save_profile(back, replace(PROFILE, nickname="새봄"))


async def _leave(world: World, who: Member) -> None:
    """And all that follows."""
    await world.use_cases.members.leave(who)
    await settle(world)


async def _fail(*_: object) -> None:
    raise Unavailable


def _match(world: World, match_id: str) -> Match:
    match = world.stored(world.matches.find(match_id))
    assert isinstance(match, Match)
    return match


def _assert_she_is_forgotten(world: World) -> None:
    assert "m_her" not in world.rows("members")
    assert "m_her" not in world.rows("candidates")
    assert list(world.rows("photos")) == ["pho_2"]
    assert not any("pho_1" in key for key in world.cloud.s3.objects)
    assert _match(world, "m_her+m_man").status is PairStatus.CANCELED
    assert _match(world, "m_her+m_him").status is PairStatus.MATCHED
    assert {row["candidate_id"] for row in world.rows("recommendations").values()} == {"m_him"}
    assert not world.rows("outbox")
    told = [event for event in world.changes_sent if isinstance(event, ProfileChanged)]
    gone = ProfileChanged("m_her", ProfileChange.LEFT, 0, told[-1].at)
    assert told[-1] == gone, "the index is told once more, at the end"
    for known in (world.rows("matches"), world.rows("recommendations"), world.rows("outbox")):
        for secret in (PROFILE.name, PROFILE.phone, PROFILE.nickname):
            assert secret not in repr(known)


async def test_a_candidate_who_leaves_is_forgotten() -> None:
    world = await _peopled_world()
    await world.use_cases.matches.answer(HER, "m_her+m_man", Reply.ACCEPT)
    world.clock.advance(minutes=1)
    left_at = world.clock.now()
    await world.use_cases.members.leave(HER)
    assert world.changes_sent == [ProfileChanged("m_her", ProfileChange.LEFT, 2, left_at)]
    await settle(world)
    _assert_she_is_forgotten(world)
    canceled = _match(world, "m_her+m_man")
    assert (canceled.accepted_by, canceled.updated_at) == (("m_her",), left_at)
    assert len(world.rows("invitations")) == 1


async def test_leaving_twice_is_leaving_once() -> None:
    world = await _peopled_world()
    await world.use_cases.members.leave(HER)
    await _leave(world, HER)
    _assert_she_is_forgotten(world)
    assert len(world.changes_sent) == 2


async def test_a_maker_who_leaves_takes_their_work_along() -> None:
    world = await _peopled_world()
    await _leave(world, MAKER)
    assert MAKER.member_id not in world.rows("members")
    assert not world.rows("invitations")
    assert {row["maker_id"] for row in world.rows("recommendations").values()} == {
        OTHER_MAKER.member_id
    }
    assert "m_her" in world.rows("candidates")


async def test_all_pages_of_open_work_are_taken_along() -> None:
    world = await _peopled_world()
    men = [f"m_{number:02}" for number in range(BATCH)]
    world.has(*(candidate_of(OTHER_MAKER.member_id, him, profile=MALE) for him in men))
    for him in men:
        world.clock.advance(days=1)
        await world.use_cases.matches.suggest(MAKER, "m_her", him, f"sug_{him}")
    await _leave(world, HER)
    assert {_match(world, pair_id("m_her", him)).status for him in men} == {PairStatus.CANCELED}


async def test_somebody_without_anything_may_leave() -> None:
    world = World()
    await world.use_cases.members.sign_in(BASIC)
    await _leave(world, BASIC)
    assert not world.rows("outbox")
    assert BASIC.member_id not in world.rows("members")


async def test_a_recommendation_for_who_left_goes_also_when_it_is_answered() -> None:
    world = await _peopled_world()
    hers = world.stored(world.recommendations.find("rec_1"))
    world.worker_ends(replace(hers, status=RecommendationStatus.READY))
    await world.use_cases.members.leave(HER)
    world.cloud.dynamodb.settle()
    page = await world.use_cases.recommendations.newest(MAKER, Window(10))
    assert page.items == []


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
    "quotas": (lambda world: world.matches, "forget_quota"),
    "outbox row": (lambda world: world.outbox, "keep"),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("effect", ["before", "after"])
async def test_what_an_interrupted_leaving_left_is_finished_by_the_sweeper(
    step: str, effect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = await _peopled_world()
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
    _assert_she_is_forgotten(world)


async def test_one_who_came_back_meanwhile_keeps_what_is_new(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = await _peopled_world()
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
    world = await _peopled_world()
    before = world.stored(world.candidates.find("m_her"))
    with monkeypatch.context() as patched:
        patched.setattr(world.candidates, "remove", _fail)
        fresh = await _leave_and_come_back(world)
    assert fresh.maker_id == OTHER_MAKER.member_id
    assert (fresh.created_at, fresh.version) == (world.clock.now(), before.version + 1)
    for _ in range(2):
        await settle(world)
    assert world.stored(world.candidates.find("m_her")) == fresh


async def test_what_is_made_while_leaving_goes_too(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    world.knows(MAKER, HER)
    remove = world.members.remove

    async def overtaken(*args: Any) -> None:
        world.clock.advance(seconds=1)
        await world.use_cases.candidates.save_profile(HER, PROFILE)
        await remove(*args)

    monkeypatch.setattr(world.members, "remove", overtaken)
    await _leave(world, HER)
    assert not world.rows("candidates")


async def test_a_profile_saved_while_leaving_is_refused() -> None:
    world = await _peopled_world()
    await world.use_cases.members.leave(HER)
    with pytest.raises(Unavailable):
        await world.use_cases.candidates.save_profile(HER, PROFILE)
    assert "m_her" not in world.rows("candidates")


async def test_a_quiet_day_later_nothing_is_left_to_do() -> None:
    world = await _peopled_world()
    await _leave(world, HER)
    world.clock.time += timedelta(days=1)
    assert await world.use_cases.sweep_outbox() == 0
