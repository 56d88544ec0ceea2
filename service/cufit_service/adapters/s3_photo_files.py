"""A photo's objects in the bucket, under the names the photo functions give them."""

from concurrent.futures import Executor
from typing import TYPE_CHECKING

from cufit_service.adapters.aws_clients import AwsCalls

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

KEYS = ("incoming/{}", "photos/{}.jpg", "photos/{}-thumb.jpg")
"""As photo_upload_url and photo_processor write them."""


class S3PhotoFiles:
    def __init__(self, client: "S3Client", executor: Executor, bucket: str) -> None:
        self._client = client
        self._calls = AwsCalls(executor)
        self._bucket = bucket

    async def delete(self, photo_id: str) -> None:
        # Deleting what is not there succeeds (S3 API reference, DeleteObject).
        for key in KEYS:
            await self._calls.run(
                self._client.delete_object, Bucket=self._bucket, Key=key.format(photo_id)
            )
