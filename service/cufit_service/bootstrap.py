"""The one place that joins adapters to the use cases."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from cufit_contracts.environment import ConfigurationError
from cufit_service.adapters.aws.api import AwsClients
from cufit_service.adapters.aws.clients import aws_clients
from cufit_service.adapters.dynamodb.candidates import DynamoDbCandidates
from cufit_service.adapters.dynamodb.database import DynamoDb
from cufit_service.adapters.dynamodb.invitations import DynamoDbInvitations
from cufit_service.adapters.dynamodb.matches import DynamoDbMatches
from cufit_service.adapters.dynamodb.members import DynamoDbMembers
from cufit_service.adapters.dynamodb.outbox import DynamoDbOutbox
from cufit_service.adapters.dynamodb.photos import DynamoDbPhotos
from cufit_service.adapters.dynamodb.quotas import DynamoDbQuotas
from cufit_service.adapters.dynamodb.recommendations import DynamoDbRecommendations
from cufit_service.adapters.dynamodb.records import DynamoDbRecords
from cufit_service.adapters.s3.photo_files import S3PhotoFiles
from cufit_service.adapters.sqs.queue import SqsQueue
from cufit_service.adapters.system import RandomIds, SystemClock
from cufit_service.adapters.tokens.oidc_tokens import (
    IssuerKeys,
    OidcTokens,
    require_trustworthy_issuer,
)
from cufit_service.application.ports import Clock, Ids, Tokens
from cufit_service.application.use_cases import Ports, UseCases
from cufit_service.settings import LOCAL, Settings


@dataclass(frozen=True, slots=True)
class Service:
    """What entrypoints set in motion.

    `warm_up` fetches what the first request would wait for: the issuer's keys, the task's
    credentials. `renew_keys` is to be called every minute or so: it reads the issuer's keys when
    they are old. `aws` is to be closed after the last use.
    """

    use_cases: UseCases
    tokens: Tokens
    clock: Clock
    ids: Ids
    aws: AwsClients
    warm_up: Callable[[], Awaitable[None]]
    renew_keys: Callable[[], Awaitable[None]]


def build_service(settings: Settings, environ: Mapping[str, str]) -> Service:
    """The service on AWS.

    Raises:
        ConfigurationError: the issuer is not one this environment may trust, or AWS_REGION is
            missing.
    """
    require_trustworthy_issuer(settings.env, settings.oidc_issuer, settings.oidc_jwks_uri)
    # A laptop has one host for all buckets, so there the bucket goes into the path.
    aws = aws_clients(
        environ, region_of(environ), settings.photo_bucket, bucket_in_path=settings.env == LOCAL
    )
    ports = aws_ports(settings, aws)
    keys = IssuerKeys(settings.oidc_issuer, settings.oidc_jwks_uri)

    async def warm_up() -> None:
        await keys.renew()
        await aws.warm_up()

    return Service(
        use_cases=UseCases.on(
            ports,
            admin_subjects=frozenset(settings.admin_subjects),
            daily_recommendations=settings.daily_recommendations,
        ),
        tokens=OidcTokens(settings.oidc_issuer, settings.oidc_audiences, keys),
        clock=ports.clock,
        ids=ports.ids,
        aws=aws,
        warm_up=warm_up,
        renew_keys=keys.renew,
    )


def aws_ports(settings: Settings, aws: AwsClients) -> Ports:
    dynamodb = DynamoDb(aws.dynamodb)
    outbox = settings.outbox_table
    return Ports(
        members=DynamoDbMembers(dynamodb, settings.members_table, outbox),
        invitations=DynamoDbInvitations(
            dynamodb,
            settings.invitations_table,
            settings.members_table,
            settings.candidates_table,
            outbox,
        ),
        candidates=DynamoDbCandidates(
            dynamodb, settings.candidates_table, settings.members_table, outbox
        ),
        recommendations=DynamoDbRecommendations(
            dynamodb, settings.recommendations_table, settings.members_table, outbox
        ),
        matches=DynamoDbMatches(
            dynamodb, settings.matches_table, settings.candidates_table, settings.members_table
        ),
        quotas=DynamoDbQuotas(dynamodb, settings.idempotency_table),
        records=DynamoDbRecords(dynamodb, settings.idempotency_table),
        outbox=DynamoDbOutbox(dynamodb, outbox),
        photos=DynamoDbPhotos(dynamodb, settings.photos_table),
        photo_files=S3PhotoFiles(aws.photos),
        requests=SqsQueue(aws.sqs, settings.match_requests_queue_url),
        changes=SqsQueue(aws.sqs, settings.profile_changes_queue_url),
        ids=RandomIds(),
        clock=SystemClock(),
    )


def region_of(environ: Mapping[str, str]) -> str:
    """The region ECS tells its tasks. Raises ConfigurationError."""
    region = environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION")
    if not region:
        raise ConfigurationError("AWS_REGION: Field required")
    return region
