"""Generated clients upload a photo: they ask for the address, and PUT the file to an S3 that looks
at signature and checksum (the embedded AWS), with the headers of the answer."""

import base64
import hashlib
import importlib
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import boto3
import botocore.auth
import httpx
import pytest

from cufit_contracts.photo_problems import StorageRefusal
from cufit_contracts.photo_sentences import OF_STORAGE
from tests.contract import clients
from tests.contract.edge import Edge, function_is_deployed
from tests.in_memory_aws.settings import BUCKET
from tests.integration.embedded_aws.server import REGION, Server
from tests.unit.service import test_permission_matrix as matrix
from tests.unit.service.signing import token

PICTURE: Final = b"\xff\xd8\xff" + b"a picture" * 1000
SOURCE: Final = Path(__file__).with_name("upload.ts")


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    server = Server(tmp_path_factory.mktemp("storage")).start()
    try:
        s3 = server.client("s3")
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("AWS_ENDPOINT_URL_S3", server.url)
            patch.setattr(boto3, "DEFAULT_SESSION", boto3.Session("test", "test"))
            yield s3
    finally:
        server.stop()


Ask = Callable[[], Any]


@pytest.fixture
async def ask(storage: Any, client: ModuleType) -> Any:
    """Asks as the generated client does; what it makes of the answer."""
    http = await matrix._world()
    asking = client.AuthenticatedClient(
        base_url="http://cufit", token=token("her"), raise_on_unexpected_status=True
    )
    asking.set_async_httpx_client(
        httpx.AsyncClient(
            transport=httpx.ASGITransport(Edge(http)),
            base_url="http://cufit",
            headers={"Authorization": f"Bearer {token('her')}"},
        )
    )
    operation = importlib.import_module(f"{clients.PACKAGE}.api.photos.create_photo")
    models = importlib.import_module(f"{clients.PACKAGE}.models")

    async def ask() -> Any:
        body = models.UploadBody(
            content_type=models.UploadType.IMAGEHEIC,
            content_length=len(PICTURE),
            sha256=base64.b64encode(hashlib.sha256(PICTURE).digest()).decode(),
        )
        answer = await operation.asyncio_detailed(client=asking, body=body)
        assert answer.status_code == 201, answer.content
        return answer.parsed

    with function_is_deployed():
        yield ask


async def test_the_python_client_uploads(ask: Any, storage: Any) -> None:
    issued = await ask()
    assert _put(issued, PICTURE).status_code == 200
    kept = storage.get_object(Bucket=BUCKET, Key=f"incoming/{issued.photo_id}")
    assert kept["Body"].read() == PICTURE
    assert kept["ContentType"] == "image/heic"
    assert issued.limits.bytes_ == 10_485_760


async def test_what_storage_refuses_has_a_sentence(ask: Any) -> None:
    issued = await ask()
    told = {one.code.value: (one.status, one.message) for one in issued.upload.refusals}
    longer = PICTURE + b"more"
    found = [
        _code(_put(issued, PICTURE[:-1] + b"X")),
        _code(_put(issued, longer, {"Content-Length": str(len(longer))})),
        _code(_put(issued, PICTURE, {"Content-Type": "image/svg+xml"})),
    ]
    assert _put(issued, PICTURE).status_code == 200
    found.append(_code(_put(issued, PICTURE)))
    with pytest.MonkeyPatch.context() as patch:
        now = vars(botocore.auth)["get_current_datetime"]
        patch.setattr(
            botocore.auth, "get_current_datetime",
            lambda *given, **named: now(*given, **named) - timedelta(minutes=6),
        )  # fmt: skip
        old = await ask()
    found.append(_code(_put(old, PICTURE)))
    assert found == [
        (400, StorageRefusal.BAD_DIGEST),
        (403, StorageRefusal.SIGNATURE_DOES_NOT_MATCH),
        (403, StorageRefusal.SIGNATURE_DOES_NOT_MATCH),
        (412, StorageRefusal.PRECONDITION_FAILED),
        (403, StorageRefusal.ACCESS_DENIED),
    ]
    for status, code in found:
        assert told[code] == (status, OF_STORAGE[StorageRefusal(code)].korean)


def test_typescript_uploads(types: Path) -> None:
    source = types.with_name("upload.ts")
    source.write_text(SOURCE.read_text())
    clients.compile_typescript(source)
    source.write_text(SOURCE.read_text().replace('"InternalError"', '"InternalErorr"'))
    with pytest.raises(AssertionError, match="InternalErorr"):
        clients.compile_typescript(source)


def _put(issued: Any, data: bytes, changed: dict[str, str] | None = None) -> httpx.Response:
    headers = issued.upload.headers.additional_properties | (changed or {})
    return httpx.put(issued.upload.url, content=data, headers=headers, trust_env=False)


def _code(refused: httpx.Response) -> tuple[int, str]:
    found = re.search(r"<Code>(\w+)</Code>", refused.text)
    assert found, refused.text
    return refused.status_code, found[1]
