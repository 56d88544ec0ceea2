"""The process's client of AWS, at the hosts AWS has or the environment names."""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from cufit_service.adapters.aws.api import AwsClients
from cufit_service.adapters.aws.bucket import S3Bucket
from cufit_service.adapters.aws.json_api import JsonApi

if TYPE_CHECKING:
    from cufit_service.adapters.aws.client import Client


def aws_clients(
    environ: Mapping[str, str], region: str, bucket: str, *, bucket_in_path: bool
) -> AwsClients:
    """`bucket_in_path` as S3 without a host name per bucket needs it."""
    late = LateClient(region)
    bucket_at = bucket_url(endpoint(environ, "s3", region), bucket, in_path=bucket_in_path)
    return AwsClients(
        dynamodb=JsonApi("dynamodb", endpoint(environ, "dynamodb", region), late),
        sqs=JsonApi("sqs", endpoint(environ, "sqs", region), late),
        photos=S3Bucket(bucket_at, late),
        warm_up=late.warm_up,
        close=late.close,
    )


class LateClient:
    """aiohttp and botocore, loaded in a thread when AWS is first asked."""

    def __init__(self, region: str) -> None:
        self._region = region
        self._client: Client | None = None
        self._loading = asyncio.Lock()

    async def __call__(self) -> "Client":
        if self._client is None:
            async with self._loading:
                if self._client is None:
                    client = await asyncio.to_thread(self._loaded)
                    client.connect()
                    self._client = client
        return self._client

    async def warm_up(self) -> None:
        await (await self()).warm_up()

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()

    def _loaded(self) -> "Client":
        from cufit_service.adapters.aws.client import Client  # noqa: PLC0415 - see above

        return Client(self._region)


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
