"""What the image leaves out is nothing the service needs."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import botocore
import pytest

ROOT = Path(__file__).parents[3]
TRIM = ROOT / "service" / "image" / "trim_botocore.py"
DOCKERFILE = (ROOT / "service" / "Dockerfile").read_text()

MAKE_CLIENTS = """
import os, sys
sys.path.insert(0, sys.argv[1])
import botocore
assert botocore.__file__.startswith(sys.argv[1]), botocore.__file__
os.environ.update(AWS_ACCESS_KEY_ID="a", AWS_SECRET_ACCESS_KEY="b")
from cufit_service.adapters.boto3_clients import boto3_clients
clients = boto3_clients("ap-northeast-2", "photos", bucket_in_path=False)
import asyncio
print(asyncio.run(clients.photos.presigned_get("k", seconds=60, headers={})))
"""


def _kept() -> list[str]:
    found = re.search(r"trim_botocore\.py \S+ (.+) \\", DOCKERFILE)
    assert found is not None
    return found.group(1).split()


@pytest.fixture
def site_packages(tmp_path: Path) -> Path:
    """A botocore with all that is kept, and something that is not."""
    installed = Path(botocore.__file__).parent
    copy = tmp_path / "botocore"
    shutil.copytree(installed, copy, ignore=shutil.ignore_patterns("data", "__pycache__"))
    (copy / "data").mkdir()
    for entry in (installed / "data").iterdir():
        if entry.is_file():
            shutil.copy(entry, copy / "data")
    for service in (*_kept(), "bedrock-agent", "sns"):
        shutil.copytree(installed / "data" / service, copy / "data" / service)
    return tmp_path


def _trim(site_packages: Path, *services: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(TRIM), str(site_packages), *services]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _make_clients(site_packages: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", MAKE_CLIENTS, str(site_packages)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_every_client_is_made_from_what_is_kept(site_packages: Path) -> None:
    assert _trim(site_packages, *_kept()).returncode == 0
    left = {entry.name for entry in (site_packages / "botocore/data").iterdir() if entry.is_dir()}
    assert left == set(_kept())
    made = _make_clients(site_packages)
    assert made.returncode == 0, made.stderr
    assert made.stdout.startswith("https://")


def test_a_service_left_out_by_mistake_is_noticed(site_packages: Path) -> None:
    kept = [service for service in _kept() if service != "sqs"]
    assert _trim(site_packages, *kept).returncode == 0
    assert "Unknown service: 'sqs'" in _make_clients(site_packages).stderr


def test_keeping_what_does_not_exist_is_refused(site_packages: Path) -> None:
    refused = _trim(site_packages, "dynamo")
    assert refused.returncode != 0
    assert "botocore describes no dynamo" in refused.stderr


def test_the_final_stage_runs_nothing_and_starts_without_a_shell() -> None:
    final = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
    assert "\nRUN " not in final
    assert '\nCMD ["python", "-m", "cufit_service"]' in final
    assert "\nUSER 10001:10001" in final
