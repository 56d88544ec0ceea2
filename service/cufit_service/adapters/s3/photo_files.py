"""A photo's objects in the bucket, under the names the photo functions give them."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from cufit_contracts.photos import clean_keys, upload_key
from cufit_service.adapters.aws.api import Bucket

LINK_SECONDS: Final = 300
SAME_LINK_SECONDS: Final = 60
"""So long a link is handed out again: signing one costs 0.1 ms, and a browser keeps what it loaded
by the address."""
LINKS_KEPT: Final = 4_096
"""About 5 MB: a link with a session's token has up to 1.2 KB."""


class S3PhotoFiles:
    def __init__(self, bucket: Bucket, clock: Callable[[], float] = time.monotonic) -> None:
        self._bucket = bucket
        self._clock = clock
        self._links: OrderedDict[str, tuple[float, str]] = OrderedDict()

    async def link(self, key: str) -> str:
        """Its answer is of exactly this type, whatever the object says: the signature holds it. S3
        cannot send X-Content-Type-Options (ADR 50); an image type alone keeps a browser from
        reading what it loads as a page."""
        now = self._clock()
        signed_at, link = self._links.get(key, (now, ""))
        if not link or now - signed_at >= SAME_LINK_SECONDS:
            link = await self._signed(key)
            self._links[key] = now, link
            self._links.move_to_end(key)
            if len(self._links) > LINKS_KEPT:
                self._links.popitem(last=False)
        return link

    async def _signed(self, key: str) -> str:
        shown_as = {
            "ResponseContentType": "image/webp" if key.endswith(".webp") else "image/jpeg",
            "ResponseContentDisposition": "inline",
        }
        return await self._bucket.presigned_get(key, seconds=LINK_SECONDS, headers=shown_as)

    async def delete(self, photo_id: str) -> None:
        for key in (upload_key(photo_id), *clean_keys(photo_id)):
            await self._bucket.delete(key)
            self._links.pop(key, None)
