"""Who gets an upload URL, and how many."""

import base64
import hashlib
import re
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cufit_contracts.photos import QUOTA_KEPT, PhotoItem
from cufit_contracts.stored import read
from photo_upload_url.dynamodb_members import DynamodbMembers
from photo_upload_url.dynamodb_photos import DynamodbPhotos
from photo_upload_url.issue_upload_url import IssueUploadUrl, new_photo_id
from photo_upload_url.ports import SignedUpload
from photo_upload_url.problems import Refused
from photo_upload_url.quota import Limits, Quota
from photo_upload_url.upload_request import UploadRequest
from tests.in_memory_aws.cloud import Cloud

NOW = datetime(2026, 11, 22, 14, 59, tzinfo=UTC)
"""A minute before midnight in Korea."""

JOINED = "2026-11-01T09:00:00.000Z"

SHA256 = base64.b64encode(hashlib.sha256(b"photo").digest()).decode()
MEMBERS = {"m_a": "CANDIDATE", "m_maker": "MAKER", "m_basic": "BASIC"}
UPLOAD = UploadRequest("image/jpeg", 1000, SHA256)


class Photos(DynamodbPhotos):
    """The table as it is; `rivals` is how many uploads of others come first."""

    rivals = 0

    def add(
        self, photo: PhotoItem, before: Quota, after: Quota, abandoned: Collection[str]
    ) -> bool:
        if self.rivals:
            self.rivals -= 1
            rival = replace(photo, photo_id=f"pho_rival{self.rivals}")
            theirs = after.holding(after.places - {photo.photo_id} | {rival.photo_id})
            assert super().add(rival, before, theirs, abandoned)
        return super().add(photo, before, after, abandoned)


class FakeUrls:
    def sign(self, photo_id: str, upload: UploadRequest) -> SignedUpload:
        return SignedUpload(f"https://storage/{photo_id}", {"Content-Type": upload.content_type})


class World:
    def __init__(self, dynamodb: Any, cloud: Cloud) -> None:
        self.cloud = cloud
        self.photos = Photos(dynamodb, "photos", "members")
        self.limits = Limits(3, 5)
        self.now = NOW
        self._photo_rows = dynamodb.Table("photos")
        self._member_rows = dynamodb.Table("members")
        for member_id in MEMBERS:
            self.joins(member_id, JOINED)
        self._members = DynamodbMembers(self._member_rows)

    @property
    def pending(self) -> list[str]:
        rows = self._photo_rows.scan()["Items"]
        return [row["photo_id"] for row in rows if row.get("state") == "PENDING"]

    @property
    def quota(self) -> Quota:
        return self.photos.quota_of("m_a")

    def joins(self, member_id: str, joined_at: str) -> None:
        row = {"member_id": member_id, "role": MEMBERS[member_id], "joined_at": joined_at}
        self._member_rows.put_item(Item=row)

    def an_hour_passes(self) -> None:
        self.now += timedelta(hours=1, seconds=1)
        self.cloud.dynamodb.settle()

    def days_pass(self, days: int, *, swept: bool) -> None:
        """`swept`: DynamoDB has deleted what expired meanwhile."""
        self.now += timedelta(days=days, seconds=1)
        self.cloud.dynamodb.settle()
        if swept:
            for table in self.cloud.dynamodb.tables.values():
                table._seconds = self.now.timestamp
            self.cloud.dynamodb.expire()

    def row(self, photo_id: str) -> PhotoItem:
        return read(PhotoItem, self._photo_rows.get_item(Key={"photo_id": photo_id})["Item"])

    def ready(self, photo_id: str) -> None:
        """As photo_processor leaves it."""
        row = self._photo_rows.get_item(Key={"photo_id": photo_id})["Item"]
        del row["expires_at_epoch"]
        self._photo_rows.put_item(Item=row | {"state": "READY"})

    def rejected(self, photo_id: str) -> None:
        """As photo_processor leaves it."""
        row = self._photo_rows.get_item(Key={"photo_id": photo_id})["Item"]
        self._photo_rows.put_item(Item=row | {"state": "REJECTED"})

    def gone(self, photo_id: str) -> None:
        self._photo_rows.delete_item(Key={"photo_id": photo_id})

    def stands(self, photo_id: str) -> bool:
        return "Item" in self._photo_rows.get_item(Key={"photo_id": photo_id})

    def issue(self, member_id: str = "m_a") -> Any:
        use_case = IssueUploadUrl(
            members=self._members,
            photos=self.photos,
            urls=FakeUrls(),
            limits=self.limits,
            ttl=timedelta(seconds=300),
            now=lambda: self.now,
        )
        return use_case(member_id, UPLOAD)

    def refusal(self, member_id: str = "m_a") -> str:
        with pytest.raises(Refused) as raised:
            self.issue(member_id)
        return raised.value.code


