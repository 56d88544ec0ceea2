"""Photos' items, files and links, as the functions and a browser meet them."""

from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from botocore import auth

from cufit_contracts.photos import PhotoState, RejectionReason, clean_keys, upload_key
from cufit_service.adapters.aws.clients import aws_clients
from cufit_service.adapters.s3.photo_files import S3PhotoFiles
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
