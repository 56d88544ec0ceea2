"""Functions made of a few lines, for contract tests."""

import io
import json
import textwrap
import zipfile
from typing import Any

from tests.integration.embedded_aws.server import Server

RUNTIME = "python3.14"


def create(server: Server, name: str, code: str, role: str, **settings: Any) -> None:
    """Function `name` whose bundle is `app.py` with `code`."""
    server.client("lambda").create_function(
        FunctionName=name,
        Runtime=RUNTIME,
        Handler="app.handler",
        Role=role,
        Code={"ZipFile": bundle({"app.py": code})},
        Timeout=10,
        **settings,
    )


def bundle(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, textwrap.dedent(content))
    return buffer.getvalue()


def invoke(server: Server, name: str, event: Any = None) -> Any:
    """What the function returned; fails when it raised."""
    answer = server.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event))
    payload = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, payload
    return payload


def error_of(server: Server, name: str) -> str:
    """The message of the error the function ends with."""
    answer = server.client("lambda").invoke(FunctionName=name, Payload=b"{}")
    payload = json.loads(answer["Payload"].read())
    assert "FunctionError" in answer, payload
    message: str = payload["errorMessage"]
    return message
