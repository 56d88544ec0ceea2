"""One whole system per session, brought up by the command a person runs, from a hostile shell."""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from cufit_ops.laptop import processes
from cufit_ops.laptop.embedded_aws import NAME as EMBEDDED_AWS
from cufit_ops.laptop.environment import loopback
from cufit_ops.laptop.platform.issuer import LocalIssuer
from cufit_ops.laptop.platform.tasks_left import PLATFORM
from cufit_ops.workspace import ROOT, Workspace

HOSTILE = {
    "AWS_ACCESS_KEY_ID": "AKIAREALLOOKING00000",
    "AWS_SECRET_ACCESS_KEY": "real-looking-secret",
    "AWS_SESSION_TOKEN": "real-looking-session",
    "AWS_PROFILE": "production",
    "AWS_REGION": "us-east-1",
    "AWS_ENDPOINT_URL": "https://aws.example.invalid",
    "AWS_ENDPOINT_URL_S3": "https://s3.example.invalid",
    "AWS_ENDPOINT_URL_DYNAMODB": "https://dynamodb.example.invalid",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
    "CUFIT_OIDC_ISSUER": "https://accounts.example.invalid",
}
"""What a shell with a real account may hold; no process of the local system may get any of it."""


@dataclass
class Running:
    workspace: Workspace
    env: dict[str, str]
    first: dict[str, Any] = field(default_factory=dict)
    """What `cufit up --json` printed."""

    def cufit(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(ROOT / ".venv/bin/cufit"), *arguments],
            env=self.env, capture_output=True, text=True, check=check, timeout=240,
        )  # fmt: skip

    def api(self, name: str) -> httpx.Client:
        token = LocalIssuer.of(self.workspace).token(name)
        return httpx.Client(
            base_url=self.workspace.url,
            headers={"authorization": f"Bearer {token}"},
            timeout=30,
            trust_env=False,
        )

    def ask(self, maker: str, which: int = 0) -> str:
        """Ask as `maker` for one of their candidates; where the answer will be."""
        with self.api(maker) as api:
            seeker = api.get("/v1/candidates").json()["items"][which]
            asked = api.post("/v1/recommendations", json={"candidateId": seeker["candidateId"]})
            assert asked.status_code == 202, asked.text
            return asked.headers["location"]

    def answer(self, maker: str, path: str, until: str | None = None) -> dict[str, Any]:
        """The recommendation at `path` once it has ended, or its timeline says `until`."""
        deadline = time.monotonic() + 100
        with self.api(maker) as api:
            while time.monotonic() < deadline:
                found: dict[str, Any] = api.get(path).json()
                states = [step["state"] for step in found["timeline"]]
                if found["status"] != "PENDING" or until in states:
                    return found
                time.sleep(0.2)
        raise AssertionError(f"{path} is still PENDING: {states}")

    def faults(self, mode: str, times: int | None = None) -> None:
        """What Bedrock's stand-in does wrong from now on, so many times or until told otherwise."""
        httpx.put(
            f"{self.workspace.aws_url}/_cufit/bedrock/faults",
            json={"mode": mode, "times": times},
            trust_env=False,
        ).raise_for_status()

    def family(self) -> list[psutil.Process]:
        """Every process of the system, the functions' too."""
        found = []
        for name in (EMBEDDED_AWS, PLATFORM):
            daemon = processes.running(self.workspace, name)
            process = daemon.process() if daemon else None
            if process is not None:
                found += [process, *process.children(recursive=True)]
        return found


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    state = tmp_path_factory.mktemp("system")
    workspace = Workspace(state, processes.free_port(), processes.free_port())
    env = {name: os.environ[name] for name in os.environ if not name.startswith("AWS_")}
    env |= HOSTILE | {
        "CUFIT_LOCAL_STATE": str(state),
        "CUFIT_LOCAL_PORT": str(workspace.port),
        "CUFIT_LOCAL_AWS_PORT": str(workspace.aws_port),
    }
    made = Running(workspace, env)
    try:
        up = made.cufit("up", "--json", check=False)
        assert up.returncode == 0, f"cufit up failed:\n{up.stderr}\n{_logs(state)}"
        made.first = json.loads(up.stdout)
        yield made
    finally:
        made.cufit("down", check=False)
        loopback().close()
        loopback.cache_clear()


@pytest.fixture(scope="session")
def put_off(running: Running) -> dict[str, Any]:
    """A recommendation of maker-2's that has to wait: it takes as long as much of what is tested
    meanwhile, so it is asked for first and looked at last."""
    running.faults("server_error", times=2)  # as often as one delivery asks
    try:
        return running.answer("maker-2", running.ask("maker-2"), until="DELAYED")
    finally:
        running.faults("none")


def _logs(state: Path) -> str:
    return "\n".join(
        f"--- {path.name}\n{processes.tail(path, 40)}" for path in sorted(state.glob("logs/*.log"))
    )
