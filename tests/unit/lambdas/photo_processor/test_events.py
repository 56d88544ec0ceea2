"""Events of the bucket as S3 sends them: keys nobody here made, twice, late, and two at once.

The bucket and the table are in memory and write down every key that is asked for.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import quote

import boto3
import pytest
import time_machine
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cufit_contracts.photos import (
    INCOMING_PREFIX,
    PhotoState,
    clean_keys,
    upload_key,
)
from photo_processor import handler
from photo_processor.process_photo import UploadMissing
from tests.in_memory_aws.botocore_clients import botocore_asks
from tests.in_memory_aws.cloud import Cloud
from tests.in_memory_aws.settings import BUCKET, REGION
from tests.unit.lambdas.photo_processor.pictures import with_gps

PHOTO_ID = "pho_" + "a" * 26
OTHERS = "pho_" + "b" * 26
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
PICTURE = with_gps()

Step = Callable[[], None]


class World:
    """One candidate's photo that waits, its upload, and another's photo that is shown."""

    def __init__(self) -> None:
        self.cloud = Cloud(NOW.timestamp)
        self.asked: list[str] = []
        """Keys of objects, and of rows."""
        self.before: dict[str, Step] = {}
        """What somebody else does just before the next call of an operation."""
        self.table = boto3.resource("dynamodb", region_name=REGION).Table("photos")
        for key in clean_keys(OTHERS):
            self.cloud.s3.objects[key] = b"another's"

    def ask(self, service: str, operation: str, request: Mapping[str, Any]) -> Any:
        if step := self.before.pop(operation, None):
            step()
        self.asked.append(request["Key"] if service == "s3" else _row_key(request))
        return self.cloud.call(service, operation, request)

    def has(self, photo_id: str, state: PhotoState) -> None:
        row: dict[str, Any] = {
            "photo_id": photo_id,
            "candidate_id": "m_a",
            "state": state.value,
            "created_at": "2026-11-22T02:59:00.000Z",
            "content_type": "image/jpeg",
            "content_length": len(PICTURE),
            "sha256": b64encode(sha256(PICTURE).digest()).decode(),
        }
        if state is PhotoState.PENDING:
            row["expires_at_epoch"] = int(NOW.timestamp()) + 60
        self.table.put_item(Item=row)

    def state(self) -> str | None:
        item = self.cloud.dynamodb.tables["photos"].items.get(PHOTO_ID)
        return None if item is None else str(item["state"]["S"])

    def objects_of(self, photo_id: str) -> set[str]:
        return {key for key in self.cloud.s3.objects if photo_id in key}

    def uploaded(self) -> None:
        self.cloud.s3.objects[upload_key(PHOTO_ID)] = PICTURE

    def deleted_by_owner(self) -> None:
        """As the service does it: withdrawn, files, row."""
        for key in (upload_key(PHOTO_ID), *clean_keys(PHOTO_ID)):
            self.cloud.s3.objects.pop(key, None)
        self.cloud.dynamodb.tables["photos"].write(PHOTO_ID, None, 0)

    def process(self, key: str = upload_key(PHOTO_ID)) -> None:
        event = {"detail": {"bucket": {"name": BUCKET}, "object": {"key": key}}}
        handler.handler(event, None)  # type: ignore[arg-type]


def _row_key(request: Mapping[str, Any]) -> str:
    found: str = request.get("Key", request.get("Item"))["photo_id"]["S"]
    return found


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    given = {"ENV": "test", "PHOTOS_TABLE": "photos", "PHOTO_BUCKET": BUCKET}
    for name, value in (given | {"MAX_PIXELS": "4000000", "DECODER_MIB": "1300"}).items():
        monkeypatch.setenv(f"CUFIT_{name}", value)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "cufit")
    world = World()
    handler._app.cache_clear()
    with botocore_asks(world.ask), time_machine.travel(NOW, tick=False):
        world.has(OTHERS, PhotoState.READY)
        yield world
    handler._app.cache_clear()


ids = st.from_regex(r"pho_[a-z2-7]{26}", fullmatch=True)
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
pieces = st.sampled_from(
    ["..", "/", "%2f", "%2e%2e", "\x00", "\n", INCOMING_PREFIX, "photos/", "\u202e"]
)
keys = st.one_of(
    text,
    st.lists(st.one_of(pieces, ids, text), max_size=6).map("".join),
    ids.map(upload_key),
    st.builds(lambda one, more: upload_key(one) + more, ids, st.one_of(pieces, text)),
    ids.map(lambda one: upload_key("x" * 1100 + one)),
    ids.map(upload_key).map(lambda key: quote(key, safe="")),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keys)
@example(f"incoming/{OTHERS}/../../photos/{OTHERS}/1280.jpg")
@example(f"incoming/{OTHERS}\n")
@example(f"incoming%2f{PHOTO_ID}")
@example(f"photos/{PHOTO_ID}/1280.jpg")
@example("incoming/quota#m_a")
def test_a_key_reaches_the_photo_it_names_or_nothing(world: World, key: str) -> None:
    """Read, written and deleted are objects and rows of that photo alone."""
    world.asked.clear()
    world.process(key)
    photo_id = key.removeprefix(INCOMING_PREFIX)
    assert {*world.asked} <= {photo_id, upload_key(photo_id), *clean_keys(photo_id)}
    if world.asked:
        assert re.fullmatch(r"incoming/pho_[a-z2-7]{26}", key)
    assert world.objects_of(OTHERS) == {*clean_keys(OTHERS)}


def test_an_event_that_comes_after_the_photo_was_deleted_leaves_nothing(world: World) -> None:
    world.uploaded()
    world.process()
    assert (world.state(), world.objects_of(PHOTO_ID)) == (None, set())


def test_an_event_that_comes_before_its_file_can_be_read_is_tried_again(world: World) -> None:
    world.has(PHOTO_ID, PhotoState.PENDING)
    with pytest.raises(UploadMissing):
        world.process()
    world.uploaded()
    world.process()
    assert (world.state(), world.objects_of(PHOTO_ID)) == ("READY", {*clean_keys(PHOTO_ID)})


def test_a_second_upload_by_the_same_url_changes_nothing(world: World) -> None:
    """S3 takes it: the first was deleted, so nothing is there to be overwritten."""
    world.has(PHOTO_ID, PhotoState.PENDING)
    for _ in range(2):
        world.uploaded()
        world.process()
        assert (world.state(), world.objects_of(PHOTO_ID)) == ("READY", {*clean_keys(PHOTO_ID)})


def test_an_upload_of_a_row_that_expired_leaves_nothing(world: World) -> None:
    """Whether DynamoDB has deleted it or not."""
    world.has(PHOTO_ID, PhotoState.PENDING)
    with time_machine.travel(NOW + timedelta(seconds=61), tick=False):
        world.uploaded()
        world.process()
    assert (world.state(), world.objects_of(PHOTO_ID)) == ("PENDING", set())


@pytest.mark.parametrize("operation", ["GetItem", "GetObject", "PutObject", "UpdateItem"])
def test_two_processors_at_once_make_one_photo(world: World, operation: str) -> None:
    world.has(PHOTO_ID, PhotoState.PENDING)
    world.uploaded()
    world.before[operation] = world.process
    world.process()
    assert (world.state(), world.objects_of(PHOTO_ID)) == ("READY", {*clean_keys(PHOTO_ID)})


@pytest.mark.parametrize("operation", ["GetItem", "GetObject", "PutObject", "UpdateItem"])
def test_a_photo_deleted_under_the_processors_hands_leaves_nothing(
    world: World, operation: str
) -> None:
    world.has(PHOTO_ID, PhotoState.PENDING)
    world.uploaded()
    world.before[operation] = world.deleted_by_owner
    world.process()
    assert (world.state(), world.objects_of(PHOTO_ID)) == (None, set())


@pytest.mark.parametrize("operation", ["GetItem", "GetObject", "PutObject", "UpdateItem"])
def test_a_photo_that_expires_under_the_processors_hands_is_whole_or_gone(
    world: World, operation: str
) -> None:
    """The event comes twice, once a moment too late; the clock of the first was read before."""

    def too_late() -> None:
        with time_machine.travel(NOW + timedelta(seconds=61), tick=False):
            world.process()

    world.has(PHOTO_ID, PhotoState.PENDING)
    world.uploaded()
    world.before[operation] = too_late
    world.process()
    whole = (PhotoState.READY, {*clean_keys(PHOTO_ID)})
    assert (world.state(), world.objects_of(PHOTO_ID)) in (whole, (PhotoState.PENDING, set()))


@pytest.mark.parametrize("operation", ["GetItem", "GetObject", "PutObject", "UpdateItem"])
def test_a_photo_made_ready_while_a_late_processor_looks_is_whole(
    world: World, operation: str
) -> None:
    def in_time() -> None:
        with time_machine.travel(NOW, tick=False):
            world.process()

    world.has(PHOTO_ID, PhotoState.PENDING)
    world.uploaded()
    with time_machine.travel(NOW + timedelta(seconds=61), tick=False):
        world.before[operation] = in_time
        world.process()
    whole = (PhotoState.READY, {*clean_keys(PHOTO_ID)})
    assert (world.state(), world.objects_of(PHOTO_ID)) in (whole, (PhotoState.PENDING, set()))
