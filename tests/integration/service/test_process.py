"""The process itself: how it refuses to start, and how it stops."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from cufit_contracts.environment import variable
from cufit_service import health_check
from cufit_service.settings import Settings

REQUIRED = {
    **{name: f"the-{name}" for name, info in Settings.model_fields.items() if info.is_required()},
    "env": "local",
    "oidc_issuer": "https://issuer.example",
    "oidc_audiences": '["the-app"]',
    "admin_subjects": "[]",
}


def _environment(**changes: str | None) -> dict[str, str]:
    wanted: dict[str, str | None] = {
        "AWS_REGION": "ap-northeast-2",
        "PATH": os.environ["PATH"],
        **{variable(name): value for name, value in REQUIRED.items()},
        **changes,
    }
    return {name: value for name, value in wanted.items() if value is not None}


def _run(**changes: str | None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cufit_service"],
        env=_environment(**changes),
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _running(**changes: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    port = _free_port()
    env = _environment(CUFIT_HOST="127.0.0.1", CUFIT_PORT=str(port), **changes)
    process = subprocess.Popen(
        [sys.executable, "-m", "cufit_service"],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and process.poll() is None:
            try:
                httpx.get(f"{url}/health", trust_env=False)
                break
            except httpx.TransportError:
                time.sleep(0.05)
        yield process, url
    finally:
        process.kill()
        process.communicate()


def test_an_empty_environment_is_answered_with_every_missing_name_on_one_line() -> None:
    gone = {variable(name): None for name in REQUIRED}
    refused = _run(**gone)
    assert refused.returncode == 78
    (line,) = refused.stderr.splitlines()
    for name in REQUIRED:
        assert variable(name) in line


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"CUFIT_PORT": "eighty"}, "CUFIT_PORT"),
        ({"CUFIT_ADMIN_SUBJECTS": "not a list"}, "CUFIT_ADMIN_SUBJECTS"),
        ({"CUFIT_ENV": "dev", "CUFIT_OIDC_JWKS_URI": "http://x"}, "CUFIT_OIDC_JWKS_URI"),
        ({"CUFIT_ENV": "prod", "CUFIT_OIDC_ISSUER": "http://x"}, "CUFIT_OIDC_ISSUER"),
        ({"AWS_REGION": None}, "AWS_REGION"),
    ],
)
def test_a_wrong_setting_is_named_and_nothing_starts(
    changes: dict[str, str | None], named: str
) -> None:
    refused = _run(**changes)
    assert refused.returncode == 78
    (line,) = refused.stderr.splitlines()
    assert named in line
    assert "Traceback" not in refused.stdout


STARTED = """
import os, sys, uvicorn
async def look(server):
    print(*sys.modules)
    sys.stdout.flush()
    os._exit(0)
uvicorn.Server.main_loop = look
from cufit_service.__main__ import main
main()
"""


def test_what_the_first_request_needs_is_not_loaded_before_the_first_health_check() -> None:
    """Together they were a third of the start's instructions (docs/performance.md)."""
    started = subprocess.run(
        [sys.executable, "-c", STARTED],
        env=_environment(CUFIT_HOST="127.0.0.1", CUFIT_PORT=str(_free_port())),
        capture_output=True, text=True, timeout=20, check=True,
    )  # fmt: skip
    loaded = {name.partition(".")[0] for name in started.stdout.split()}
    assert "fastapi" in loaded
    assert not loaded & {"aiohttp", "boto3", "botocore", "cryptography", "jwt"}


def test_after_sigterm_it_serves_on_not_ready_and_then_exits_0() -> None:
    with _running(CUFIT_LAME_DUCK_SECONDS="1.0") as (process, url):
        with httpx.Client(base_url=url, trust_env=False) as client:
            assert client.get("/ready").status_code == 200
            process.send_signal(signal.SIGTERM)
            deadline = time.monotonic() + 5
            while client.get("/ready").status_code == 200 and time.monotonic() < deadline:
                time.sleep(0.02)
            draining = client.get("/ready")
            assert (draining.status_code, draining.headers["Connection"]) == (503, "close")
            assert client.get("/health").status_code == 200
        assert process.wait(timeout=10) == 0


def test_the_containers_health_check_sees_whether_it_answers() -> None:
    with _running() as (process, url):
        _, *arguments = health_check.command(int(url.rpartition(":")[2]), answer_seconds=0.2)
        check = [sys.executable, *arguments]
        assert subprocess.run(check, check=False).returncode == 0
        process.send_signal(signal.SIGSTOP)
        frozen = subprocess.run(check, stderr=subprocess.DEVNULL, check=False).returncode
        process.send_signal(signal.SIGCONT)
        assert frozen == 1


def test_a_second_sigterm_ends_the_wait() -> None:
    with _running(CUFIT_LAME_DUCK_SECONDS="60") as (process, url):
        process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        assert httpx.get(f"{url}/ready", trust_env=False).status_code == 503
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def test_a_taken_port_ends_the_process_with_its_reason() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = _run(CUFIT_HOST="127.0.0.1", CUFIT_PORT=str(port))
    assert refused.returncode == 3
    assert "address already in use" in refused.stdout
