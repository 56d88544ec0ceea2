"""A photo's objects in the bucket, under the names the photo functions give them."""

from typing import Final

from cufit_contracts.photos import clean_keys, upload_key
from cufit_service.adapters.aws.api import Bucket

LINK_SECONDS: Final = 300


class S3PhotoFiles:
    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    async def link(self, key: str) -> str:
        """Its answer is of exactly this type, whatever the object says: the signature holds it. S3
        cannot send X-Content-Type-Options (ADR 50); an image type alone keeps a browser from
        reading what it loads as a page."""
        shown_as = {
            "ResponseContentType": "image/webp" if key.endswith(".webp") else "image/jpeg",
            "ResponseContentDisposition": "inline",
        }
        return await self._bucket.presigned_get(key, seconds=LINK_SECONDS, headers=shown_as)

    async def delete(self, photo_id: str) -> None:
        for key in (upload_key(photo_id), *clean_keys(photo_id)):
            await self._bucket.delete(key)
