"""What asyncio's clients do when the network, AWS or the credentials do not play."""

import asyncio
import datetime as dt
import ipaddress
import json
import socket
import ssl
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from awscrt.auth import AwsCredentials, AwsCredentialsProvider
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from cufit_service.adapters.aws import asyncio_connections, aws_signers
from cufit_service.adapters.aws.asyncio_api import DYNAMODB, SQS, AsyncioApi, Protocol
from cufit_service.adapters.aws.asyncio_bucket import AsyncioBucket
from cufit_service.adapters.aws.asyncio_clients import asyncio_clients, bucket_url, endpoint
from cufit_service.adapters.aws.asyncio_connections import Connections, Request
from cufit_service.adapters.aws.aws_signers import ApiSigner, S3Signer, default_credentials
from cufit_service.adapters.aws.sigv4 import PostSigner
from cufit_service.adapters.dynamodb.database import Attr, DynamoDb, put
from cufit_service.domain.errors import ConcurrentChange, Unavailable
from tests.in_memory_aws.settings import REGION
from tests.integration.service.conftest import Moto
from tests.unit.service.signing import private_key

STATIC = AwsCredentialsProvider.new_static("AKID", "secret", "session")

Answer = tuple[int, Any] | bytes | Callable[[], Any]
"""A status and a body; all of it as bytes; or what is done instead, None for hanging up."""


@dataclass
class Aws:
    """Gives its answers in turn, the last one for ever."""

    answers: list[Answer]
    requests: list[dict[str, str]] = field(default_factory=list)
    connections: int = 0
    open: set[asyncio.StreamWriter] = field(default_factory=set)
    readers: list[asyncio.StreamReader] = field(default_factory=list)
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open.add(writer)
        self.readers.append(reader)
        with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
                await reader.readexactly(int(headers.get("content-length", 0)))
                self.requests.append({"line": head[0], **headers})
                if not await self._answered(writer):
                    break
        writer.close()

    async def _answered(self, writer: asyncio.StreamWriter) -> bool:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, bytes):
            writer.write(answer)
            return True
        if callable(answer):
            what = answer()
            if what is None:
                return False
            await what
            return True
        status, said = answer
        body = b"" if status == 204 else json.dumps(said).encode()
        writer.write(b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body))
        return True

    def hang_up(self) -> None:
        for writer in self.open:
            writer.transport.abort()


@asynccontextmanager
async def answering(*answers: Answer, tls: ssl.SSLContext | None = None) -> AsyncIterator[Aws]:
    acting = Aws(list(answers))
    server = await asyncio.start_server(acting.serve, "127.0.0.1", 0, ssl=tls)
    acting.port = server.sockets[0].getsockname()[1]
    try:
        yield acting
    finally:
        server.close()
        acting.hang_up()
        await asyncio.sleep(0.01)


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def api(
    port: int,
    protocol: Protocol = DYNAMODB,
    credentials: AwsCredentialsProvider = STATIC,
    scheme: str = "http",
) -> AsyncioApi:
    connections = Connections(f"{scheme}://127.0.0.1:{port}")
    signer = ApiSigner(protocol.service, REGION, credentials)
    return AsyncioApi(protocol, connections, lambda: signer)


def refusal(code: str) -> dict[str, str]:
    return {"__type": f"com.amazonaws.dynamodb.v20120810#{code}"}


@pytest.mark.parametrize("protocol", [DYNAMODB, SQS])
def test_services_are_spoken_to_as_botocore_does(protocol: Protocol) -> None:
    model = botocore.session.get_session().get_service_model(protocol.service)
    assert (protocol.target_prefix, protocol.json_version) == (
        model.metadata["targetPrefix"],
        model.metadata["jsonVersion"],
    )
    assert protocol.service == model.signing_name


async def test_a_request_says_what_it_is_and_who_asks() -> None:
    async with answering((200, {"Item": {"a": {"S": "한"}}})) as acting:
        found = await api(acting.port)("GetItem", TableName="t", Key={"a": {"S": "한"}})
    assert found == {"Item": {"a": {"S": "한"}}}
    (request,) = acting.requests
    assert request["line"] == "POST / HTTP/1.1"
    assert request["content-type"] == "application/x-amz-json-1.0"
    assert request["x-amz-target"] == "dynamodb_20120810.getitem"
    assert request["x-amz-security-token"] == "session"
    assert f"/{REGION}/dynamodb/aws4_request" in request["authorization"]


