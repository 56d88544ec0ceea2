"""aiohttp carries, botocore signs.

Imported when AWS is first asked (clients.py).
"""

import asyncio
import logging
import random
import ssl
from functools import cache
from typing import Any, Final

import aiohttp
from aiohttp.connector import Connection
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError
from botocore.retries.standard import RetryContext, ThrottledRetryableChecker
from botocore.session import Session
from yarl import URL

from cufit_service.adapters.aws.api import CONNECT_SECONDS, READ_SECONDS
from cufit_service.adapters.aws.credentials import LoopCredentials
from cufit_service.adapters.aws.exchange import Answer, Request, Unanswered

CONNECTIONS: Final = 64
"""Requests under way at once to one host; what comes on top waits here instead of at AWS."""

IDLE_SECONDS: Final = 20.0
"""An idle connection is let go before the other side does: DynamoDB after about 60 seconds
(aws/aws-sdk-java#1365), what is between after 350 (AWS Networking blog, "Implementing long-running
TCP connections within VPC networking"). The sweeper asks more often, so one is always there."""

PAUSE_SECONDS: Final = 0.2
"""The longest pause before a retry; each is drawn anew, so that clients come back apart."""

SERVER_ERROR: Final = 500

_AUTOMATIC: Final = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")
"""Headers of aiohttp's that nobody here needs."""

logger = logging.getLogger(__name__)

# At DEBUG it would write the session's token, which it signs, into the log.
logging.getLogger("botocore.auth").setLevel(logging.INFO)


class _SentIfQuiet(aiohttp.ClientRequest):
    """aiohttp would take for the answer what came on an idle connection when nobody had asked."""

    async def send(self, conn: Connection) -> aiohttp.ClientResponse:
        if conn.protocol is not None and conn.protocol.should_close:
            raise aiohttp.ServerDisconnectedError
        return await super().send(conn)


class Client:
    """One for the process. Its connections belong to the event loop that asks first."""

    def __init__(self, region: str) -> None:
        """Reads files. Raises Unanswered: one of them cannot be used."""
        self._region = region
        self._throttles = ThrottledRetryableChecker()
        session = Session()
        self._credentials = LoopCredentials(session.get_credentials)
        try:
            self._tls = _trusting(session.get_config_variable("ca_bundle"))
        except (BotoCoreError, OSError) as error:
            raise Unanswered(type(error).__name__) from error

    def connect(self) -> None:
        self._kept = self._session(keepalive_timeout=IDLE_SECONDS)
        self._new = self._session(force_close=True)

    async def warm_up(self) -> None:
        """Raises Unanswered: there are no credentials."""
        await self._credentials.current()

    async def send(self, request: Request) -> Answer:
        """Whatever was answered. Raises Unanswered.

        What met a lost connection, a time-out, a 5xx or a throttle is sent once more, as in
        botocore's standard mode, on a new connection: idle ones may all have died together.
        """
        try:
            answer = await self._sent(request, self._kept)
            if not self._passes(answer):
                return answer
            reason = answer.code
        except Unanswered as error:
            reason = error.reason
        logger.info("AWS is asked again", extra={"reason": reason})
        await asyncio.sleep(random.uniform(0, PAUSE_SECONDS))  # noqa: S311 - spreads load
        return await self._sent(request, self._new)

    async def presign(self, request: Request, seconds: int) -> str:
        """With the signature in the query. Raises Unanswered: there are no credentials."""
        unsigned = AWSRequest(request.method, request.url, headers=request.headers)
        keys = await self._credentials.current()
        S3SigV4QueryAuth(keys, request.service, self._region, seconds).add_auth(unsigned)
        return str(unsigned.url)

    async def close(self) -> None:
        await self._kept.close()
        await self._new.close()

    async def _sent(self, request: Request, session: aiohttp.ClientSession) -> Answer:
        signed = await self._signed(request)
        try:
            async with session.request(
                request.method,
                URL(request.url, encoded=True),
                headers=dict(signed.headers.items()),
                data=request.body or None,
                allow_redirects=False,
            ) as response:
                return Answer(response.status, await response.read())
        except (aiohttp.ClientError, OSError) as error:
            raise Unanswered(type(error).__name__) from error

    async def _signed(self, request: Request) -> AWSRequest:
        auth = S3SigV4Auth if request.service == "s3" else SigV4Auth
        url = URL(request.url, encoded=True)
        headers = {"Host": url.authority, **request.headers}
        unsigned = AWSRequest(request.method, request.url, headers=headers, data=request.body)
        auth(await self._credentials.current(), request.service, self._region).add_auth(unsigned)
        return unsigned

    def _passes(self, answer: Answer) -> bool:
        if answer.status >= SERVER_ERROR:
            return True
        if answer.status == 200:
            return False
        error = {"Error": {"Code": answer.code}}
        return self._throttles.is_retryable(RetryContext(1, parsed_response=error))

    def _session(self, **how: Any) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(ssl=self._tls, limit=0, limit_per_host=CONNECTIONS, **how)
        return aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(
                total=CONNECT_SECONDS + READ_SECONDS,
                connect=CONNECT_SECONDS,
                sock_read=READ_SECONDS,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            request_class=_SentIfQuiet,
            skip_auto_headers=_AUTOMATIC,
        )


@cache
def _trusting(authorities: str | None) -> ssl.SSLContext:
    """The system's authorities, or those of AWS_CA_BUNDLE, which boto3 and the CLI know as well."""
    return ssl.create_default_context(cafile=authorities)
