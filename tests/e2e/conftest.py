"""One whole system per session, brought up by the command a person runs, from a hostile shell."""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from cufit_ops.local import processes, system
from cufit_ops.local.embedded_aws import NAME as EMBEDDED_AWS
from cufit_ops.local.environment import loopback
from cufit_ops.local.platform.issuer import LocalIssuer
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

    def family(self) -> list[psutil.Process]:
        """Every process of the system, the functions' too."""
        found = []
        for name in (EMBEDDED_AWS, system.PLATFORM):
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


def _logs(state: Path) -> str:
    return "\n".join(
        f"--- {path.name}\n{processes.tail(path, 40)}" for path in sorted(state.glob("logs/*.log"))
    )
