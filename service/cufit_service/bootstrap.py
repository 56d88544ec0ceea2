"""The one place that joins adapters to the use cases."""

from collections.abc import Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

import boto3
from botocore.config import Config
from cufit_contracts.environment import ConfigurationError

from cufit_service.adapters.aws_clients import CLIENT_CONFIG, aws_threads
from cufit_service.adapters.dynamodb import DynamoDb
from cufit_service.adapters.dynamodb_candidates import DynamoDbCandidates
from cufit_service.adapters.dynamodb_invitations import DynamoDbInvitations
from cufit_service.adapters.dynamodb_matches import DynamoDbMatches
from cufit_service.adapters.dynamodb_members import DynamoDbMembers
from cufit_service.adapters.dynamodb_outbox import DynamoDbOutbox
from cufit_service.adapters.dynamodb_photos import DynamoDbPhotos
from cufit_service.adapters.dynamodb_recommendations import DynamoDbRecommendations
from cufit_service.adapters.dynamodb_records import DynamoDbRecords
from cufit_service.adapters.oidc_tokens import IssuerKeys, OidcTokens, require_trustworthy_issuer
from cufit_service.adapters.s3_photo_files import S3PhotoFiles
from cufit_service.adapters.s3_photo_links import S3PhotoLinks
from cufit_service.adapters.sqs import SqsQueue
from cufit_service.adapters.sqs_profile_changes import SqsProfileChanges
from cufit_service.adapters.sqs_recommendation_requests import SqsRecommendationRequests
from cufit_service.adapters.system import RandomIds, SystemClock
from cufit_service.application.ports import Clock, Ids, Tokens
from cufit_service.application.use_cases import Ports, UseCases
from cufit_service.settings import LOCAL, Settings


def photo_signing(environment: str) -> Config:
    """Signs for the regional host `BUCKET.s3.REGION…`; botocore's default, the global, redirects.

    A laptop has one host for all buckets, so there the bucket goes into the path.
    """
    style: Literal["path", "virtual"] = "path" if environment == LOCAL else "virtual"
    return Config(signature_version="s3v4", s3={"addressing_style": style})


@dataclass(frozen=True, slots=True)
class Service:
    """What entrypoints set in motion; `threads` are to be shut down after the last use."""

    use_cases: UseCases
    tokens: Tokens
    clock: Clock
    ids: Ids
    threads: ThreadPoolExecutor


def build_service(settings: Settings, region: str) -> Service:
    """The service on AWS.

    Raises:
        ConfigurationError: the issuer is not one this environment may trust.
    """
    require_trustworthy_issuer(settings.env, settings.oidc_issuer, settings.oidc_jwks_uri)
    threads = aws_threads()
    ports = aws_ports(settings, region, threads)
    keys = IssuerKeys(settings.oidc_issuer, settings.oidc_jwks_uri)
    return Service(
        use_cases=UseCases.on(ports, admin_subjects=frozenset(settings.admin_subjects)),
        tokens=OidcTokens(settings.oidc_issuer, settings.oidc_audience, keys),
        clock=ports.clock,
        ids=ports.ids,
        threads=threads,
    )


def aws_ports(settings: Settings, region: str, threads: Executor) -> Ports:
    session = boto3.Session(region_name=region)
    dynamodb = DynamoDb(session.client("dynamodb", config=CLIENT_CONFIG), threads)
    sqs = session.client("sqs", config=CLIENT_CONFIG)
    s3 = session.client("s3", config=CLIENT_CONFIG.merge(photo_signing(settings.env)))
    outbox = settings.outbox_table
    return Ports(
        members=DynamoDbMembers(dynamodb, settings.members_table, outbox),
        invitations=DynamoDbInvitations(
            dynamodb, settings.invitations_table, settings.members_table
        ),
        candidates=DynamoDbCandidates(
            dynamodb, settings.candidates_table, settings.members_table, outbox
        ),
        recommendations=DynamoDbRecommendations(dynamodb, settings.recommendations_table, outbox),
        matches=DynamoDbMatches(dynamodb, settings.matches_table, settings.candidates_table),
        records=DynamoDbRecords(dynamodb, settings.idempotency_table),
        outbox=DynamoDbOutbox(dynamodb, outbox),
        photos=DynamoDbPhotos(dynamodb, settings.photos_table),
        photo_links=S3PhotoLinks(s3, threads, settings.photo_bucket),
        photo_files=S3PhotoFiles(s3, threads, settings.photo_bucket),
        requests=SqsRecommendationRequests(
            SqsQueue(sqs, threads, settings.match_requests_queue_url)
        ),
        changes=SqsProfileChanges(SqsQueue(sqs, threads, settings.profile_changes_queue_url)),
        ids=RandomIds(),
        clock=SystemClock(),
    )


def region_of(environ: Mapping[str, str]) -> str:
    """The region ECS tells its tasks. Raises ConfigurationError."""
    region = environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION")
    if not region:
        raise ConfigurationError("AWS_REGION: Field required")
    return region
