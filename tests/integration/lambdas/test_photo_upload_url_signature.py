"""What the presigned URL of an upload lets its holder do."""

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlsplit

import boto3
import pytest

from photo_upload_url.s3_upload_urls import S3UploadUrls, s3_client
from photo_upload_url.upload_request import UploadRequest

if TYPE_CHECKING:
    pass


SHA256 = base64.b64encode(hashlib.sha256(b"photo").digest()).decode()
UPLOAD = UploadRequest("image/jpeg", 1000, SHA256)


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