@pytest.mark.parametrize(
    "passing",
    [
        (500, refusal("InternalServerError")),
        (503, "not even an object"),
        (400, refusal("ProvisionedThroughputExceededException")),
        (400, refusal("ThrottlingException")),
        lambda: None,
    ],
)
async def test_what_passes_is_asked_once_more(passing: Answer) -> None:
    async with answering(passing, (200, {"done": True})) as acting:
        assert await api(acting.port)("PutItem") == {"done": True}
    assert len(acting.requests) == 2


async def test_what_does_not_pass_is_asked_twice_and_no_more(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with answering((500, refusal("InternalServerError"))) as acting:
        with pytest.raises(Unavailable):
            await api(acting.port)("PutItem")
    assert len(acting.requests) == 2
    assert [record.__dict__["reason"] for record in caplog.records] == ["InternalServerError"]


@pytest.mark.parametrize("code", ["AccessDeniedException", "ValidationException"])
async def test_a_refusal_is_not_argued_with(code: str) -> None:
    async with answering((400, refusal(code))) as acting:
        with pytest.raises(Unavailable):
            await api(acting.port)("PutItem")
    assert len(acting.requests) == 1


async def test_nobody_there_is_unavailable(unused_port: int) -> None:
    with pytest.raises(Unavailable):
        await api(unused_port)("GetItem")


async def test_who_does_not_answer_in_time_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asyncio_connections, "READ_SECONDS", 0.1)
    monkeypatch.setattr(asyncio_connections, "CONNECT_SECONDS", 0.1)
    async with answering(lambda: asyncio.sleep(5), (200, {})) as acting:
        assert await api(acting.port)("GetItem") == {}
        assert acting.connections == 2, "the first may still answer to nobody"


async def test_connections_are_kept() -> None:
    async with answering((200, {})) as acting:
        asks = api(acting.port)
        for _ in range(3):
            await asks("GetItem")
        assert acting.connections == 1


async def test_a_connection_that_was_closed_while_idle_is_not_used() -> None:
    async with answering((200, {})) as acting:
        asks = api(acting.port)
        await asks("GetItem")
        acting.hang_up()
        await asyncio.sleep(0.05)
        await asks("GetItem")
    assert (acting.connections, len(acting.requests)) == (2, 2)


async def test_a_call_that_was_given_up_leaves_nothing_to_the_next() -> None:
    async with answering(lambda: asyncio.sleep(5), (200, {"mine": True})) as acting:
        asks = api(acting.port)
        given_up = asyncio.create_task(asks("GetItem"))
        await asyncio.sleep(0.1)
        given_up.cancel()
        with suppress(asyncio.CancelledError):
            await given_up
        await asyncio.sleep(0.05)
        assert [reader.at_eof() for reader in acting.readers] == [True], "told to stop"
        assert await asks("GetItem") == {"mine": True}


async def test_no_more_connections_than_allowed_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asyncio_connections, "CONNECTIONS", 3)
    async with answering((200, {})) as acting:
        asks = api(acting.port)
        await asyncio.gather(*(asks("GetItem") for _ in range(12)))
    assert acting.connections <= 3
    assert len(acting.requests) == 12


ANSWER = b'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{"done": 1}'


@pytest.mark.parametrize(
    ("answer", "connections"),
    [
        (ANSWER, 1),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n" + ANSWER, 1),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            b'5\r\n{"don\r\n6\r\ne": 1}\r\n0\r\n\r\n',
            1,
        ),
        (ANSWER.replace(b"Content", b"Connection: close\r\nContent"), 2),
        (ANSWER + ANSWER, 2),
    ],
    ids=["with its length", "with a hint before", "in chunks", "with a good-bye", "twice"],
)
async def test_an_answer_is_read_as_http_has_it(answer: bytes, connections: int) -> None:
    """What could not be told from the next answer ends the connection."""
    async with answering(answer) as acting:
        asks = api(acting.port)
        assert await asks("GetItem") == {"done": 1}
        assert await asks("GetItem") == {"done": 1}
        assert (acting.connections, len(acting.requests)) == (connections, 2)


