"""POST /v1/photos over moto."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from cufit_contracts.identity import member_id_of
from cufit_contracts.photo_problems import Language, StorageRefusal
from cufit_contracts.photo_sentences import OF_STORAGE, OF_TYPE
from cufit_contracts.photos import PENDING_KEPT
from cufit_ops.smoke.steps import wrong_upload
from photo_upload_url import handler, issue_upload_url
from photo_upload_url.issue_upload_url import new_photo_id
from photo_upload_url.upload_request import UploadRequest
from tests.integration.lambdas.context import REQUEST_ID, context

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

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
    joined = "2026-11-01T09:00:00.000Z"
    members.put_item(Item={"member_id": MEMBER_ID, "role": "CANDIDATE", "joined_at": joined})
    handler._app.cache_clear()
    yield photos
    handler._app.cache_clear()


def test_a_candidate_gets_the_url_and_the_headers_to_send(world: "Table") -> None:
    response = handler.handler(event(), context())
    assert response["statusCode"] == 201
    assert response["headers"]["x-correlation-id"] == "req-7"
    body = json.loads(response["body"])
    assert set(body) == {"photoId", "upload", "expiresAt", "limits"}
    assert body["limits"] == {"bytes": 10_000_000, "photos": 2, "uploadsPerDay": 3}
    assert [one["code"] for one in body["upload"]["refusals"]] == [*StorageRefusal]
    assert body["upload"]["method"] == "PUT"
    assert body["upload"]["headers"] == {
        "Content-Type": "image/jpeg",
        "Content-Length": "1000",
        "x-amz-checksum-sha256": SHA256,
        "If-None-Match": "*",
    }
    item = world.get_item(Key={"photo_id": body["photoId"]})["Item"]
    assert item.pop("created_at") < body["expiresAt"]
    url_ends = datetime.fromisoformat(body["expiresAt"])
    assert item.pop("expires_at_epoch") == int((url_ends + PENDING_KEPT).timestamp())
    assert item == {
        "photo_id": body["photoId"],
        "candidate_id": MEMBER_ID,
        "state": "PENDING",
        "content_type": "image/jpeg",
        "content_length": 1000,
        "sha256": SHA256,
    }
    quota = world.get_item(Key={"photo_id": f"quota#{MEMBER_ID}"})["Item"]
    assert quota["places"] == {body["photoId"]}
    assert (quota["day_uploads"], quota["revision"]) == (1, 1)


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
        (event({"contentType": "image/gif"}), 422, "content_type_unsupported"),
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
    assert re.search("[가-힣]", problem["detail"])
    assert bool(problem.get("errors")) is (status == 422)
    assert all(one["field"] and one["message"] for one in problem.get("errors", []))


@pytest.mark.parametrize(
    ("asked", "language"),
    [("en-US,en;q=0.9,ko;q=0.8", Language.ENGLISH), ("ko-KR", Language.KOREAN)],
)
def test_people_are_told_in_the_language_they_ask_for(
    world: "Table", asked: str, language: Language
) -> None:
    def answer(body: Any) -> dict[str, Any]:
        asking = event(body)
        asking["headers"]["accept-language"] = asked
        told: dict[str, Any] = json.loads(handler.handler(asking, context())["body"])
        return told

    assert answer({"contentType": "image/gif"})["detail"] == OF_TYPE["image/gif"].text(language)
    told = {one["code"]: one["message"] for one in answer(None)["upload"]["refusals"]}
    assert told == {code: OF_STORAGE[code].text(language) for code in StorageRefusal}


@pytest.mark.parametrize(("body", "status"), [(None, 201), ({}, 422)])
def test_no_answer_is_kept_or_taken_for_a_page(world: "Table", body: Any, status: int) -> None:
    """As none of the service's is."""
    response = handler.handler(event(body), context())
    assert response["statusCode"] == status
    told = response["headers"]
    assert told["cache-control"] == "no-store"
    assert told["vary"] == "accept-language"
    assert told["x-content-type-options"] == "nosniff"


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


def test_smokes_upload_is_refused_before_a_table_is_read(
    world: "Table", monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_call(*_: object) -> None:
        raise AssertionError("a call of AWS")

    monkeypatch.setattr("botocore.client.BaseClient._make_api_call", no_call)
    response = handler.handler(wrong_upload(ISSUER), context())
    assert response["statusCode"] == 422
    assert json.loads(response["body"])["code"] == "content_type_unsupported"
