"""The same ports twice: in memory, and as the AWS adapters on moto."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
import pytest
from cufit_service.application.use_cases import Ports
from cufit_service.bootstrap import aws_ports
from cufit_service.settings import Settings
from moto import mock_aws

from tests.integration.service.tables import TABLES, make_tables
from tests.unit.service.world import World

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

REGION = "ap-northeast-2"
BUCKET = "photos-bucket"


def settings_for(queue_urls: dict[str, str]) -> Settings:
    return Settings(
        env="dev",
        **{f"{table}_table": table for table in TABLES},
        photo_bucket=BUCKET,
        match_requests_queue_url=queue_urls["match-requests"],
        profile_changes_queue_url=queue_urls["profile-changes"],
        oidc_issuer="https://issuer.example",
        oidc_audience="cufit",
        admin_subjects=[],
    )


@dataclass(frozen=True)
class Moto:
    ports: Ports
    dynamodb: "DynamoDBClient"
    sqs: "SQSClient"
    queue_urls: dict[str, str]

    def empty(self) -> None:
        """Forget every item."""
        for table, (key, _) in TABLES.items():
            for item in self.dynamodb.scan(TableName=table)["Items"]:
                self.dynamodb.delete_item(TableName=table, Key={key: item[key]})

    def received(self, queue: str) -> list["MessageTypeDef"]:
        """What is on a queue, taken off it."""
        url = self.queue_urls[queue]
        messages = self.sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        ).get("Messages", [])
        for message in messages:
            self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return messages


@pytest.fixture(scope="module")
def moto_backend() -> Iterator[Moto]:
    # Per module: making tables and clients anew for each test takes most of a second.
    with mock_aws(), ThreadPoolExecutor(1) as one_thread:
        dynamodb = boto3.client("dynamodb", region_name=REGION)
        sqs = boto3.client("sqs", region_name=REGION)
        make_tables(dynamodb)
        urls = {
            name: sqs.create_queue(QueueName=name)["QueueUrl"]
            for name in ("match-requests", "profile-changes")
        }
        yield Moto(aws_ports(settings_for(urls), REGION, one_thread), dynamodb, sqs, urls)


@pytest.fixture
def aws(moto_backend: Moto) -> Moto:
    moto_backend.empty()
    return moto_backend


@pytest.fixture(params=["in_memory", "aws"])
def ports(request: pytest.FixtureRequest) -> Ports:
    if request.param == "in_memory":
        return World().ports
    moto: Moto = request.getfixturevalue("aws")
    return moto.ports
