"""Photos: in their owner's order, deleted when the owner says so, part of the card when ready."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cufit_contracts.photos import PhotoState, image_key, quota_key, thumbnail_key
from cufit_contracts.vocabulary import timestamp
from cufit_service.domain.errors import (
    CandidateUnknown,
    Invalid,
    NotAllowed,
    PhotoUnknown,
    Refusal,
)
from cufit_service.domain.photo import Photo
from tests.unit.service.couples import HER, HIM
from tests.unit.service.world import MAKER, MORNING, OTHER_MAKER, World, candidate_of


def _photo(number: int, state: PhotoState = PhotoState.READY, owner: str = "m_her") -> Photo:
    made = MORNING + timedelta(seconds=number)
    photo = Photo(f"pho_{number}", owner, state, made)
    if state is not PhotoState.READY:
        return photo
    return replace(
        photo,
        key=image_key(photo.photo_id),
        thumbnail_key=thumbnail_key(photo.photo_id),
        width=1280,
        height=960,
        placeholder="3OcRJYB4d3h/iIeHeEh3eIhw+j3A",
        dominant_colour="#8a6f5c",
    )


def _world() -> World:
    world = World()
    world.has(candidate_of(MAKER.member_id, "m_her"))
    world.has_photos(
        _photo(1),
        _photo(2, PhotoState.PENDING),
        _photo(3, PhotoState.REJECTED),
        _photo(4),
        _photo(9, owner="m_him"),
    )
    world.cloud.dynamodb.settle()
    return world


async def _order(world: World) -> list[str]:
    return [linked.photo.photo_id for linked in await world.use_cases.photos.own(HER)]


async def test_photos_are_shown_in_their_owners_order_and_the_rest_by_age() -> None:
    world = _world()
    assert await _order(world) == ["pho_1", "pho_2", "pho_3", "pho_4"]
    await world.use_cases.photos.arrange(HER, ["pho_4", "pho_2"])
    world.cloud.dynamodb.settle()
    assert await _order(world) == ["pho_4", "pho_2", "pho_1", "pho_3"]
    world.has_photos(_photo(5), _photo(0))
    world.cloud.dynamodb.settle()
    assert await _order(world) == ["pho_4", "pho_2", "pho_1", "pho_0", "pho_3", "pho_5"]


@pytest.mark.parametrize(
    ("photo_ids", "refusal"),
    [
        (["pho_1", "pho_1"], Invalid),
        (["pho_9"], PhotoUnknown),
        (["pho_3"], PhotoUnknown),
        (["pho_none"], PhotoUnknown),
    ],
    ids=["twice", "another's", "rejected", "none"],
)
async def test_only_ones_own_photos_are_arranged(
    photo_ids: list[str], refusal: type[Refusal]
) -> None:
    world = _world()
    with pytest.raises(refusal) as refused:
        await world.use_cases.photos.arrange(HER, photo_ids)
    named = [refused.value.field]
    if isinstance(refused.value, Invalid):
        named = [fault.field for fault in refused.value.faults]
    assert named == ["photo_ids"]
    assert all("position" not in row for row in world.rows("photos").values())


async def test_every_photo_is_found_however_many_there_are() -> None:
    """The 53rd as the first, by every way there is."""
    world = World()
    world.cloud.dynamodb.page_items = 7
    world.has_photos(_photo(0), _photo(1, PhotoState.PENDING))
    world.has_photos(*(_photo(number, PhotoState.REJECTED) for number in range(2, 200)))
    world.cloud.dynamodb.settle()
    assert await _order(world) == [f"pho_{number}" for number in range(200)]
    await world.use_cases.photos.delete(HER, "pho_2")
    await world.use_cases.photos.delete(HER, "pho_52")
    assert not {"pho_2", "pho_52"} & world.rows("photos").keys()
    assert len(await _order(world)) == 198


async def test_what_has_expired_is_not_there_though_it_is_not_deleted_yet() -> None:
    world = World()
    ended = int(world.clock.now().timestamp())
    world.has_photos(
        _photo(0),
        replace(_photo(1, PhotoState.PENDING), expires_at_epoch=ended),
        replace(_photo(2, PhotoState.REJECTED), expires_at_epoch=ended),
        replace(_photo(3, PhotoState.REJECTED), expires_at_epoch=ended + 1),
    )
    world.cloud.dynamodb.settle()
    assert await _order(world) == ["pho_0", "pho_3"]
    for photo_id in ("pho_1", "pho_2"):
        with pytest.raises(PhotoUnknown):
            await world.use_cases.photos.delete(HER, photo_id)
    with pytest.raises(PhotoUnknown):
        await world.use_cases.photos.arrange(HER, ["pho_1"])
    world.clock.advance(seconds=2)
    world.cloud.dynamodb.expire()
    assert list(world.rows("photos")) == ["pho_0"]


async def test_of_one_moment_the_order_is_the_same_in_every_answer() -> None:
    world = World()
    moment = MORNING + timedelta(seconds=1)
    world.has_photos(*(replace(_photo(number), created_at=moment) for number in (1, 2, 3)))
    world.cloud.dynamodb.settle()
    assert await _order(world) == ["pho_1", "pho_2", "pho_3"]


async def test_a_photo_made_a_moment_ago_can_be_deleted() -> None:
    """Also before the index shows it."""
    world = World()
    world.cloud.dynamodb.lag = 1.0
    world.has_photos(_photo(1))
    await world.use_cases.photos.delete(HER, "pho_1")
    assert not world.rows("photos")


async def test_a_deleted_photo_is_gone_with_its_files() -> None:
    world = _world()
    await world.use_cases.photos.delete(HER, "pho_1")
    world.cloud.dynamodb.settle()
    assert not any("pho_1" in key for key in world.cloud.s3.objects)
    assert any("pho_2" in key for key in world.cloud.s3.objects)
    assert await _order(world) == ["pho_2", "pho_3", "pho_4"]
    with pytest.raises(PhotoUnknown):
        await world.use_cases.photos.delete(HER, "pho_1")


async def test_nobody_deletes_anothers_photo() -> None:
    world = _world()
    world.put("photos", quota_key("m_her"), {"revision": 2, "since": timestamp(MORNING)})
    for photo_id in ("pho_9", "pho_none", quota_key("m_her")):
        with pytest.raises(PhotoUnknown):
            await world.use_cases.photos.delete(HER, photo_id)
    for who in (MAKER, OTHER_MAKER):
        with pytest.raises(NotAllowed):
            await world.use_cases.photos.delete(who, "pho_1")
        with pytest.raises(NotAllowed):
            await world.use_cases.photos.arrange(who, ["pho_1"])
    for number in (1, 9):
        assert image_key(f"pho_{number}") in world.cloud.s3.objects


async def test_makers_see_the_ready_photos_of_any_candidate() -> None:
    world = _world()
    for maker in (MAKER, OTHER_MAKER):
        shown = await world.use_cases.photos.of_candidate(maker, "m_her")
        assert [one.photo.photo_id for one in shown] == ["pho_1", "pho_4"]
        links = (shown[0].url, shown[0].thumbnail_url)
        assert (*links, shown[0].webp_url, shown[0].thumbnail_webp_url) == tuple(
            f"https://photos.test/photos/pho_1/{name}"
            for name in ("1280.jpg", "320.jpg", "1280.webp", "320.webp")
        )
    with pytest.raises(CandidateUnknown):
        await world.use_cases.photos.of_candidate(MAKER, "m_nobody")
    with pytest.raises(NotAllowed):
        await world.use_cases.photos.of_candidate(HIM, "m_her")


async def test_makers_do_not_see_photos_of_a_membership_before() -> None:
    """Which are not forgotten yet."""
    world = _world()
    back = MORNING + timedelta(seconds=4)
    world.has(candidate_of(MAKER.member_id, "m_her", joined_at=back))
    shown = await world.use_cases.photos.of_candidate(OTHER_MAKER, "m_her")
    assert [one.photo.photo_id for one in shown] == ["pho_4"]
