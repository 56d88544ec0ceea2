"""Clients of AWS on the event loop, at the hosts AWS has or the environment names."""

import asyncio
from collections.abc import Callable, Mapping
from functools import cache

from cufit_service.adapters.aws.api import AwsClients
from cufit_service.adapters.aws.asyncio_api import DYNAMODB, SQS, AsyncioApi
from cufit_service.adapters.aws.asyncio_bucket import AsyncioBucket
from cufit_service.adapters.aws.asyncio_connections import Connections, Request
from cufit_service.adapters.aws.signing import Presigner, Signer


def asyncio_clients(
    environ: Mapping[str, str], region: str, bucket: str, *, bucket_in_path: bool
) -> AwsClients:
    """`bucket_in_path` as S3 without a host name per bucket needs it."""

    to_dynamodb, to_sqs = (
        Connections(endpoint(environ, protocol.service, region)) for protocol in (DYNAMODB, SQS)
    )
    dynamodb_signer = _api_signer(DYNAMODB.service, region)
    photos = AsyncioBucket(
        bucket_url(endpoint(environ, "s3", region), bucket, in_path=bucket_in_path),
        _s3_signer(region),
    )

    async def warm_up() -> None:
        # The credentials are one provider's: whatever is signed has them fetched for all.
        signer = await asyncio.to_thread(dynamodb_signer)
        await signer.sign(Request("POST", "/", ()))

    def close() -> None:
        for connections in (to_dynamodb, to_sqs, photos):
            connections.close()

    return AwsClients(
        dynamodb=AsyncioApi(DYNAMODB, to_dynamodb, dynamodb_signer),
        sqs=AsyncioApi(SQS, to_sqs, _api_signer(SQS.service, region)),
        photos=photos,
        warm_up=warm_up,
        close=close,
    )


# Imported with the first signature: loading the Common Runtime and starting its threads were a
# quarter of the instructions before the first answer (docs/performance.md).


def _api_signer(service: str, region: str) -> Callable[[], Signer]:
    @cache
    def signer() -> Signer:
        from cufit_service.adapters.aws.aws_signers import (  # noqa: PLC0415
            ApiSigner,
            default_credentials,
        )

        return ApiSigner(service, region, default_credentials())

    return signer


def _s3_signer(region: str) -> Callable[[], Presigner]:
    @cache
    def signer() -> Presigner:
        from cufit_service.adapters.aws.aws_signers import (  # noqa: PLC0415
            S3Signer,
            default_credentials,
        )

        return S3Signer(region, default_credentials())

    return signer


def endpoint(environ: Mapping[str, str], service: str, region: str) -> str:
    """The URL of a service, moved by the variables boto3 and the CLI know as well."""
    return (
        environ.get(f"AWS_ENDPOINT_URL_{service.upper()}")
        or environ.get("AWS_ENDPOINT_URL")
        or f"https://{service}.{region}.amazonaws.com"
    )


def bucket_url(url: str, bucket: str, *, in_path: bool) -> str:
    scheme, _, host = url.partition("://")
    return f"{url}/{bucket}" if in_path else f"{scheme}://{bucket}.{host}"
