"""Signature version 4 by the AWS Common Runtime, which also fetches and refreshes credentials."""

import asyncio
import hashlib
from functools import cache
from typing import Any, Final

from awscrt.auth import (
    AwsCredentialsProvider,
    AwsSignatureType,
    AwsSignedBodyHeaderType,
    AwsSignedBodyValue,
    AwsSigningAlgorithm,
    AwsSigningConfig,
    aws_sign_request,
)
from awscrt.http import HttpRequest

from cufit_service.adapters.crt_connections import arrival, bootstrap

CREDENTIALS_SECONDS: Final = 3.0
"""For the task's credentials endpoint to answer; they are kept and refreshed before they end."""


@cache
def default_credentials() -> AwsCredentialsProvider:
    """Variables, profile, web identity, container, instance: the order the CLI has, too."""
    return AwsCredentialsProvider.new_default_chain(bootstrap())


class CrtSigner:
    def __init__(self, service: str, region: str, credentials: AwsCredentialsProvider) -> None:
        self._common: dict[str, Any] = {
            "algorithm": AwsSigningAlgorithm.V4,
            "credentials_provider": credentials,
            "region": region,
            "service": service,
        }
        if service == "s3":
            # S3 alone takes a key's path as it is (S3 API reference, signature version 4).
            self._common |= {"use_double_uri_encode": False, "should_normalize_uri_path": False}

    async def sign(self, request: HttpRequest, body: bytes = b"") -> None:
        """Add the headers that sign `request`. Raises AwsCrtError, TimeoutError."""
        digest = hashlib.sha256(body).hexdigest()
        await self._sign(
            request,
            signature_type=AwsSignatureType.HTTP_REQUEST_HEADERS,
            signed_body_value=digest,
            signed_body_header_type=AwsSignedBodyHeaderType.X_AMZ_CONTENT_SHA_256,
        )

    async def presign(self, request: HttpRequest, seconds: int) -> None:
        """Put the signature into the query of `request.path`. Raises AwsCrtError, TimeoutError."""
        await self._sign(
            request,
            signature_type=AwsSignatureType.HTTP_REQUEST_QUERY_PARAMS,
            signed_body_value=AwsSignedBodyValue.UNSIGNED_PAYLOAD,
            expiration_in_seconds=seconds,
        )

    async def _sign(self, request: HttpRequest, **how: Any) -> None:
        signed = aws_sign_request(request, AwsSigningConfig(**self._common, **how))
        # With credentials at hand it is done by now, and no other thread was needed.
        if signed.done():
            signed.result()
        else:
            async with asyncio.timeout(CREDENTIALS_SECONDS):
                await arrival(signed)