async def test_what_is_no_http_is_no_answer() -> None:
    async with answering(b"220 mail.example ESMTP\r\n", ANSWER) as acting:
        assert await api(acting.port)("GetItem") == {"done": 1}
        assert acting.connections == 2


async def test_what_nobody_asked_for_answers_nothing() -> None:
    async with answering(ANSWER, ANSWER.replace(b"1}", b"2}")) as acting:
        asks = api(acting.port)
        await asks("GetItem")
        for writer in acting.open:
            writer.write(ANSWER.replace(b"1}", b"9}"))
        await asyncio.sleep(0.05)
        assert await asks("GetItem") == {"done": 2}
        assert acting.connections == 2


async def test_half_an_answer_is_none() -> None:
    async def half() -> None:
        for writer in acting.open:
            writer.write(ANSWER[:-1])
            writer.transport.close()

    async with answering(half, ANSWER) as acting:
        assert await api(acting.port)("GetItem") == {"done": 1}
    assert len(acting.requests) == 2


async def test_who_finds_no_place_in_time_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asyncio_connections, "CONNECTIONS", 1)
    monkeypatch.setattr(asyncio_connections, "CONNECT_SECONDS", 0.05)
    monkeypatch.setattr(asyncio_connections, "READ_SECONDS", 0.5)
    async with answering(lambda: asyncio.sleep(5)) as acting:
        connections = Connections(f"http://127.0.0.1:{acting.port}")
        request = Request("POST", "/", [("Host", connections.host)])
        first = asyncio.create_task(connections.exchange(request))
        await asyncio.sleep(0.01)
        with pytest.raises(TimeoutError):
            await connections.exchange(request)
        assert not first.done()
        with pytest.raises(TimeoutError):
            await first
        acting.answers = [ANSWER]
        assert (await connections.exchange(request)).status == 200


# --- signatures -----------------------------------------------------------------------------


def signed_by_botocore(request: Request, keys: Credentials, service: str) -> str:
    """The signature botocore gives to what is already signed."""
    headers = dict(request.headers)
    url = f"https://{headers['Host']}{request.target}"
    del headers["Authorization"]
    again = AWSRequest(request.method, url, headers=headers, data=request.body)
    again.context["timestamp"] = headers["X-Amz-Date"]
    auth = SigV4Auth(keys, service, REGION)
    return str(auth.signature(auth.string_to_sign(again, auth.canonical_request(again)), again))


async def test_a_signature_is_botocores(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also on the next day, and with other credentials."""
    signer = PostSigner("dynamodb", REGION)
    headers = [("Host", "dynamodb.example"), ("X-Amz-Target", "T.A"), ("Content-Type", "x/y ")]
    for day, keys in (
        (1, Credentials("AKID", "secret", "session")),
        (2, Credentials("AKID", "secret", "session")),
        (2, Credentials("OTHER", "other")),
    ):
        now = time.struct_time((2026, 11, day, 23, 59, 59, 0, 0, 0))
        monkeypatch.setattr(time, "gmtime", lambda now=now: now)
        given = AwsCredentials(keys.access_key, keys.secret_key, keys.token)
        signed = signer.signed(Request("POST", "/", headers, "한".encode()), given)
        said = dict(signed.headers)["Authorization"]
        assert f"Credential={keys.access_key}/2026110{day}/{REGION}/dynamodb/aws4_request" in said
        assert said.endswith(f"Signature={signed_by_botocore(signed, keys, 'dynamodb')}")


# --- credentials ----------------------------------------------------------------------------


@pytest.fixture
def no_credentials(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    # Commands of `cufit` that ran before in this process have put away the shell's variables.
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return monkeypatch


def task_credentials(key: str, seconds: int) -> dict[str, str]:
    """As a task's credentials endpoint gives them."""
    end = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)
    return {
        "AccessKeyId": key,
        "SecretAccessKey": "secret",
        "Token": "token",
        "Expiration": end.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


async def test_a_tasks_credentials_are_fetched_once_and_kept(
    no_credentials: pytest.MonkeyPatch,
) -> None:
    async with (
        answering((200, task_credentials("TASK", 3600))) as task,
        answering((200, {})) as acting,
    ):
        uri = f"http://127.0.0.1:{task.port}/v2/credentials/x"
        no_credentials.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri)
        no_credentials.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Bearer of the task")
        asks = api(acting.port, credentials=default_credentials.__wrapped__())
        for _ in range(3):
            await asks("GetItem")
    assert len(task.requests) == 1
    assert task.requests[0]["authorization"] == "bearer of the task"
    assert all("credential=task/" in request["authorization"] for request in acting.requests)
    assert {request["x-amz-security-token"] for request in acting.requests} == {"token"}


