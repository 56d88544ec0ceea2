"""Starts the embedded AWS as `make up` does, for one test session or one test."""

import json
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import httpx
from botocore.config import Config

ROOT = Path(__file__).parents[3]
PYTHON = ROOT / ".venv-aws/bin/python"
REGION = "ap-northeast-2"
ACCOUNT = "123456789012"

HOSTILE_SHELL = {
    "AWS_ACCESS_KEY_ID": "AKIAREALLYREAL000000",
    "AWS_SECRET_ACCESS_KEY": "really-real",
    "AWS_PROFILE": "production",
    "AWS_ENDPOINT_URL": "https://aws.example.invalid",
    "AWS_ENDPOINT_URL_S3": "https://s3.example.invalid",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
    "HTTPS_PROXY": "http://proxy.example.invalid:3128",
    "PYTHONWARNINGS": "error",
    "SECRET_OF_THE_SHELL": "must not be seen",
}
"""What the server is started with, so that every test runs under it."""

Credentials = dict[str, str]

# One for all: each httpx client reads the machine's certificates, 65 ms.
_HTTP = httpx.Client(trust_env=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """A running embedded AWS."""

    state: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.state / "server.log"

    def start(self) -> "Server":
        self.state.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command(self.port, self.state), env=environment(), stdout=log, stderr=log
            )
        deadline = time.monotonic() + 30
        while not self._is_ready():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, f"not ready in 30 s:\n{self.log.read_text()}"
            time.sleep(0.02)
        return self

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End it and return its exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(timeout=20)

    def client(
        self, service: str, credentials: Credentials | None = None, read_timeout: float = 30
    ) -> Any:
        """A boto3 client that never retries, as root or with the credentials of a role."""
        given = credentials or {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        return _client(service, self.url, read_timeout, **given)

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """A plain HTTP request, without a signature."""
        return _HTTP.request(method, f"{self.url}{path}", **options)

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON of `/_cufit/<path>`; fails on an error status."""
        answer = self.request(method, f"/_cufit/{path}", json=body)
        answer.raise_for_status()
        return answer.json()

    def role(self, name: str, *statements: dict[str, Any], service: str = "lambda") -> str:
        """ARN of a new role that may do what `statements` say."""
        iam = self.client("iam")
        trust = {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": f"{service}.amazonaws.com"},
        }
        made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=_policy(trust))
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=_policy(*statements))
        arn: str = made["Role"]["Arn"]
        return arn

    def credentials_of(self, role_arn: str) -> Credentials:
        answer = self.client("sts").assume_role(RoleArn=role_arn, RoleSessionName="test")
        given = answer["Credentials"]
        return {
            "aws_access_key_id": given["AccessKeyId"],
            "aws_secret_access_key": given["SecretAccessKey"],
            "aws_session_token": given["SessionToken"],
        }

    def _is_ready(self) -> bool:
        try:
            return self.request("GET", "/_cufit/health").is_success
        except httpx.TransportError:
            return False


@cache
def _client(service: str, url: str, read_timeout: float, **credentials: str) -> Any:
    """Made once: a client costs 50 ms of reading AWS's models."""
    return boto3.client(  # type: ignore[call-overload]  # any service
        service,
        region_name=REGION,
        endpoint_url=url,
        config=Config(
            retries={"total_max_attempts": 1},
            read_timeout=read_timeout,
            parameter_validation=False,  # the server has to refuse by itself
        ),
        **credentials,
    )


def command(port: int, state: Path) -> list[str]:
    assert PYTHON.exists(), f"{PYTHON} is missing: run `make install`"
    return [str(PYTHON), "-m", "embedded_aws", "--port", str(port), "--state-dir", str(state)]


def environment() -> dict[str, str]:
    return HOSTILE_SHELL | {"PYTHONPATH": str(ROOT / "ops"), "PATH": "/usr/bin:/bin"}


def allow(actions: str | list[str], resources: str | list[str] = "*") -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources}


def _policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