@pytest.fixture
def world(dynamodb: Any, cloud: Cloud) -> World:
    return World(dynamodb, cloud)


def test_a_candidate_gets_a_url_for_a_photo_that_waits_for_it(world: World) -> None:
    issued = world.issue()
    assert issued.signed.url == f"https://storage/{issued.photo_id}"
    assert issued.expires_at == "2026-11-22T15:04:00.000Z"
    assert world.pending == [issued.photo_id]
    week_later = int((NOW + QUOTA_KEPT).timestamp())
    places = frozenset({issued.photo_id})
    assert world.quota == Quota(places, "2026-11-22", 1, 1, JOINED, week_later)


@pytest.mark.parametrize("member_id", ["m_maker", "m_basic", "m_stranger"])
def test_only_candidates_do(world: World, member_id: str) -> None:
    assert world.refusal(member_id) == "role_not_allowed"
    assert world.pending == []


def test_no_more_photos_than_allowed(world: World) -> None:
    for _ in range(3):
        world.issue()
    assert world.refusal() == "photos_per_candidate_reached"


def test_uploads_that_never_came_give_their_place_back(world: World) -> None:
    for _ in range(3):
        world.issue()
    world.an_hour_passes()
    world.issue()
    assert world.quota.places == {*world.pending}
    assert len(world.pending) == 1


@pytest.mark.parametrize("swept", [True, False], ids=["deleted", "not deleted yet"])
def test_uploads_that_expired_give_their_place_back(world: World, swept: bool) -> None:
    """The day after, and when the row that counts has expired as well."""
    for days in (4, 8):
        issued = {world.issue().photo_id for _ in range(3)}
        assert world.refusal() == "photos_per_candidate_reached"
        world.days_pass(days, swept=swept)
        latest = world.issue().photo_id
        assert world.quota.places == {latest} == {*world.pending}
        assert latest not in issued
        world.days_pass(days, swept=swept)


def test_what_is_ready_is_counted_when_the_row_that_counts_has_expired(world: World) -> None:
    world.cloud.dynamodb.page_items = 1
    ready = [world.issue().photo_id for _ in range(3)]
    for photo_id in ready:
        world.ready(photo_id)
    for swept in (True, False):
        world.days_pass(8, swept=swept)
        assert world.refusal() == "photos_per_candidate_reached"
    world.gone(ready[0])
    world.issue()
    assert world.refusal() == "photos_per_candidate_reached"


@pytest.mark.parametrize("ended", ["rejected", "gone"])
def test_a_photo_that_was_rejected_or_deleted_takes_no_place(world: World, ended: str) -> None:
    """At once, though no index shows it yet."""
    world.cloud.dynamodb.lag = 1.0
    first, *others = [world.issue().photo_id for _ in range(3)]
    getattr(world, ended)(first)
    latest = world.issue().photo_id
    assert world.quota.places == {*others, latest}
    assert world.refusal() == "photos_per_candidate_reached"
    assert (ended == "rejected") == world.stands(first), "people read why"


