"""Presigned GETs of the photo bucket."""

from typing import Final

from cufit_service.adapters.aws.api import Bucket

LINK_SECONDS: Final = 300

SHOWN_AS: Final = {"ResponseContentType": "image/jpeg", "ResponseContentDisposition": "inline"}


class S3PhotoLinks:
    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    async def to(self, key: str) -> str:
        return await self._bucket.presigned_get(key, seconds=LINK_SECONDS, headers=SHOWN_AS)
