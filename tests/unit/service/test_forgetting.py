"""After somebody left, no table and no object of the bucket holds anything of them.

Every table and every prefix of the bucket is held to it: a new one is red until it has an answer.
"""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from cufit_contracts import photos
from cufit_contracts.items import StepSource
from cufit_contracts.photos import PhotoState, quota_key
from cufit_contracts.results import DecidedBy, MadeBy, MatchResult, RankedCandidate, ScorePart
from cufit_contracts.stored import written
from cufit_contracts.vocabulary import RecommendationStatus, timestamp
from cufit_service.adapters.dynamodb.expressions import unpacked
from cufit_service.domain.events import MemberLeft
from cufit_service.domain.invitation import InvitationKind
from cufit_service.domain.member import Member, Relation, Role
from cufit_service.domain.photo import Photo
from cufit_service.domain.record import Recorded
from stacks.tables import TABLES
from tests.unit.service.couples import HER, HIM, MALE
from tests.unit.service.world import (
    MAKER,
    MORNING,
    OTHER_MAKER,
    PROFILE,
    World,
    candidate_of,
    member,
    settle,
)

PREFIXES = sorted(prefix for name, prefix in vars(photos).items() if name.endswith("_PREFIX"))

KEPT = {
    "matches": {
        "pair_id",
        "left_id",
        "right_id",
        "left_maker_id",
        "right_maker_id",
        "accepted_by",
        "rejected_by",
    },
    "members": {"inviter_id"},
    "candidates": {"maker_id"},
}
"""Where the id of who left may stay, in what is of others: it says nothing any more."""


def ranked(*candidate_ids: str, at: datetime = MORNING) -> MatchResult:
    parts = (ScorePart("hobbies", 9, 15, DecidedBy.MODEL),)
    people = enumerate(candidate_ids, start=1)
    answer = [RankedCandidate(rank, one, 9, parts, f"{one}: 걷기") for rank, one in people]
    return MatchResult(timestamp(at), MadeBy("rules", "v1", "abc"), tuple(answer))


def answered(world: World, recommendation_id: str, *candidate_ids: str) -> None:
    pending = world.stored(world.recommendations.find(recommendation_id))
    status, now = RecommendationStatus.READY, world.clock.now()
    result = ranked(*candidate_ids, at=now)
    world.worker_ends(replace(pending, status=status, finished_at=now, result=result))


async def whole_world() -> World:
    """She, her maker and two others have something everywhere, and indexes lag."""
    world = World()
    world.cloud.dynamodb.lag = 1.0
    world.knows(HER, HIM)
    world.has(
        candidate_of(MAKER.member_id, "m_her"),
        candidate_of(OTHER_MAKER.member_id, "m_him", profile=MALE),
    )
    for number, state in enumerate(PhotoState):
        photo = Photo(f"pho_{number}", "m_her", state, MORNING, key="k", thumbnail_key="t")
        world.has_photos(photo)
    world.put("photos", quota_key("m_her"), {"revision": 2, "since": timestamp(HER.joined_at)})
    use = world.use_cases
    await use.matches.suggest(MAKER, "m_her", "m_him", "sug_1")
    for rec, maker, seeker in (("rec_1", MAKER, "m_her"), ("rec_2", OTHER_MAKER, "m_him")):
        await use.recommendations.ask(maker, seeker, rec)
    answered(world, "rec_2", "m_1", "m_her", "m_2")
    made = await use.invitations.invite(MAKER, InvitationKind.CANDIDATE, Relation.FAMILY, "CODE1")
    hers = replace(made, code="CODE2", inviter_id="m_x", accepted_at=MORNING, accepted_by="m_her")
    world.put("invitations", "CODE2", written(hers))
    for who in (HER, MAKER):
        await use.once(f"key of {who.member_id}", who, "body", str, _answer)
    world.clock.advance(minutes=1)
    return world


async def _answer(_: str) -> Recorded:
    return Recorded(200, {}, "{}")


def traces(world: World, table: str, member_id: str) -> set[str]:
    """Names of attributes that hold somebody's id, of all items of a table."""
    items = world.cloud.dynamodb.tables[table].items.values()
    return {
        name
        for item in map(unpacked, items)
        for name, value in item.items()
        if member_id in repr(value)
    }


@pytest.mark.parametrize("table", TABLES)
async def test_no_table_holds_anything_of_who_left(table: str) -> None:
    for who in (HER, MAKER):
        world = await whole_world()
        before = traces(world, table, who.member_id)
        await world.use_cases.members.leave(who)
        before |= traces(world, table, who.member_id)
        assert before or (table, who) == ("photos", MAKER), f"{table}: nothing to forget"
        await settle(world)
        assert traces(world, table, who.member_id) <= KEPT.get(table, set())


@pytest.mark.parametrize("prefix", PREFIXES)
async def test_no_object_is_left(prefix: str) -> None:
    world = await whole_world()
    assert any(key.startswith(prefix) for key in world.cloud.s3.objects), "nothing to forget"
    await world.use_cases.members.leave(HER)
    assert not any(key.startswith(prefix) for key in world.cloud.s3.objects)


