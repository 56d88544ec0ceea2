"""Presigned GETs of the photo bucket. Signing makes no call; it is done where boto3 may block."""

from concurrent.futures import Executor
from typing import TYPE_CHECKING

from cufit_service.adapters.aws_clients import AwsCalls

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LINK_SECONDS = 300


class S3PhotoLinks:
    def __init__(self, client: "S3Client", executor: Executor, bucket: str) -> None:
        self._client = client
        self._calls = AwsCalls(executor)
        self._bucket = bucket

    async def to(self, key: str) -> str:
        # Credentials may have to be fetched before anything can be signed: that call blocks.
        url: str = await self._calls.run(
            self._client.generate_presigned_url,
            ClientMethod="get_object",
            Params={
                "Bucket": self._bucket,
                "Key": key,
                "ResponseContentType": "image/jpeg",
                "ResponseContentDisposition": "inline",
            },
            ExpiresIn=LINK_SECONDS,
        )
        return url
