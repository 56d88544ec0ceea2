"""photo_processor from the S3 event to files and state, over moto."""

import base64
import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import boto3
import pytest
import time_machine
from botocore.exceptions import ClientError

from cufit_contracts.photos import REJECTED_KEPT, PhotoItem, RejectionReason
from cufit_contracts.stored import read
from photo_processor import handler
from photo_processor.dynamodb_photos import DynamodbPhotos
from photo_processor.ports import CleanPhoto, Encoded
from photo_processor.process_photo import UploadMissing
from tests.integration.lambdas.context import context
from tests.unit.lambdas.photo_processor.pictures import bomb, with_gps

NOW = datetime(2026, 11, 22, 3, 1, tzinfo=UTC)
EXPIRES = int(NOW.timestamp()) + 300

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource, Table
    from mypy_boto3_s3 import S3Client

PHOTO_ID = "pho_" + "a" * 26
PICTURE = Encoded(b"jpeg", b"webp")
CLEAN = CleanPhoto(PICTURE, PICTURE, 40, 30, "placeholder", "#c0ffee")


def event(key: str = f"incoming/{PHOTO_ID}") -> dict[str, Any]:
    return {
        "source": "aws.s3",
        "detail-type": "Object Created",
        "detail": {"bucket": {"name": "photo-bucket"}, "object": {"key": key, "size": 1}},
    }


def item(data: bytes = b"", **changes: Any) -> dict[str, Any]:
    return {
        "photo_id": PHOTO_ID,
        "candidate_id": "m_a",
        "state": "PENDING",
        "created_at": "2026-11-22T03:00:00.000Z",
        "content_type": "image/jpeg",
        "content_length": len(data),
        "sha256": base64.b64encode(hashlib.sha256(data).digest()).decode(),
        "expires_at_epoch": EXPIRES,
        **changes,
    }


class Files:
    def __init__(self, client: "S3Client") -> None:
        self.client = client

    def put(self, data: bytes) -> None:
        self.client.put_object(Bucket="photo-bucket", Key=f"incoming/{PHOTO_ID}", Body=data)

    def keys(self) -> set[str]:
        found = self.client.list_objects_v2(Bucket="photo-bucket").get("Contents", [])
        return {one["Key"] for one in found}


@pytest.fixture
def files(bucket: str) -> Files:
    return Files(boto3.client("s3"))


@pytest.fixture
def world(photos: "Table", monkeypatch: pytest.MonkeyPatch) -> Iterator["Table"]:
    for name, value in {
        "CUFIT_ENV": "test",
        "CUFIT_PHOTOS_TABLE": "photos",
        "CUFIT_PHOTO_BUCKET": "photo-bucket",
        "CUFIT_MAX_PIXELS": "4000000",
        "CUFIT_DECODER_MIB": "1300",
    }.items():
        monkeypatch.setenv(name, value)
    handler._app.cache_clear()
    with time_machine.travel(NOW, tick=False):
        yield photos
    handler._app.cache_clear()


def stored(table: "Table", photo_id: str = PHOTO_ID) -> dict[str, Any]:
    return table.get_item(Key={"photo_id": photo_id})["Item"]


@pytest.mark.parametrize("announced", ["image/jpeg", "image/heic", "application/octet-stream"])
def test_an_upload_becomes_a_ready_photo(world: "Table", files: Files, announced: str) -> None:
    data = with_gps()
    world.put_item(Item=item(data, content_type=announced))
    files.put(data)
    handler.handler(event(), context())
    found = stored(world)
    assert found["state"] == "READY"
    assert (found["key"], found["thumbnail_key"]) == (
        f"photos/{PHOTO_ID}/1280.jpg",
        f"photos/{PHOTO_ID}/320.jpg",
    )
    assert (found["width"], found["height"]) == (400, 300)
    assert len(base64.b64decode(found["placeholder"])) <= 40
    assert found["dominant_colour"] in ("#fe0000", "#0000fe")
    types = {"jpg": "image/jpeg", "webp": "image/webp"}
    assert files.keys() == {
        f"photos/{PHOTO_ID}/{side}.{ending}" for side in (1280, 320) for ending in types
    }
    for key in sorted(files.keys()):
        kept = files.client.get_object(Bucket="photo-bucket", Key=key)
        assert kept["ContentType"] == types[key.partition(".")[2]]
        assert b"SECRET" not in kept["Body"].read()
    assert "expires_at_epoch" not in found, "nothing READY ever expires"


def test_a_repeated_event_changes_nothing(world: "Table", files: Files) -> None:
    data = with_gps()
    world.put_item(Item=item(data))
    files.put(data)
    handler.handler(event(), context())
    before = (stored(world), files.keys())
    handler.handler(event(), context())
    assert (stored(world), files.keys()) == before


