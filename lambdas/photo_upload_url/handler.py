"""Entry point: `POST /v1/photos` of the HTTP API (payload format 2.0, JWT authorizer)."""

import base64
import binascii
import json
import os
import re
from datetime import UTC, datetime, timedelta
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools import Logger
from botocore.config import Config

from cufit_contracts.environment import load_settings
from cufit_contracts.identity import member_id_of
from cufit_contracts.photo_problems import Language, StorageRefusal, language_asked_for
from cufit_contracts.photo_sentences import OF_STORAGE
from cufit_contracts.photos import UploadRefusal
from photo_upload_url.dynamodb_members import DynamodbMembers
from photo_upload_url.dynamodb_photos import DynamodbPhotos
from photo_upload_url.issue_upload_url import IssuedUpload, IssueUploadUrl
from photo_upload_url.problems import Refused, problem
from photo_upload_url.quota import Limits
from photo_upload_url.s3_upload_urls import S3UploadUrls, s3_client
from photo_upload_url.settings import Settings
from photo_upload_url.upload_request import read_upload_request

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()

_TABLES = Config(
    connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 2}
)
_CORRELATION_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")

_HEADERS = {
    "cache-control": "no-store",
    "vary": "accept-language",
    "x-content-type-options": "nosniff",
}
"""Of every answer."""


@cache
def _app() -> tuple[Settings, IssueUploadUrl]:
    settings = load_settings(Settings, os.environ)
    dynamodb = boto3.resource("dynamodb", config=_TABLES)
    use_case = IssueUploadUrl(
        members=DynamodbMembers(dynamodb.Table(settings.members_table)),
        photos=DynamodbPhotos(dynamodb, settings.photos_table, settings.members_table),
        urls=S3UploadUrls(s3_client(), settings.photo_bucket, settings.upload_ttl_seconds),
        limits=Limits(settings.photos_per_candidate, settings.uploads_per_day),
        ttl=timedelta(seconds=settings.upload_ttl_seconds),
        now=lambda: datetime.now(UTC),
    )
    return settings, use_case


def handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
    correlation_id = _correlation_id(event, context)
    logger.append_keys(correlation_id=correlation_id)
    language = language_asked_for(event.get("headers", {}).get("accept-language"))
    settings, issue = _app()
    try:
        member_id = _member_id(event, settings.oidc_issuer)
        upload = read_upload_request(_body(event), settings.max_upload_bytes)
        issued = issue(member_id, upload)
    except Refused as refused:
        logger.info("upload refused", extra={"code": refused.code})
        response = problem(refused, correlation_id, language)
    except Exception:
        logger.exception("upload failed")
        response = problem(Refused(UploadRefusal.INTERNAL_ERROR), correlation_id, language)
    else:
        logger.info("upload url issued", extra={"photo_id": issued.photo_id})
        response = _created(issued, settings, language)
    response["headers"] |= {**_HEADERS, "x-correlation-id": correlation_id}
    return response


def _correlation_id(event: dict[str, Any], context: "LambdaContext") -> str:
    """The caller's, if it is one; else the request id that the function's own log lines carry."""
    given = str(event.get("headers", {}).get("x-correlation-id", ""))
    return given if _CORRELATION_ID.fullmatch(given) else context.aws_request_id


def _member_id(event: dict[str, Any], issuer: str) -> str:
    try:
        claims = event["requestContext"]["authorizer"]["jwt"]["claims"]
        given, subject = claims["iss"], claims["sub"]
    except (KeyError, TypeError) as error:
        raise Refused(UploadRefusal.UNAUTHORIZED) from error
    if given != issuer or not subject:
        raise Refused(UploadRefusal.UNAUTHORIZED)
    return member_id_of(given, subject)


def _body(event: dict[str, Any]) -> str:
    body = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return str(body)
    try:
        return base64.b64decode(body).decode()
    except (binascii.Error, ValueError):
        return ""


def _created(issued: IssuedUpload, settings: Settings, language: Language) -> dict[str, Any]:
    upload = {
        "method": "PUT",
        "url": issued.signed.url,
        "headers": issued.signed.headers,
        "refusals": [
            {"code": code, "status": code.status, "message": OF_STORAGE[code].text(language)}
            for code in StorageRefusal
        ],
    }
    limits = {
        "bytes": settings.max_upload_bytes,
        "photos": settings.photos_per_candidate,
        "uploadsPerDay": settings.uploads_per_day,
    }
    body = {
        "photoId": issued.photo_id,
        "upload": upload,
        "expiresAt": issued.expires_at,
        "limits": limits,
    }
    return {
        "statusCode": int(HTTPStatus.CREATED),
        "headers": {"content-type": "application/json"},
        "body": json.dumps(body, ensure_ascii=False),
    }


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    _app()  # In Lambda a wrong environment ends the start, before any request is answered.
