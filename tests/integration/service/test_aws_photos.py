"""Photos' items, files and links, as the functions and a browser meet them."""

from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from botocore import auth

from cufit_contracts.photos import PhotoState, clean_keys
from cufit_service.adapters.aws.clients import aws_clients
from cufit_service.adapters.s3.photo_files import S3PhotoFiles
from tests.benchmarks import boto3_clients
from tests.in_memory_aws.settings import BUCKET, REGION
from tests.integration.service.conftest import Moto
from tests.unit.service.world import MORNING


async def test_a_withdrawn_photo_is_rejected_and_then_forgotten(aws: Moto) -> None:
    item = {"photo_id": "pho_1", "candidate_id": "m_seeker", "state": "PENDING"}
    aws.put("photos", item | {"created_at": "2026-11-22T09:00:00.000Z"})
    quota = {"live": 2, "revision": 5, "since": "2026-11-01T09:00:00.000Z"}
    aws.put("photos", {"photo_id": "quota#m_seeker", **quota})
    (pending,) = await aws.ports.photos.of_candidate("m_seeker")
    await aws.ports.photos.withdraw(pending)
    (photo,) = await aws.ports.photos.of_candidate("m_seeker")
    assert photo.state is PhotoState.REJECTED
    await aws.ports.photos.withdraw(pending)
    quota = aws.item("photos", photo_id="quota#m_seeker")
    assert (quota["live"], quota["revision"]) == (1, 6)
    await aws.ports.photos.forget("pho_1")
    assert await aws.ports.photos.of_candidate("m_seeker") == []


async def test_a_photos_files_are_all_deleted_and_no_others(aws: Moto) -> None:
    s3 = boto3.client("s3", region_name=REGION)
    for photo in ("pho_1", "pho_2"):
        for key in (f"incoming/{photo}", *clean_keys(photo)):
            s3.put_object(Bucket=BUCKET, Key=key, Body=b"x")
    await aws.ports.photo_files.delete("pho_1")
    await aws.ports.photo_files.delete("pho_1")
    left = {item["Key"] for item in s3.list_objects_v2(Bucket=BUCKET)["Contents"]}
    assert left == {"incoming/pho_2", *clean_keys("pho_2")}


async def test_a_photo_link_is_botocores(monkeypatch: pytest.MonkeyPatch, keys: None) -> None:
    """Signed, regional and short-lived; byte for byte what boto3 makes in the same second."""
    monkeypatch.setattr(auth, "get_current_datetime", lambda: MORNING)
    clients = aws_clients({}, REGION, BUCKET, bucket_in_path=False)
    peer = boto3_clients.boto3_clients({}, REGION, BUCKET, bucket_in_path=False)
    made, expected = [
        urlsplit(await S3PhotoFiles(one.photos).link("photos/pho 1.jpg")) for one in (clients, peer)
    ]
    await clients.close()
    await peer.close()
    assert made.geturl() == expected.geturl()
    assert made.hostname == f"photo-bucket.s3.{REGION}.amazonaws.com"
    assert made.path == "/photos/pho%201.jpg"
    query = parse_qs(made.query)
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert query["X-Amz-Expires"] == ["300"]
    assert query["response-content-type"] == ["image/jpeg"]
