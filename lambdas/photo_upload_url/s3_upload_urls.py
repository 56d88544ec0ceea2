"""Presigned PUTs. Signing makes no call; the URL can do what the function's role may do with it:
one object under incoming/, once, with exactly the announced bytes."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

import boto3
from botocore.config import Config

from cufit_contracts.photos import upload_key
from photo_upload_url.ports import SignedUpload
from photo_upload_url.upload_request import UploadRequest

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class S3UploadUrls:
    def __init__(self, client: "S3Client", bucket: str, ttl_seconds: int) -> None:
        self._client = client
        self._bucket = bucket
        self._ttl_seconds = ttl_seconds

    def sign(self, photo_id: str, upload: UploadRequest) -> SignedUpload:
        url = self._client.generate_presigned_url(
            "put_object",
            Params={
                "Bucket": self._bucket,
                "Key": upload_key(photo_id),
                "ContentType": upload.content_type,
                "ContentLength": upload.content_length,
                "ChecksumSHA256": upload.sha256,
                "IfNoneMatch": "*",
            },
            ExpiresIn=self._ttl_seconds,
            HttpMethod="PUT",
        )
        headers = {
            "Content-Type": upload.content_type,
            "Content-Length": str(upload.content_length),
            "x-amz-checksum-sha256": upload.sha256,
            "If-None-Match": "*",
        }
        return SignedUpload(url, headers)


def s3_client(environ: Mapping[str, str] = os.environ) -> "S3Client":
    """Signs for the regional host: boto3's default, the global one, answers with a redirect for a
    young bucket. With an endpoint of one's own the bucket goes into the path."""
    own_endpoint = environ.get("AWS_ENDPOINT_URL_S3") or environ.get("AWS_ENDPOINT_URL")
    style: Literal["path", "virtual"] = "path" if own_endpoint else "virtual"
    region = environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION")
    config = Config(signature_version="s3v4", s3={"addressing_style": style})
    return boto3.client("s3", region_name=region, config=config)
