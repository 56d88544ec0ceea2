"""moto behind HTTP, for the clients moto cannot reach into: AWS's wire format, signatures checked.

Each signature is made again by botocore over what arrived, so a request that AWS would refuse for
its signature is refused here.
"""

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.core.models import botocore_stubber
from requests import Request

REGION = "ap-northeast-2"
_TARGETS = {"DynamoDB_20120810": "dynamodb", "AmazonSQS": "sqs"}
_SIGNED = re.compile(r"SignedHeaders=([^,]+), Signature=(\w+)")

# moto keeps its tables without locks.
_one_at_a_time = threading.Lock()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        target = self.headers.get("X-Amz-Target", "").partition(".")[0]
        service = _TARGETS.get(target, "s3")
        if not self._is_signed(service, body):
            self._send(403, b'{"__type": "InvalidSignatureException"}')
            return
        url = f"https://{service}.{REGION}.amazonaws.com{self.path}"
        request = Request(self.command, url, dict(self.headers.items()), data=body).prepare()
        request.headers["Host"] = f"{service}.{REGION}.amazonaws.com"
        with _one_at_a_time:
            answer: Any = botocore_stubber.process_prepared_request(request)
        status, _, said = answer
        self._send(status, said if isinstance(said, bytes) else said.encode())

    def _is_signed(self, service: str, body: bytes) -> bool:
        found = _SIGNED.search(self.headers.get("Authorization", ""))
        if found is None:
            return False
        names, signature = found.groups()
        request = AWSRequest(
            self.command,
            f"http://{self.headers['Host']}{self.path}",
            headers={name: self.headers[name] for name in names.split(";")},
            data=body,
        )
        request.context["timestamp"] = self.headers["X-Amz-Date"]
        # Those mock_aws puts there, which the clients under test find as well.
        keys = Credentials(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"])
        auth = SigV4Auth(keys, service, REGION)
        text = auth.string_to_sign(request, auth.canonical_request(request))
        return bool(auth.signature(text, request) == signature)

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the tests say what they see."""


@contextmanager
def moto_over_http() -> Iterator[str]:
    """The URL of all services; within mock_aws."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        serving.join()
