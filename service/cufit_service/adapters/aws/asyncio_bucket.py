"""One bucket of S3, asked by asyncio."""

import logging
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from cufit_service.adapters.aws.api import ATTEMPTS
from cufit_service.adapters.aws.asyncio_connections import Connections, Request
from cufit_service.adapters.aws.signing import Presigner, Unsigned, reason_of
from cufit_service.domain.errors import Unavailable

QUERY_NAMES: Final = {
    "ResponseContentType": "response-content-type",
    "ResponseContentDisposition": "response-content-disposition",
}
"""S3 API reference, GetObject, URI request parameters."""

DELETED: Final = (200, 204)

logger = logging.getLogger(__name__)


class AsyncioBucket:
    def __init__(self, url: str, signer: Callable[[], Presigner]) -> None:
        """`url` is the bucket's host on AWS, and a host with the bucket as path on a laptop."""
        parts = urlsplit(url)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._path = parts.path.rstrip("/")
        self._connections = Connections(self._origin)
        self._signer = signer

    async def presigned_get(self, key: str, *, seconds: int, headers: Mapping[str, str]) -> str:
        query = urlencode({QUERY_NAMES[name]: value for name, value in headers.items()})
        request = self._request("GET", f"{self._path}/{quote(key)}{'?' if query else ''}{query}")
        try:
            signed = await self._signer().presign(request, seconds)
        except Unsigned as error:
            logger.exception("no credentials", extra={"reason": error.reason})
            raise Unavailable from error
        return f"{self._origin}{signed.target}"

    async def delete(self, key: str) -> None:
        for _ in range(ATTEMPTS):
            request = self._request("DELETE", f"{self._path}/{quote(key)}")
            try:
                signed = await self._signer().sign(request)
                answer = await self._connections.exchange(signed)
            except (OSError, Unsigned) as error:
                logger.warning("S3 did not answer", extra={"reason": reason_of(error)})
                continue
            if answer.status in DELETED:
                return
            logger.warning("S3 did not delete", extra={"reason": str(answer.status)})
        raise Unavailable

    def _request(self, method: str, target: str) -> Request:
        return Request(method, target, [("Host", self._connections.host)])

    def close(self) -> None:
        self._connections.close()
