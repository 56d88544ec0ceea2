"""What the image leaves out is nothing the service needs."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import botocore
import pytest

ROOT = Path(__file__).parents[3]
IMAGE = ROOT / "service" / "cufit_image"
TRIM = IMAGE / "trim_botocore.py"
DOCKERFILE = (ROOT / "service" / "Dockerfile").read_text()

MAKE_CLIENTS = """
import os, sys
sys.path.insert(0, sys.argv[1])
import botocore
assert botocore.__file__.startswith(sys.argv[1]), botocore.__file__
os.environ.update(AWS_ACCESS_KEY_ID="a", AWS_SECRET_ACCESS_KEY="b")
from cufit_service.adapters.aws.boto3_clients import boto3_clients
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


class Root:
    """A made-up root file system; what readelf says of a file is its content."""

    def __init__(self, folder: Path) -> None:
        self.source = folder / "source"
        self.target = folder / "target"
        self.packages = folder / "packages"
        self.interpreter = Path(os.path.realpath(sys.executable)).relative_to("/")
        self.stdlib = Path(sysconfig.get_path("stdlib")).relative_to("/")

    def build(self) -> None:
        loader = "[Requesting program interpreter: /lib64/ld-linux.so.2]"
        self.file(self.interpreter, f"{loader}\n (NEEDED) Shared library: [libc.so.6]")
        self.file(self.stdlib / "os.py")
        for unused in ("test/big.py", "ensurepip/pip.py", "site-packages/pip/pip.py"):
            self.file(self.stdlib / unused)
        self.file(self.stdlib / "lib-dynload/_ssl.so", " (NEEDED) Shared library: [libssl.so.3]")
        self.file(self.stdlib / "lib-dynload/_dbm.so", " (NEEDED) Shared library: [libdb.so]")
        self.library("libssl.so.3", "libcrypto.so.3")
        for name in ("libcrypto.so.3", "libc.so.6", "libdl.so.2", "libdb.so", "libunused.so"):
            self.library(name)
        for name in ("libpthread.so.0", "librt.so.1", "ld-linux.so.2"):
            self.library(name)
        for link in ("lib", "lib64"):
            (self.source / link).symlink_to(f"usr/{link}")
        self.file(Path("usr/lib64/ld-linux.so.2"))
        self.file(Path("usr/bin/sh"))
        self.file(Path("etc/ssl/certs/ca-certificates.crt"))
        self.packages.mkdir()

    def library(self, name: str, *needs: str) -> None:
        said = "\n".join(f" (NEEDED) Shared library: [{need}]" for need in needs)
        self.file(Path("usr/lib/x86_64-linux-gnu") / name, said)

    def file(self, name: Path, content: str = "") -> None:
        (self.source / name).parent.mkdir(parents=True, exist_ok=True)
        (self.source / name).write_text(content + "\n")

    def copy(self) -> set[str]:
        """Paths of the files copied."""
        command = [sys.executable, str(IMAGE / "runtime_root.py")]
        places = (self.source, self.target, self.packages)
        subprocess.run([*command, *map(str, places)], check=True, capture_output=True, text=True)
        return {
            str(path.relative_to(self.target))
            for path in self.target.rglob("*")
            if path.is_file() and not path.is_symlink()
        }


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Root:
    readelf = tmp_path / "bin" / "readelf"
    readelf.parent.mkdir()
    readelf.write_text('#!/bin/sh\nshift 3\nexec cat "$@"\n')
    readelf.chmod(0o755)
    monkeypatch.setenv("PATH", f"{readelf.parent}:{os.environ['PATH']}")
    made = Root(tmp_path)
    made.build()
    return made


def test_the_root_holds_python_and_what_it_loads(root: Root) -> None:
    (root.packages / "fast.so").write_text(" (NEEDED) Shared library: [libfast.so]")
    root.library("libfast.so", "libc.so.6")
    libraries = "usr/lib/x86_64-linux-gnu"
    assert root.copy() == {
        str(root.interpreter),
        str(root.stdlib / "os.py"),
        str(root.stdlib / "lib-dynload/_ssl.so"),
        *(f"{libraries}/{name}" for name in ("libssl.so.3", "libcrypto.so.3", "libc.so.6")),
        # Asked for by wheels' names alone.
        *(f"{libraries}/{name}" for name in ("libpthread.so.0", "librt.so.1", "libdl.so.2")),
        f"{libraries}/libfast.so",
        f"{libraries}/ld-linux.so.2",
        "usr/lib64/ld-linux.so.2",
        "etc/ssl/certs/ca-certificates.crt",
        "etc/passwd",
        "etc/group",
    }
    assert (root.target / "lib").readlink() == Path("usr/lib")
    assert (root.target / root.interpreter).with_name("python").resolve().exists()
    assert (root.target / "tmp").stat().st_mode & 0o7777 == 0o1777


def test_a_library_the_base_does_not_have_is_told(root: Root) -> None:
    (root.packages / "odd.so").write_text(" (NEEDED) Shared library: [libodd.so.1]")
    with pytest.raises(subprocess.CalledProcessError) as failed:
        root.copy()
    assert "no libodd.so.1 in" in failed.value.stderr