def test_one_that_came_keeps_its_place_though_the_index_does_not_know(world: World) -> None:
    came, *_ = [world.issue().photo_id for _ in range(3)]
    world.an_hour_passes()
    world.cloud.dynamodb.lag = 1.0
    world.ready(came)
    latest = world.issue().photo_id
    assert world.quota.places == {came, latest}


def test_one_who_left_and_came_back_begins_anew(world: World) -> None:
    """Also while what they left is not forgotten yet."""
    for _ in range(3):
        world.issue()
    world.an_hour_passes()
    world.joins("m_a", "2026-11-22T15:30:00.000Z")
    left = set(world.pending)
    issued = world.issue()
    assert set(world.pending) == {*left, issued.photo_id}
    quota = world.quota
    assert (quota.places, quota.since) == ({issued.photo_id}, "2026-11-22T15:30:00.000Z")
    assert (quota.day, quota.day_uploads, quota.revision) == ("2026-11-23", 1, 4)
    for _ in range(2):
        world.issue()
    assert world.refusal() == "photos_per_candidate_reached"


def test_no_photo_is_older_than_the_membership_it_is_of(world: World) -> None:
    def back_meanwhile(photo: PhotoItem, *_: object) -> bool:
        world.joins("m_a", "2026-11-22T15:30:00.000Z")
        return False

    world.photos.add = back_meanwhile  # type: ignore[method-assign, assignment]
    assert world.refusal() == "uploads_collide"
    assert world.pending == []


def test_nothing_is_written_of_a_membership_that_has_ended(world: World) -> None:
    issued = world.issue()
    world.joins("m_a", "2026-11-22T15:30:00.000Z")
    before = world.quota
    photo = world.row(issued.photo_id)
    after = before.taken("pho_late", NOW, world.limits)
    assert not world.photos.add(replace(photo, photo_id="pho_late"), before, after, [])
    assert world.pending == [issued.photo_id]


def test_a_photo_that_came_keeps_its_place(world: World) -> None:
    came, _, _ = [world.issue().photo_id for _ in range(3)]
    world.ready(came)
    world.an_hour_passes()
    latest = world.issue().photo_id
    assert world.pending == [latest]
    assert world.quota.places == {came, latest}
    before = world.quota
    after = replace(before, places=frozenset({latest}), revision=before.revision + 1)
    photo = replace(world.row(latest), photo_id="pho_new")
    assert not world.photos.add(photo, before, after, [came]), "it came while this was asked"
    assert world.quota == before


def test_no_more_uploads_a_day_than_allowed_and_the_day_is_koreas(world: World) -> None:
    world.limits = Limits(100, 2)
    world.issue()
    world.issue()
    assert world.refusal() == "uploads_per_day_reached"
    world.now += timedelta(minutes=1)
    world.issue()
    assert world.quota.day == "2026-11-23"
    assert world.quota.day_uploads == 1


def test_somebody_elses_write_in_between_is_not_lost(world: World) -> None:
    world.limits, world.photos.rivals = Limits(99, 99), 3
    world.issue()
    assert world.quota.places == {*world.pending}
    assert len(world.pending) == 4
    world.photos.rivals = 99
    assert world.refusal() == "uploads_collide"


def test_photo_ids_are_long_random_and_plain() -> None:
    ids = {new_photo_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(re.fullmatch(r"pho_[a-z2-7]{26}", one) for one in ids)


@given(
    st.integers(0, 9),
    st.sampled_from(["", "2026-11-21", "2026-11-22"]),
    st.integers(0, 9),
)
def test_a_quota_never_exceeds_its_limits(live: int, day: str, used: int) -> None:
    limits = Limits(6, 5)
    places = frozenset(map(str, range(live)))
    try:
        after = Quota(places, day, used, 1).taken("pho_new", NOW, limits)
    except Refused:
        return
    assert len(after.places) <= 6
    assert after.day_uploads <= 5