async def test_all_of_two_hundred_photos_go() -> None:
    """Also those that have expired and are not deleted yet: their files are."""
    world = World()
    world.cloud.dynamodb.lag, world.cloud.dynamodb.page_items = 1.0, 7
    world.knows(HER)
    states = list(PhotoState)
    for number in range(200):
        made = MORNING + timedelta(seconds=number)
        photo = Photo(f"pho_{number:03}", "m_her", states[number % 3], made)
        expired = number % 3 and int(MORNING.timestamp())
        world.has_photos(replace(photo, expires_at_epoch=expired or None))
    await world.use_cases.members.leave(HER)
    await settle(world)
    assert not world.rows("photos")
    assert not world.cloud.s3.objects


async def test_an_answer_loses_who_left_and_nobody_else() -> None:
    world = await whole_world()
    await world.use_cases.members.leave(HER)
    found = await world.use_cases.recommendations.one(OTHER_MAKER, "rec_2")
    assert found.recommendation.result == ranked("m_1", "m_2")
    assert found.recommendation.status is RecommendationStatus.READY


async def test_what_a_worker_writes_while_somebody_leaves_goes_the_second_time() -> None:
    world = await whole_world()
    await world.use_cases.recommendations.ask(OTHER_MAKER, "m_him", "rec_3")
    await world.use_cases.members.leave(HER)
    answered(world, "rec_3", "m_her")
    written_at = world.clock.now()
    await settle(world)
    found = await world.use_cases.recommendations.one(OTHER_MAKER, "rec_3")
    assert found.recommendation.result == ranked(at=written_at)


async def test_who_left_is_looked_for_twice_and_no_longer() -> None:
    world = await whole_world()
    await world.use_cases.members.leave(HER)
    assert await world.use_cases.sweep_outbox.forget() == 0, "not before things have settled"
    assert world.rows("outbox")
    await settle(world)
    assert not world.rows("outbox")


async def _back(world: World) -> Member:
    """She is back with another maker, has a profile, a photo, a match and a request answered."""
    world.clock.advance(seconds=10)
    back = member("m_her", Role.CANDIDATE, OTHER_MAKER.member_id)
    back = replace(back, joined_at=world.clock.now())
    world.knows(back)
    world.clock.advance(seconds=1)
    await world.use_cases.candidates.save_profile(back, replace(PROFILE, nickname="새봄"))
    new = Photo("pho_9", "m_her", PhotoState.READY, world.clock.now(), key="k", thumbnail_key="t")
    world.has_photos(new)
    world.put("photos", quota_key("m_her"), {"revision": 1, "since": timestamp(back.joined_at)})
    await world.use_cases.recommendations.ask(OTHER_MAKER, "m_him", "rec_9")
    answered(world, "rec_9", "m_her")
    await world.use_cases.once("new key", back, "body", str, _answer)
    return back


async def test_one_who_came_back_keeps_what_is_new() -> None:
    world = await whole_world()
    await world.use_cases.members.leave(HER)
    back = await _back(world)
    kept = {table: world.everything(table) for table in TABLES if table != "outbox"}
    await settle(world)
    assert {table: world.everything(table) for table in kept} == kept
    assert [one.photo.photo_id for one in await world.use_cases.photos.own(back)] == ["pho_9"]
    assert {*photos.clean_keys("pho_9")} <= world.cloud.s3.objects.keys()


async def test_a_slow_sweeper_of_the_first_leaving_leaves_the_second_alone() -> None:
    world = await whole_world()
    await world.use_cases.members.leave(HER)
    (first,) = await world.outbox.waiting(world.clock.now() + timedelta(days=1), 10)
    back = await _back(world)
    await world.use_cases.members.leave(back)
    await world.use_cases.sweep_outbox.deliver(first, StepSource.SWEEPER)
    assert [row["outbox_id"] for row in world.rows("outbox").values()] == [
        MemberLeft("m_her", back.joined_at, world.clock.now()).correlation_id
    ]
    await settle(world)
    assert not world.rows("outbox")
    for table in TABLES:
        assert traces(world, table, "m_her") <= KEPT.get(table, set())


async def test_leaving_late_does_not_end_a_membership_begun_since() -> None:
    world = await whole_world()
    await world.use_cases.members.leave(HER)
    back = await _back(world)
    await world.use_cases.members.leave(HER)
    assert await world.members.find("m_her") == back


@pytest.mark.parametrize(
    ("joined", "made"),
    [(10, 1), (-30, -20)],
    ids=["made while they left", "back by a request from before they left"],
)
async def test_what_is_older_than_either_goes(joined: int, made: int) -> None:
    """Seconds after she left; a request reads the clock before it writes."""
    world = await whole_world()
    left_at = world.clock.now()
    await world.use_cases.members.leave(HER)
    world.knows(replace(HER, joined_at=left_at + timedelta(seconds=joined)))
    late = left_at + timedelta(seconds=made)
    world.has_photos(Photo("pho_late", "m_her", PhotoState.READY, late))
    await settle(world)
    assert not world.rows("photos")
