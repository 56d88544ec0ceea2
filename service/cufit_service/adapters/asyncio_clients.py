"""Clients of AWS on the event loop, at the hosts AWS has or the environment names."""

from collections.abc import Mapping

from cufit_service.adapters.asyncio_api import DYNAMODB, SQS, AsyncioApi, Protocol
from cufit_service.adapters.asyncio_bucket import AsyncioBucket
from cufit_service.adapters.asyncio_connections import Connections
from cufit_service.adapters.aws_api import AwsClients
from cufit_service.adapters.aws_signers import ApiSigner, S3Signer, default_credentials


def asyncio_clients(
    environ: Mapping[str, str], region: str, bucket: str, *, bucket_in_path: bool
) -> AwsClients:
    """`bucket_in_path` as S3 without a host name per bucket needs it."""
    credentials = default_credentials()

    def api(protocol: Protocol) -> tuple[AsyncioApi, Connections]:
        connections = Connections(endpoint(environ, protocol.service, region))
        signer = ApiSigner(protocol.service, region, credentials)
        return AsyncioApi(protocol, connections, signer), connections

    dynamodb, to_dynamodb = api(DYNAMODB)
    sqs, to_sqs = api(SQS)
    photos = AsyncioBucket(
        bucket_url(endpoint(environ, "s3", region), bucket, in_path=bucket_in_path),
        S3Signer(region, credentials),
    )

    def close() -> None:
        for connections in (to_dynamodb, to_sqs, photos):
            connections.close()

    return AwsClients(dynamodb=dynamodb, sqs=sqs, photos=photos, close=close)


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
