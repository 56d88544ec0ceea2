"""The same ports twice: on the AWS in memory, and on moto over HTTP."""

import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from cufit_service.adapters.aws.clients import LateClient, aws_clients
from cufit_service.adapters.aws.json_api import JsonApi
from cufit_service.adapters.dynamodb.expressions import packed, unpacked
from cufit_service.application.use_cases import Ports
from cufit_service.bootstrap import aws_ports
from cufit_service.settings import Settings
from tests.in_memory_aws.clients import clients
from tests.in_memory_aws.cloud import Cloud
from tests.in_memory_aws.settings import BUCKET, REGION, SETTINGS
from tests.integration.service.rude import Port, request, serving
from tests.integration.service.tables import make_tables
from tests.integration.service.wire import moto_over_http
from tests.unit.service.world import MAKER, OTHER_MAKER

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef


@pytest.fixture(scope="session")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Port]:
    with serving(tmp_path_factory.mktemp("port") / "log") as port:
        yield port


@pytest.fixture
def no_client_is_an_error(port: Port) -> Iterator[None]:
    """Whatever a client did, it is no failure of the service, and does not end it."""
    before = len(port.lines(level="ERROR"))
    yield
    assert not port.lines(level="ERROR")[before:]
    assert b"200 OK" in port.ask(request(b"/health"))


def settings_for(queue_urls: dict[str, str]) -> Settings:
    return SETTINGS.model_copy(
        update={
            "match_requests_queue_url": queue_urls["match-requests"],
            "profile_changes_queue_url": queue_urls["profile-changes"],
        }
    )


@dataclass(frozen=True)
class Moto:
    ports: Ports
    dynamodb: "DynamoDBClient"
    sqs: "SQSClient"
    queue_urls: dict[str, str]

    def empty(self) -> None:
        """Forget every item; in moto itself, since eight scans take longer than most tests."""
        for table in dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables.values():
            table.items.clear()

    def item(self, table: str, **key: str) -> dict[str, Any]:
        """What is stored; raises KeyError where nothing is."""
        found = self.dynamodb.get_item(TableName=table, Key=packed(key))
        return unpacked(found["Item"])

    def put(self, table: str, item: dict[str, Any]) -> None:
        self.dynamodb.put_item(TableName=table, Item=packed(item))

    def received(self, queue: str) -> list["MessageTypeDef"]:
        """What is on a queue, taken off it."""
        url = self.queue_urls[queue]
        messages = self.sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        ).get("Messages", [])
        for message in messages:
            self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return messages


@dataclass(frozen=True)
class Backend:
    """moto with what the stacks make, and the way to it."""

    dynamodb: "DynamoDBClient"
    sqs: "SQSClient"
    queue_urls: dict[str, str]
    url: str

    @asynccontextmanager
    async def asked(self) -> AsyncIterator[Moto]:
        """Empty. Connections belong to one event loop, so they are a test's own."""
        aws = aws_clients({"AWS_ENDPOINT_URL": self.url}, REGION, BUCKET, bucket_in_path=True)
        ports = aws_ports(settings_for(self.queue_urls), aws)
        moto = Moto(ports, self.dynamodb, self.sqs, self.queue_urls)
        moto.empty()
        yield moto
        await aws.close()


Ask = Callable[..., JsonApi]


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKID")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "session")


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
async def ask(keys: None) -> AsyncIterator[Ask]:
    """The client, as it asks a port of this machine."""
    clients: list[LateClient] = []

    def asking(port: int, scheme: str = "http") -> JsonApi:
        clients.append(LateClient(REGION))
        return JsonApi("dynamodb", f"{scheme}://127.0.0.1:{port}", clients[-1])

    yield asking
    for client in clients:
        await client.close()


@pytest.fixture(scope="module")
def backend() -> Iterator[Backend]:
    # Per module: making tables and clients anew for each test takes most of a second.
    location: Any = {"LocationConstraint": REGION}
    with mock_aws(), moto_over_http() as url:
        dynamodb = boto3.client("dynamodb", region_name=REGION)
        sqs = boto3.client("sqs", region_name=REGION)
        make_tables(dynamodb)
        s3 = boto3.client("s3", region_name=REGION)
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=location)
        urls = {
            name: sqs.create_queue(QueueName=name)["QueueUrl"]
            for name in ("match-requests", "profile-changes")
        }
        yield Backend(dynamodb, sqs, urls, url)


@pytest.fixture
async def aws(backend: Backend) -> AsyncIterator[Moto]:
    async with backend.asked() as moto:
        await _have_makers(moto.ports)
        yield moto


@pytest.fixture(params=["in memory", "moto"])
async def ports(request: pytest.FixtureRequest) -> AsyncIterator[Ports]:
    if request.param == "in memory":
        in_memory = aws_ports(SETTINGS, clients(Cloud(time.time).call))
        await _have_makers(in_memory)
        yield in_memory
        return
    backend: Backend = request.getfixturevalue("backend")
    async with backend.asked() as moto:
        await _have_makers(moto.ports)
        yield moto.ports


async def _have_makers(ports: Ports) -> None:
    for maker in (MAKER, OTHER_MAKER):
        await ports.members.welcome(maker)
