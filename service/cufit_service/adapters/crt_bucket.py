"""One bucket of S3, through the AWS Common Runtime."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from awscrt.exceptions import AwsCrtError
from awscrt.http import HttpHeaders, HttpRequest

from cufit_service.adapters.aws_api import ATTEMPTS, CONNECT_SECONDS, READ_SECONDS
from cufit_service.adapters.crt_connections import CrtConnections
from cufit_service.adapters.crt_signer import CrtSigner
from cufit_service.domain.errors import Unavailable

QUERY_NAMES: Final = {
    "ResponseContentType": "response-content-type",
    "ResponseContentDisposition": "response-content-disposition",
}
"""S3 API reference, GetObject, URI request parameters."""

DELETED: Final = (200, 204)

logger = logging.getLogger(__name__)


class CrtBucket:
    def __init__(self, url: str, signer: CrtSigner) -> None:
        """`url` is the bucket's host on AWS, and a host with the bucket as path on a laptop."""
        parts = urlsplit(url)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._path = parts.path.rstrip("/")
        self._connections = CrtConnections(self._origin)
        self._signer = signer

    async def presigned_get(self, key: str, *, seconds: int, headers: Mapping[str, str]) -> str:
        query = urlencode({QUERY_NAMES[name]: value for name, value in headers.items()})
        request = self._request("GET", f"{self._path}/{quote(key)}{'?' if query else ''}{query}")
        try:
            await self._signer.presign(request, seconds)
        except (AwsCrtError, TimeoutError) as error:
            logger.exception("no credentials", extra={"reason": type(error).__name__})
            raise Unavailable from error
        return f"{self._origin}{request.path}"

    async def delete(self, key: str) -> None:
        for _ in range(ATTEMPTS):
            request = self._request("DELETE", f"{self._path}/{quote(key)}")
            try:
                await self._signer.sign(request)
                async with asyncio.timeout(CONNECT_SECONDS + READ_SECONDS):
                    answer = await self._connections.exchange(request)
            except (AwsCrtError, TimeoutError) as error:
                logger.warning("S3 did not answer", extra={"reason": type(error).__name__})
                continue
            if answer.status in DELETED:
                return
            logger.warning("S3 did not delete", extra={"reason": str(answer.status)})
        raise Unavailable

    def _request(self, method: str, path: str) -> HttpRequest:
        return HttpRequest(method, path, HttpHeaders([("Host", self._connections.host)]))

    def close(self) -> None:
        self._connections.close()