async def test_credentials_are_there_before_the_first_call(
    no_credentials: pytest.MonkeyPatch,
) -> None:
    no_credentials.setattr(aws_signers, "default_credentials", default_credentials.__wrapped__)
    async with (
        answering((200, task_credentials("TASK", 3600))) as task,
        answering((200, {})) as acting,
    ):
        uri = f"http://127.0.0.1:{task.port}/v2/credentials/x"
        no_credentials.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri)
        environ = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{acting.port}"}
        clients = asyncio_clients(environ, REGION, "photos", bucket_in_path=True)
        await clients.warm_up()
        assert (len(task.requests), acting.requests) == (1, [])
        await clients.dynamodb("GetItem")
        clients.close()
    assert len(task.requests) == 1


class Counting:
    """Credentials at hand; counts how often the runtime is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def get_credentials(self) -> Any:
        self.asked += 1
        return STATIC.get_credentials()


async def test_the_runtime_is_asked_for_credentials_once_a_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    provider: Any = Counting()
    signer = ApiSigner("dynamodb", REGION, provider)
    for _ in range(5):
        await signer.sign(Request("POST", "/", ()))
    assert provider.asked == 1
    monkeypatch.setattr(aws_signers, "KEPT_SECONDS", 0.0)
    await signer.sign(Request("POST", "/", ()))
    assert provider.asked == 2


async def test_credentials_about_to_end_are_fetched_anew(
    no_credentials: pytest.MonkeyPatch,
) -> None:
    no_credentials.setattr(aws_signers, "KEPT_SECONDS", 0.0)
    first, second = task_credentials("FIRST", 1), task_credentials("SECOND", 3600)
    async with answering((200, first), (200, second)) as task, answering((200, {})) as acting:
        uri = f"http://127.0.0.1:{task.port}/v2/credentials/x"
        no_credentials.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri)
        asks = api(acting.port, credentials=default_credentials.__wrapped__())
        await asks("GetItem")
        await asks("GetItem")
    used = [request["authorization"].split("credential=")[1][:6] for request in acting.requests]
    assert used == ["first/", "second"]


async def test_without_credentials_nothing_is_sent(
    no_credentials: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    provider = default_credentials.__wrapped__()
    async with answering((200, {})) as acting:
        with pytest.raises(Unavailable):
            await api(acting.port, credentials=provider)("GetItem")
        bucket = AsyncioBucket(
            f"http://127.0.0.1:{acting.port}/b", lambda: S3Signer(REGION, provider)
        )
        with pytest.raises(Unavailable):
            await bucket.presigned_get("k", seconds=60, headers={})
        with pytest.raises(Unavailable):
            await bucket.delete("k")
    assert all("CREDENTIALS" in record.__dict__["reason"] for record in caplog.records)
    assert len(caplog.records) >= 3, "each failure says why"
    assert acting.requests == []


async def test_credentials_that_do_not_come_end_the_call(
    no_credentials: pytest.MonkeyPatch,
) -> None:
    no_credentials.setattr(aws_signers, "CREDENTIALS_SECONDS", 0.1)
    async with answering(lambda: asyncio.sleep(5)) as task, answering((200, {})) as acting:
        uri = f"http://127.0.0.1:{task.port}/v2/credentials/x"
        no_credentials.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri)
        with pytest.raises(Unavailable):
            await api(acting.port, credentials=default_credentials.__wrapped__())("GetItem")
    assert acting.requests == []


# --- encryption -----------------------------------------------------------------------------


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's, for 127.0.0.1, signed by an authority of its own in AWS_CA_BUNDLE."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    key, now = private_key(), dt.datetime.now(dt.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = tmp_path / "public.pem", tmp_path / "private.pem"
    public.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(public))
    monkeypatch.setattr(asyncio_connections, "_tls", asyncio_connections._tls.__wrapped__)
    return context


async def test_a_known_authority_is_trusted(certificate: ssl.SSLContext) -> None:
    async with answering((200, {"safe": True}), tls=certificate) as acting:
        assert await api(acting.port, scheme="https")("GetItem") == {"safe": True}


@contextmanager
def handshakes(context: ssl.SSLContext) -> Iterator[tuple[int, list[str]]]:
    """A port, and how each handshake there ended."""
    endings: list[str] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        with suppress(OSError):
            while True:
                caller, _ = listening.accept()
                caller.settimeout(1)
                try:
                    context.wrap_socket(caller, server_side=True).close()
                    endings.append("completed")
                except OSError as error:
                    endings.append(type(error).__name__)
                finally:
                    caller.close()

    accepting = threading.Thread(target=accept)
    accepting.start()
    yield listening.getsockname()[1], endings
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    accepting.join()


async def test_an_unknown_authority_is_not(
    certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_CA_BUNDLE")
    # The runtime tells of a refused certificate late, on purpose: timing would tell why.
    monkeypatch.setattr(asyncio_connections, "READ_SECONDS", 0.1)
    monkeypatch.setattr(asyncio_connections, "CONNECT_SECONDS", 0.2)
    with handshakes(certificate) as (port, endings), pytest.raises(Unavailable):
        await api(port, scheme="https")("GetItem")
    assert endings
    assert "completed" not in endings


# --- what DynamoDB and S3 answer ------------------------------------------------------------


@pytest.mark.parametrize("aws", ["asyncio"], indirect=True)
async def test_a_write_that_was_sent_twice_is_made(aws: Moto) -> None:
    """The second attempt meets what the first one wrote, and knows it for its own."""
    store: DynamoDb = aws.ports.records._dynamodb  # type: ignore[attr-defined]
    new = Attr("id").not_exists()
    await store.write(put("idempotency", {"id": "a", "by": "me"}, new))
    await store.write(put("idempotency", {"id": "a", "by": "me"}, new))
    with pytest.raises(ConcurrentChange):
        await store.write(put("idempotency", {"id": "a", "by": "somebody else"}, new))


async def test_deleting_a_photo_is_tried_twice() -> None:
    async with answering((500, {}), (204, {})) as acting:
        url = f"http://127.0.0.1:{acting.port}/photos"
        bucket = AsyncioBucket(url, lambda: S3Signer(REGION, STATIC))
        await bucket.delete("photos/pho_1.jpg")
        acting.answers = [(403, {})]
        with pytest.raises(Unavailable):
            await bucket.delete("photos/pho_1.jpg")
        bucket.close()
    assert {request["line"] for request in acting.requests} == {
        "DELETE /photos/photos/pho_1.jpg HTTP/1.1"
    }


def test_services_are_where_aws_has_them_unless_the_environment_says_otherwise() -> None:
    assert endpoint({}, "sqs", REGION) == f"https://sqs.{REGION}.amazonaws.com"
    moved = {"AWS_ENDPOINT_URL": "http://localhost:1", "AWS_ENDPOINT_URL_SQS": "http://localhost:2"}
    assert endpoint(moved, "sqs", REGION) == "http://localhost:2"
    assert endpoint(moved, "dynamodb", REGION) == "http://localhost:1"


def test_a_bucket_has_a_host_on_aws_and_a_path_on_a_laptop() -> None:
    assert bucket_url("https://s3.r.amazonaws.com", "b", in_path=False) == (
        "https://b.s3.r.amazonaws.com"
    )
    assert bucket_url("http://localhost:4577", "b", in_path=True) == "http://localhost:4577/b"
