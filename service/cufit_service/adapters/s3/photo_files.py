"""A photo's objects in the bucket, under the names the photo functions give them."""

from typing import Final

from cufit_contracts.photos import image_key, thumbnail_key, upload_key
from cufit_service.adapters.aws.api import Bucket

LINK_SECONDS: Final = 300

SHOWN_AS: Final = {"ResponseContentType": "image/jpeg", "ResponseContentDisposition": "inline"}


class S3PhotoFiles:
    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    async def link(self, key: str) -> str:
        return await self._bucket.presigned_get(key, seconds=LINK_SECONDS, headers=SHOWN_AS)

    async def delete(self, photo_id: str) -> None:
        for key_of in (upload_key, image_key, thumbnail_key):
            await self._bucket.delete(key_of(photo_id))
