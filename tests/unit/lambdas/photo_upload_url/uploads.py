"""Candidates who upload, over the table in memory."""

import base64
import hashlib
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cufit_contracts.photos import PhotoItem
from cufit_contracts.stored import read
from photo_upload_url.dynamodb_members import DynamodbMembers
from photo_upload_url.dynamodb_photos import DynamodbPhotos
from photo_upload_url.issue_upload_url import IssueUploadUrl
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
