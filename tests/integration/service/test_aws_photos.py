"""Photos' items, files and links, as the functions and a browser meet them."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from botocore import auth

from cufit_contracts.photos import PhotoState, RejectionReason, clean_keys, upload_key
from cufit_service.adapters.aws.clients import aws_clients
from cufit_service.adapters.s3 import photo_files
from cufit_service.adapters.s3.photo_files import LINK_SECONDS, SAME_LINK_SECONDS, S3PhotoFiles
from tests.benchmarks import boto3_clients
from tests.in_memory_aws.settings import BUCKET, REGION
from tests.integration.service.conftest import Moto
from tests.unit.service.world import MORNING


async def test_a_withdrawn_photo_is_rejected_and_then_forgotten(aws: Moto) -> None:
    """It does not expire in between: its files would outlive it."""
    item = {"photo_id": "pho_1", "candidate_id": "m_seeker", "state": "PENDING"}
    times = {"created_at": "2026-11-22T09:00:00.000Z", "expires_at_epoch": 1_900_000_000}
    aws.put("photos", item | times)
    for _ in range(2):
        await aws.ports.photos.withdraw("pho_1")
        (photo,) = await aws.ports.photos.of_candidate("m_seeker")
        assert (photo.state, photo.reason) == (PhotoState.REJECTED, RejectionReason.WITHDRAWN)
        assert photo.expires_at_epoch is None
    await aws.ports.photos.withdraw("pho_2")
    await aws.ports.photos.forget("pho_1")
    assert await aws.ports.photos.of_candidate("m_seeker") == []


async def test_a_photos_files_are_all_deleted_and_no_others(aws: Moto) -> None:
    s3 = boto3.client("s3", region_name=REGION)
    for photo in ("pho_1", "pho_2"):
        for key in (upload_key(photo), *clean_keys(photo)):
            s3.put_object(Bucket=BUCKET, Key=key, Body=b"x")
    await aws.ports.photo_files.delete("pho_1")
    await aws.ports.photo_files.delete("pho_1")
    left = {item["Key"] for item in s3.list_objects_v2(Bucket=BUCKET)["Contents"]}
    assert left == {upload_key("pho_2"), *clean_keys("pho_2")}


@pytest.mark.parametrize(("ending", "kind"), [("jpg", "image/jpeg"), ("webp", "image/webp")])
async def test_a_photo_link_is_botocores(
    ending: str, kind: str, monkeypatch: pytest.MonkeyPatch, keys: None
) -> None:
    """Signed, regional and short-lived; byte for byte what boto3 makes in the same second."""
    monkeypatch.setattr(auth, "get_current_datetime", lambda: MORNING)
    clients = aws_clients({}, REGION, BUCKET, bucket_in_path=False)
    peer = boto3_clients.boto3_clients({}, REGION, BUCKET, bucket_in_path=False)
    key = f"photos/pho 1.{ending}"
    made, expected = [urlsplit(await S3PhotoFiles(one.photos).link(key)) for one in (clients, peer)]
    await clients.close()
    await peer.close()
    assert made.geturl() == expected.geturl()
    assert made.hostname == f"photo-bucket.s3.{REGION}.amazonaws.com"
    assert made.path == f"/photos/pho%201.{ending}"
    query = parse_qs(made.query)
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert query["X-Amz-Expires"] == ["300"]
    assert query["response-content-type"] == [kind]
    assert query["response-content-disposition"] == ["inline"]


async def test_a_link_is_signed_once_a_minute_and_lives_four_more(
    monkeypatch: pytest.MonkeyPatch, keys: None
) -> None:
    clients = aws_clients({}, REGION, BUCKET, bucket_in_path=False)
    now = 0.0
    files = S3PhotoFiles(clients.photos, clock=lambda: now)

    async def link(after: float, key: str = "photos/pho_1/320.jpg") -> str:
        nonlocal now
        now = after
        at = MORNING + timedelta(seconds=after)
        monkeypatch.setattr(auth, "get_current_datetime", lambda: at)
        return await files.link(key)

    first = await link(0)
    assert first == await link(59)
    assert first != await link(59, "photos/pho_1/1280.jpg")
    second = await link(60)
    assert first != second == await link(119)
    assert parse_qs(urlsplit(second).query)["X-Amz-Date"] == [f"{MORNING:%Y%m%dT%H}0100Z"]
    assert LINK_SECONDS - SAME_LINK_SECONDS >= 240
    await clients.close()


async def test_links_kept_are_so_many(monkeypatch: pytest.MonkeyPatch, keys: None) -> None:
    monkeypatch.setattr(photo_files, "LINKS_KEPT", 2)
    clients = aws_clients({}, REGION, BUCKET, bucket_in_path=False)
    files = S3PhotoFiles(clients.photos)
    for number in range(5):
        await files.link(f"photos/pho_{number}/320.jpg")
    assert [*files._links] == ["photos/pho_3/320.jpg", "photos/pho_4/320.jpg"]
    await clients.close()
