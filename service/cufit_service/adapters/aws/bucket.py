"""One bucket of S3."""

import logging
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlencode

from cufit_service.adapters.aws.exchange import Connect, Request, Unanswered
from cufit_service.domain.errors import Unavailable

QUERY_NAMES: Final = {
    "ResponseContentType": "response-content-type",
    "ResponseContentDisposition": "response-content-disposition",
}
"""S3 API reference, GetObject, URI request parameters."""

DELETED: Final = (200, 204)

logger = logging.getLogger(__name__)


class S3Bucket:
    def __init__(self, url: str, connect: Connect) -> None:
        """`url` is the bucket's host on AWS, and a host with the bucket as path on a laptop."""
        self._url = url
        self._connect = connect

    async def presigned_get(self, key: str, *, seconds: int, headers: Mapping[str, str]) -> str:
        query = urlencode(
            {QUERY_NAMES[name]: value for name, value in headers.items()}, quote_via=quote
        )
        request = self._request("GET", f"{quote(key)}?{query}")
        try:
            return await (await self._connect()).presign(request, seconds)
        except Unanswered as error:
            logger.exception("nothing to sign with", extra={"reason": error.reason})
            raise Unavailable from error

    async def delete(self, key: str) -> None:
        try:
            answer = await (await self._connect()).send(self._request("DELETE", quote(key)))
        except Unanswered as error:
            logger.exception("S3 did not answer", extra={"reason": error.reason})
            raise Unavailable from error
        if answer.status not in DELETED:
            logger.error("S3 did not delete", extra={"reason": str(answer.status)})
            raise Unavailable

    def _request(self, method: str, target: str) -> Request:
        return Request("s3", method, f"{self._url}/{target}", {})
