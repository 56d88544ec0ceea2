"""What `cufit smoke` asks: a laptop's front door before a bare service, the embedded AWS behind."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from typer.testing import CliRunner, Result

from cufit_ops.cli import app
from cufit_ops.laptop.platform.http_api import Route
from cufit_ops.laptop.platform.issuer import LocalIssuer
from tests.integration.embedded_aws import functions
from tests.integration.embedded_aws.knowledge import OUTPUTS, Knowledge, document, resources
from tests.integration.embedded_aws.server import Server
from tests.integration.embedded_aws.stacks import Stack
from tests.integration.ops.doctor_patient import Patient, healthy
from tests.unit.ops.opened_door import PAGE, opened

REFUSES = """
    import json

    def handler(event, context):
        assert event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"] == "cufit-smoke"
        wrong = json.loads(event["body"])["contentType"] == "image/svg+xml"
        body = {"code": "content_type_unsupported" if wrong else "internal_error"}
        return {"statusCode": 422, "body": json.dumps(body)}
"""


@dataclass
class Api:
    """A front door in a thread of its own; what the service says to a path may be changed."""

    patient: Patient
    url: str
    says: dict[str, tuple[str, str]] = field(default_factory=dict)

    def smoke(self, *words: str) -> Result:
        arguments = ["smoke", "--env", "dev", "--url", self.url, "--patience", "0", *words]
        return CliRunner().invoke(app, arguments)

    def answers(self, *words: str) -> dict[str, tuple[str, str]]:
        said = self.smoke("--json", *words)
        assert said.exception is None or isinstance(said.exception, SystemExit), said.exception
        checks = json.loads(said.stdout)["checks"]
        return {one["id"]: (one["verdict"], one["why"]) for one in checks}


@contextmanager
def opened_api(patient: Patient, issuer: LocalIssuer, *routes: Route) -> Iterator[Api]:
    started: Future[tuple[int, Callable[[], None]]] = Future()
    api = Api(patient, "")

    async def answer(head: bytes, writer: asyncio.StreamWriter) -> None:
        path = head.split(b" ", 2)[1].decode()
        status, body = api.says.get(path, ("200 OK", "{}"))
        head = f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\n\r\n".encode()
        writer.write(head + body.encode())

    async def serve() -> None:
        ended, loop = asyncio.Event(), asyncio.get_running_loop()

        def end() -> None:
            loop.call_soon_threadsafe(ended.set)

        async with opened(issuer, *routes) as door:
            door.service.answer = answer
            started.set_result((door.port, end))
            await ended.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    port, end = started.result(timeout=20)
    api.url = f"http://127.0.0.1:{port}"
    try:
        yield api
    finally:
        end()
        thread.join(timeout=20)


@contextmanager
def deployed(server: Server, folder: Path) -> Iterator[Patient]:
    """What smoke looks at of an environment, with one document in its knowledge base."""
    base = Stack(server, "cufit-smoke-Knowledge")
    outputs = base.deploy(resources(), OUTPUTS)
    knowledge = Knowledge(server, outputs["KnowledgeBaseId"], outputs["KnowledgeBaseArn"],
                          outputs["DataSourceId"])  # fmt: skip
    knowledge.ingest_and_wait(document("m_one", "{}", gender="MALE"))
    functions.create(server, "smoke-upload", REFUSES, server.role("smoke-upload"))
    named = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "x"}}
    photos = Stack(server, "cufit-smoke-Photos")
    photos.deploy({"Nothing": named}, {"UploadUrlFunctionName": "smoke-upload"})
    patient = Patient(server, folder)
    patient.settings = healthy().model_copy(update={"name": "smoke", "office_hours": None})
    patient.change("web", origins=[PAGE])
    yield patient
    photos.close()
    base.close()
