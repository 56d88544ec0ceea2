"""A photo's objects in the bucket, under the names the photo functions give them."""

from cufit_service.adapters.aws.api import Bucket

KEYS = ("incoming/{}", "photos/{}.jpg", "photos/{}-thumb.jpg")
"""As photo_upload_url and photo_processor write them."""


class S3PhotoFiles:
    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    async def delete(self, photo_id: str) -> None:
        for key in KEYS:
            await self._bucket.delete(key.format(photo_id))
