"""POST /v1/photos over moto, and what the presigned URL lets its holder do."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlsplit

import boto3
import pytest

from cufit_contracts.identity import member_id_of
from cufit_contracts.photos import PhotoItem, PhotoState
from photo_upload_url import handler, issue_upload_url
from photo_upload_url.dynamodb_photos import DynamodbPhotos
from photo_upload_url.issue_upload_url import new_photo_id
from photo_upload_url.quota import Quota
from photo_upload_url.s3_upload_urls import S3UploadUrls, s3_client
from photo_upload_url.upload_request import UploadRequest
from tests.integration.lambdas.context import REQUEST_ID, context

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource, Table

ISSUER = "https://issuer.test.invalid"
SHA256 = base64.b64encode(hashlib.sha256(b"photo").digest()).decode()
UPLOAD = UploadRequest("image/jpeg", 1000, SHA256)
MEMBER_ID = member_id_of(ISSUER, "subject-1")


def event(body: Any = None, **claims: str) -> dict[str, Any]:
    given = {"contentType": "image/jpeg", "contentLength": 1000, "sha256": SHA256}
    return {
        "version": "2.0",
        "routeKey": "POST /v1/photos",
        "headers": {"content-type": "application/json", "x-correlation-id": "req-7"},
        "requestContext": {
            "requestId": "JKJaXmPLvHcESHA=",
            "authorizer": {"jwt": {"claims": {"iss": ISSUER, "sub": "subject-1", **claims}}},
        },
        "body": json.dumps(given if body is None else body),
        "isBase64Encoded": False,
    }


@pytest.fixture
def world(members: "Table", photos: "Table", monkeypatch: pytest.MonkeyPatch) -> Iterator["Table"]:
    for name, value in {
        "CUFIT_ENV": "test",
        "CUFIT_MEMBERS_TABLE": "members",
        "CUFIT_PHOTOS_TABLE": "photos",
        "CUFIT_PHOTO_BUCKET": "photo-bucket",
        "CUFIT_OIDC_ISSUER": ISSUER,
        "CUFIT_UPLOAD_TTL_SECONDS": "300",
        "CUFIT_MAX_UPLOAD_BYTES": "10000000",
        "CUFIT_PHOTOS_PER_CANDIDATE": "2",
        "CUFIT_UPLOADS_PER_DAY": "3",
    }.items():
        monkeypatch.setenv(name, value)
    members.put_item(Item={"member_id": MEMBER_ID, "role": "CANDIDATE"})
    handler._app.cache_clear()
    yield photos
    handler._app.cache_clear()


def test_a_candidate_gets_the_url_and_the_headers_to_send(world: "Table") -> None:
    response = handler.handler(event(), context())
    assert response["statusCode"] == 201
    assert response["headers"]["x-correlation-id"] == "req-7"
    body = json.loads(response["body"])
    assert set(body) == {"photoId", "upload", "expiresAt"}
    assert body["upload"]["method"] == "PUT"
    assert body["upload"]["headers"] == {
        "Content-Type": "image/jpeg",
        "Content-Length": "1000",
        "x-amz-checksum-sha256": SHA256,
        "If-None-Match": "*",
    }
    item = world.get_item(Key={"photo_id": body["photoId"]})["Item"]
    assert item.pop("created_at") < body["expiresAt"]
    assert item == {
        "photo_id": body["photoId"],
        "candidate_id": MEMBER_ID,
        "state": "PENDING",
        "content_type": "image/jpeg",
        "content_length": 1000,
    }
    quota = world.get_item(Key={"photo_id": f"quota#{MEMBER_ID}"})["Item"]
    assert (quota["live"], quota["day_uploads"], quota["revision"]) == (1, 1, 1)


def test_the_quota_is_kept(world: "Table") -> None:
    codes = [handler.handler(event(), context())["statusCode"] for _ in range(3)]
    assert codes == [201, 201, 429]


def test_whoever_leaves_while_asking_gets_none(
    world: "Table", members: "Table", monkeypatch: pytest.MonkeyPatch
) -> None:
    def leaving() -> str:
        members.delete_item(Key={"member_id": MEMBER_ID})
        return new_photo_id()

    monkeypatch.setattr(issue_upload_url, "new_photo_id", leaving)
    response = handler.handler(event(), context())
    assert (response["statusCode"], json.loads(response["body"])["code"]) == (
        403,
        "role_not_allowed",
    )
    assert world.scan()["Items"] == []


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        (event(sub="subject-2"), 403, "role_not_allowed"),
        (event(iss="https://elsewhere.invalid"), 401, "unauthorized"),
        (event(sub=""), 401, "unauthorized"),
        (event() | {"requestContext": {}}, 401, "unauthorized"),
        (event({"contentType": "image/heic"}), 422, "content_type_unsupported"),
        (event() | {"body": None}, 422, "body_invalid"),
        (event() | {"body": "%%%", "isBase64Encoded": True}, 422, "body_invalid"),
    ],
)
def test_refusals_are_problems_with_a_code(
    world: "Table", changed: dict[str, Any], status: int, code: str
) -> None:
    response = handler.handler(changed, context())
    assert response["statusCode"] == status
    assert response["headers"]["content-type"] == "application/problem+json"
    problem = json.loads(response["body"])
    assert problem["code"] == code
    assert problem["type"] == f"/problems/{code}"
    assert problem["correlationId"] == "req-7"
    assert problem["detail"]


def test_a_base64_body_is_read(world: "Table") -> None:
    encoded = base64.b64encode(event()["body"].encode()).decode()
    changed = event() | {"body": encoded, "isBase64Encoded": True}
    assert handler.handler(changed, context())["statusCode"] == 201


def test_a_fault_of_ours_is_a_problem_too(world: "Table", monkeypatch: pytest.MonkeyPatch) -> None:
    boto3.client("dynamodb").delete_table(TableName="photos")
    changed = event() | {"headers": {"x-correlation-id": "not fit for a log\n"}}
    response = handler.handler(changed, context())
    assert response["statusCode"] == 500
    assert json.loads(response["body"])["correlationId"] == REQUEST_ID


class TestPhotos:
    @pytest.fixture(autouse=True)
    def candidate(self, members: "Table") -> None:
        members.put_item(Item={"member_id": "m_a", "role": "CANDIDATE"})

    def photo(self, photo_id: str = "pho_1", created_at: str = "2026-11-22T03:00:00.000Z") -> Any:
        return PhotoItem(
            photo_id=photo_id,
            candidate_id="m_a",
            state=PhotoState.PENDING,
            created_at=created_at,
            content_type=UPLOAD.content_type,
            content_length=UPLOAD.content_length,
        )

    def test_a_quota_that_changed_meanwhile_writes_nothing(
        self, dynamodb: "DynamoDBServiceResource", photos: "Table"
    ) -> None:
        adapter = DynamodbPhotos(dynamodb, "photos", "members")
        none, one, two = Quota(), Quota(1, "d", 1, 1), Quota(2, "d", 2, 2)
        assert adapter.quota_of("m_a") == none
        assert adapter.add(self.photo(), none, one, [])
        assert not adapter.add(self.photo("pho_2"), none, one, [])
        assert adapter.quota_of("m_a") == one
        assert adapter.add(self.photo("pho_2"), one, two, [])
        assert not adapter.add(self.photo("pho_3"), one, two, [])
        assert "Item" not in photos.get_item(Key={"photo_id": "pho_3"})

    def test_abandoned_photos_are_old_and_pending(
        self, dynamodb: "DynamoDBServiceResource", photos: "Table"
    ) -> None:
        adapter = DynamodbPhotos(dynamodb, "photos", "members")
        adapter.add(self.photo("pho_old"), Quota(), Quota(1, "d", 1, 1), [])
        photos.put_item(
            Item={
                "photo_id": "pho_ready",
                "candidate_id": "m_a",
                "created_at": "2026-11-22T03:00:00.000Z",
                "state": "READY",
            }
        )
        assert adapter.abandoned("m_a", "2026-11-22T03:00:00.000Z") == []
        assert adapter.abandoned("m_a", "2026-11-22T04:00:00.000Z") == ["pho_old"]
        before, after = Quota(1, "d", 1, 1), Quota(1, "d", 2, 2)
        assert not adapter.add(self.photo("pho_new"), before, after, ["pho_ready"])
        assert adapter.add(self.photo("pho_new"), before, after, ["pho_old"])
        assert "Item" not in photos.get_item(Key={"photo_id": "pho_old"})


class TestSignature:
    """SigV4 as S3 computes it (AWS General Reference, query string authentication), offline."""

    SECRET = "testing"

    @pytest.fixture(scope="class")
    @classmethod
    def signed(cls) -> Any:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(boto3, "DEFAULT_SESSION", boto3.Session("testing", cls.SECRET))
            client = s3_client({"AWS_REGION": "ap-northeast-2"})
        return S3UploadUrls(client, "photo-bucket", 300).sign("pho_1", UPLOAD)

    def test_it_names_the_regional_host_the_key_and_five_minutes(self, signed: Any) -> None:
        parts = urlsplit(signed.url)
        assert parts.scheme == "https"
        assert parts.hostname == "photo-bucket.s3.ap-northeast-2.amazonaws.com"
        assert parts.path == "/incoming/pho_1"
        assert dict(parse_qsl(parts.query))["X-Amz-Expires"] == "300"

    def test_every_header_is_signed(self, signed: Any) -> None:
        query = dict(parse_qsl(urlsplit(signed.url).query))
        assert query["X-Amz-SignedHeaders"].split(";") == sorted(
            ["host", *(name.lower() for name in signed.headers)]
        )

    def test_the_announced_upload_is_accepted(self, signed: Any) -> None:
        assert self.accepts(signed.url, signed.headers)

    @pytest.mark.parametrize(
        ("header", "value"),
        [
            ("Content-Type", "image/svg+xml"),
            ("Content-Length", "5368709120"),
            ("x-amz-checksum-sha256", base64.b64encode(b"x" * 32).decode()),
            ("If-None-Match", '"etag"'),
        ],
    )
    def test_any_other_upload_is_not(self, signed: Any, header: str, value: str) -> None:
        assert not self.accepts(signed.url, {**signed.headers, header: value})

    def test_nor_another_key_method_or_expiry(self, signed: Any) -> None:
        headers = signed.headers
        assert not self.accepts(signed.url.replace("pho_1", "pho_2"), headers)
        assert not self.accepts(signed.url, headers, method="GET")
        assert not self.accepts(signed.url.replace("Expires=300", "Expires=86400"), headers)

    def test_an_endpoint_of_ones_own_takes_the_bucket_in_the_path(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        endpoint = {"AWS_ENDPOINT_URL": "http://127.0.0.1:4577", "AWS_REGION": "ap-northeast-2"}
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint["AWS_ENDPOINT_URL"])
        signed = S3UploadUrls(s3_client(endpoint), "photo-bucket", 300).sign("pho_1", UPLOAD)
        assert signed.url.startswith("http://127.0.0.1:4577/photo-bucket/incoming/pho_1?")

    def accepts(self, url: str, headers: dict[str, str], method: str = "PUT") -> bool:
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query))
        signature = query.pop("X-Amz-Signature")
        given = {name.lower(): value for name, value in headers.items()}
        given["host"] = parts.netloc
        names = query["X-Amz-SignedHeaders"]
        canonical = "\n".join(
            [
                method,
                parts.path,
                "&".join(f"{quote(k, '')}={quote(v, '')}" for k, v in sorted(query.items())),
                "".join(f"{name}:{given.get(name, '')}\n" for name in names.split(";")),
                names,
                "UNSIGNED-PAYLOAD",
            ]
        )
        scope = query["X-Amz-Credential"].split("/", 1)[1]
        text = "\n".join(
            [
                "AWS4-HMAC-SHA256",
                query["X-Amz-Date"],
                scope,
                hashlib.sha256(canonical.encode()).hexdigest(),
            ]
        )
        key = f"AWS4{self.SECRET}".encode()
        for step in scope.split("/"):
            key = hmac.digest(key, step.encode(), "sha256")
        return hmac.new(key, text.encode(), "sha256").hexdigest() == signature
