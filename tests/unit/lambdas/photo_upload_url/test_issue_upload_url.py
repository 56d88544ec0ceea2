"""Who gets an upload URL, and how many; what a request must say."""

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cufit_contracts.photos import PhotoItem, PhotoState
from photo_upload_url.dynamodb_members import DynamodbMembers
from photo_upload_url.dynamodb_photos import DynamodbPhotos
from photo_upload_url.issue_upload_url import IssueUploadUrl, new_photo_id
from photo_upload_url.ports import SignedUpload
from photo_upload_url.problems import Refused
from photo_upload_url.quota import Limits, Quota
from photo_upload_url.upload_request import UploadRequest, read_upload_request

NOW = datetime(2026, 11, 22, 14, 59, tzinfo=UTC)
"""A minute before midnight in Korea."""

SHA256 = base64.b64encode(hashlib.sha256(b"photo").digest()).decode()
MEMBERS = {"m_a": "CANDIDATE", "m_maker": "MAKER", "m_basic": "BASIC"}
UPLOAD = UploadRequest("image/jpeg", 1000, SHA256)


class Photos(DynamodbPhotos):
    """The table as it is; `rivals` is how many uploads of others come first."""

    rivals = 0

    def add(self, photo: PhotoItem, before: Quota, after: Quota, abandoned: Sequence[str]) -> bool:
        if self.rivals:
            self.rivals -= 1
            rival = replace(photo, photo_id=f"pho_rival{self.rivals}")
            assert super().add(rival, before, after, abandoned)
        return super().add(photo, before, after, abandoned)


class FakeUrls:
    def sign(self, photo_id: str, upload: UploadRequest) -> SignedUpload:
        return SignedUpload(f"https://storage/{photo_id}", {"Content-Type": upload.content_type})


class World:
    def __init__(self, dynamodb: Any) -> None:
        self.photos = Photos(dynamodb, "photos", "members")
        self.limits = Limits(3, 5)
        self.now = NOW
        self._photo_rows = dynamodb.Table("photos")
        members = dynamodb.Table("members")
        for member_id, role in MEMBERS.items():
            members.put_item(Item={"member_id": member_id, "role": role})
        self._members = DynamodbMembers(members)

    @property
    def pending(self) -> list[str]:
        rows = self._photo_rows.scan()["Items"]
        return [row["photo_id"] for row in rows if row.get("state") == "PENDING"]

    @property
    def quota(self) -> Quota:
        return self.photos.quota_of("m_a")

    def ready(self, photo_id: str) -> None:
        """As photo_processor leaves it."""
        row = self._photo_rows.get_item(Key={"photo_id": photo_id})["Item"]
        self._photo_rows.put_item(Item=row | {"state": "READY"})

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
def world(dynamodb: Any) -> World:
    return World(dynamodb)


def test_a_candidate_gets_a_url_for_a_photo_that_waits_for_it(world: World) -> None:
    issued = world.issue()
    assert issued.signed.url == f"https://storage/{issued.photo_id}"
    assert issued.expires_at == "2026-11-22T15:04:00.000Z"
    assert world.pending == [issued.photo_id]
    assert world.quota == Quota(live=1, day="2026-11-22", day_uploads=1, revision=1)


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
    world.now += timedelta(hours=1, seconds=1)
    world.issue()
    assert len(world.pending) == 1
    assert world.quota.live == 1


def test_a_photo_that_came_keeps_its_place(world: World) -> None:
    came, _, _ = [world.issue().photo_id for _ in range(3)]
    world.ready(came)
    world.now += timedelta(hours=1, seconds=1)
    latest = world.issue().photo_id
    assert world.pending == [latest]
    assert world.quota.live == 2
    before = world.quota
    after = replace(before, live=1, revision=before.revision + 1)
    photo = PhotoItem(
        photo_id="pho_new",
        candidate_id="m_a",
        state=PhotoState.PENDING,
        created_at="2026-11-22T16:00:00.000Z",
        content_type=UPLOAD.content_type,
        content_length=UPLOAD.content_length,
    )
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
    assert world.quota.live == len(world.pending) == 4
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
    try:
        after = Quota(live, day, used, 1).taken("2026-11-22", limits)
    except Refused:
        return
    assert after.live <= 6
    assert after.day_uploads <= 5


def body(**changes: Any) -> str:
    return json.dumps(
        {"contentType": "image/jpeg", "contentLength": 1000, "sha256": SHA256} | changes
    )


@pytest.mark.parametrize("content_type", ["image/jpeg", "image/png", "image/webp", "IMAGE/JPEG "])
def test_photos_are_taken(content_type: str) -> None:
    upload = read_upload_request(body(contentType=content_type), 10_000)
    assert upload == UploadRequest(content_type.strip().lower(), 1000, SHA256)


@pytest.mark.parametrize(
    ("changes", "code", "hint"),
    [
        ({"contentType": "image/heic"}, "content_type_unsupported", "JPEG"),
        ({"contentType": "image/heif"}, "content_type_unsupported", "Most Compatible"),
        ({"contentType": "image/svg+xml"}, "content_type_unsupported", "PNG"),
        ({"contentType": "text/html"}, "content_type_unsupported", "image/webp"),
        ({"contentType": None}, "content_type_unsupported", "image/webp"),
        ({"contentLength": 0}, "content_length_invalid", "bytes"),
        ({"contentLength": -1}, "content_length_invalid", "bytes"),
        ({"contentLength": "1000"}, "content_length_invalid", "bytes"),
        ({"contentLength": True}, "content_length_invalid", "bytes"),
        ({"contentLength": 1.5}, "content_length_invalid", "bytes"),
        ({"contentLength": 2_097_153}, "photo_too_large", "2.09715 MB"),
        ({"sha256": ""}, "sha256_invalid", "44"),
        ({"sha256": 5}, "sha256_invalid", "44"),
        ({"sha256": "not base64!"}, "sha256_invalid", "44"),
        ({"sha256": base64.b64encode(b"short").decode()}, "sha256_invalid", "44"),
        ({"sha256": SHA256[:-2] + chr(ord(SHA256[-2]) + 1) + "="}, "sha256_invalid", "44"),
        ({"sha256": SHA256 + "\n"}, "sha256_invalid", "44"),
    ],
)
def test_anything_else_is_refused_with_what_to_do(
    changes: dict[str, Any], code: str, hint: str
) -> None:
    with pytest.raises(Refused) as raised:
        read_upload_request(body(**changes), 2 * 1024 * 1024)
    assert raised.value.code == code
    assert hint in raised.value.detail


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "[" * 100_000, '"x"'])
def test_a_body_that_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="body_invalid"):
        read_upload_request(text, 1000)
