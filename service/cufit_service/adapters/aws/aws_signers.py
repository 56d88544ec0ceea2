"""Signatures, with credentials that the AWS Common Runtime fetches and refreshes.

Loaded when something is first to be signed (asyncio_clients.py).
"""

import asyncio
import hashlib
import time
from concurrent.futures import Future as ThreadFuture
from dataclasses import replace
from functools import cache
from typing import Any, Final, TypeVar

from awscrt import io
from awscrt.auth import (
    AwsCredentialsProvider,
    AwsSignatureType,
    AwsSignedBodyHeaderType,
    AwsSignedBodyValue,
    AwsSigningAlgorithm,
    AwsSigningConfig,
    aws_sign_request,
)
from awscrt.exceptions import AwsCrtError
from awscrt.http import HttpHeaders, HttpRequest

from cufit_service.adapters.aws.asyncio_connections import Request
from cufit_service.adapters.aws.signing import Unsigned
from cufit_service.adapters.aws.sigv4 import Credentials, PostSigner

CREDENTIALS_SECONDS: Final = 3.0
"""For the task's credentials endpoint to answer; they are kept and refreshed before they end."""

KEPT_SECONDS: Final = 1.0
"""Asking the runtime takes a fortieth of a request's time. It renews credentials 10 s before they
end (aws-c-auth, credentials_provider_cached.c)."""

Result = TypeVar("Result")


@cache
def default_credentials() -> AwsCredentialsProvider:
    """Variables, profile, web identity, container, instance: the order the CLI has, too."""
    # One thread, which asks for credentials and sleeps.
    threads = io.EventLoopGroup(1)
    bootstrap = io.ClientBootstrap(threads, io.DefaultHostResolver(threads))
    return AwsCredentialsProvider.new_default_chain(bootstrap)


class ApiSigner:
    """For services that speak JSON: the runtime's credentials, sigv4's signature."""

    def __init__(self, service: str, region: str, provider: AwsCredentialsProvider) -> None:
        self._provider = provider
        self._signer = PostSigner(service, region)
        self._credentials: Credentials | None = None
        self._asked_at = 0.0

    async def sign(self, request: Request) -> Request:
        """With the headers that sign it. Raises Unsigned."""
        return self._signer.signed(request, await self._current())

    async def _current(self) -> Credentials:
        now = time.monotonic()
        if self._credentials is None or now - self._asked_at > KEPT_SECONDS:
            arrived: Credentials = await _arrived(self._provider.get_credentials())
            self._credentials, self._asked_at = arrived, now
        return self._credentials


class S3Signer:
    def __init__(self, region: str, provider: AwsCredentialsProvider) -> None:
        self._common: dict[str, Any] = {
            "algorithm": AwsSigningAlgorithm.V4,
            "credentials_provider": provider,
            "region": region,
            "service": "s3",
            # S3 alone takes a key's path as it is (S3 API reference, signature version 4).
            "use_double_uri_encode": False,
            "should_normalize_uri_path": False,
        }

    async def sign(self, request: Request) -> Request:
        """With the headers that sign it. Raises Unsigned."""
        return await self._signed(
            request,
            signature_type=AwsSignatureType.HTTP_REQUEST_HEADERS,
            signed_body_value=hashlib.sha256(request.body).hexdigest(),
            signed_body_header_type=AwsSignedBodyHeaderType.X_AMZ_CONTENT_SHA_256,
        )

    async def presign(self, request: Request, seconds: int) -> Request:
        """With the signature in the query of its target. Raises Unsigned."""
        return await self._signed(
            request,
            signature_type=AwsSignatureType.HTTP_REQUEST_QUERY_PARAMS,
            signed_body_value=AwsSignedBodyValue.UNSIGNED_PAYLOAD,
            expiration_in_seconds=seconds,
        )

    async def _signed(self, request: Request, **how: Any) -> Request:
        headers = HttpHeaders(list(request.headers))
        unsigned = HttpRequest(request.method, request.target, headers)
        config = AwsSigningConfig(**self._common, **how)
        signed = await _arrived(aws_sign_request(unsigned, config))
        return replace(request, target=signed.path, headers=signed.headers)


async def _arrived(coming: "ThreadFuture[Result]") -> Result:
    """What the runtime sets. Raises Unsigned."""
    try:
        if coming.done():  # credentials were at hand
            return coming.result()
        async with asyncio.timeout(CREDENTIALS_SECONDS):
            # Giving up waiting does not cancel: the runtime would set it all the same.
            return await asyncio.shield(asyncio.wrap_future(coming))
    except AwsCrtError as error:
        raise Unsigned(error.name) from error
    except TimeoutError as error:
        raise Unsigned("credentials did not come in time") from error