def test_an_event_repeated_after_a_crash_finishes_the_work(world: "Table", files: Files) -> None:
    """Files and state were written, the upload was not deleted yet."""
    data = with_gps()
    world.put_item(Item=item(data))
    files.put(data)
    handler.handler(event(), context())
    files.put(data)
    handler.handler(event(), context())
    left = files.keys()
    assert f"incoming/{PHOTO_ID}" not in left
    assert stored(world)["state"] == "READY"


@pytest.mark.parametrize(
    ("data", "changes", "reason"),
    [
        (bomb(), {}, "TOO_MANY_PIXELS"),
        (b"<svg/>", {"content_type": "image/png"}, "TYPE_UNSUPPORTED"),
        (with_gps(), {"content_length": 5}, "LENGTH_MISMATCH"),
        (with_gps(), {"sha256": "A" * 43 + "="}, "CHECKSUM_MISMATCH"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_rejected_upload_says_why_for_a_week(
    world: "Table",
    files: Files,
    data: bytes,
    changes: dict[str, Any],
    reason: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    world.put_item(Item=item(data, **changes))
    files.put(data)
    handler.handler(event(), context())
    assert json.loads(capsys.readouterr().out)["PhotosRejected"] == [1.0]
    found = stored(world)
    assert (found["state"], found["reason"]) == ("REJECTED", reason)
    assert files.keys() == set()
    assert found["expires_at_epoch"] == int((NOW + REJECTED_KEPT).timestamp())
    handler.handler(event(), context())
    assert stored(world) == found


def test_what_a_crash_left_of_a_deleted_photo_goes_with_the_next_attempt(
    world: "Table", files: Files
) -> None:
    data = with_gps()
    world.put_item(Item=item(data))
    files.put(data)
    handler.handler(event(), context())
    assert len(files.keys()) == 4
    world.delete_item(Key={"photo_id": PHOTO_ID})
    handler.handler(event(), context())
    assert files.keys() == set()


def test_a_file_nobody_announced_is_deleted(world: "Table", files: Files) -> None:
    files.put(with_gps())
    handler.handler(event(), context())
    assert files.keys() == set()


@pytest.mark.parametrize("key", ["incoming/../photos/x", "incoming/", "photos/pho_a.jpg"])
def test_a_key_that_is_not_ours_is_left_alone(world: "Table", files: Files, key: str) -> None:
    files.put(b"x")
    handler.handler(event(key), context())
    assert files.keys() == {f"incoming/{PHOTO_ID}"}


def test_a_photo_whose_upload_cannot_be_read_is_an_error(world: "Table", files: Files) -> None:
    world.put_item(Item=item(b"x"))
    with pytest.raises(UploadMissing):
        handler.handler(event(), context())
    assert stored(world)["state"] == "PENDING"


class TestPhotos:
    @pytest.fixture
    def adapter(self, dynamodb: "DynamoDBServiceResource", photos: "Table") -> DynamodbPhotos:
        return DynamodbPhotos(dynamodb, "photos", lambda: NOW)

    PHOTO = read(PhotoItem, item(content_length=0))

    def test_a_deleted_photo_does_not_come_back(
        self, adapter: DynamodbPhotos, photos: "Table"
    ) -> None:
        assert not adapter.make_ready(self.PHOTO, CLEAN)
        adapter.reject(self.PHOTO, RejectionReason.UNREADABLE)
        assert "Item" not in photos.get_item(Key={"photo_id": PHOTO_ID})

    def test_a_photo_made_ready_by_somebody_else_is_ready(
        self, adapter: DynamodbPhotos, photos: "Table"
    ) -> None:
        photos.put_item(Item=item(state="READY"))
        assert adapter.make_ready(self.PHOTO, CLEAN)
        adapter.reject(self.PHOTO, RejectionReason.UNREADABLE)
        assert stored(photos)["state"] == "READY"

    def test_what_has_expired_is_not_there_though_it_is_not_deleted_yet(
        self, adapter: DynamodbPhotos, photos: "Table"
    ) -> None:
        photos.put_item(Item=item(expires_at_epoch=int(NOW.timestamp())))
        assert adapter.get(PHOTO_ID) is None
        assert not adapter.make_ready(self.PHOTO, CLEAN)
        assert stored(photos)["state"] == "PENDING"

    def test_other_errors_are_not_swallowed(self, adapter: DynamodbPhotos, photos: "Table") -> None:
        photos.delete()
        with pytest.raises(ClientError):
            adapter.reject(self.PHOTO, RejectionReason.UNREADABLE)
        with pytest.raises(ClientError):
            adapter.make_ready(self.PHOTO, CLEAN)
