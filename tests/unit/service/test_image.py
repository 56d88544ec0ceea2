"""What the image leaves out is nothing the service needs."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import botocore
import pytest

ROOT = Path(__file__).parents[3]
IMAGE = ROOT / "service" / "cufit_image"

ASK_AWS = """
import asyncio, sys
sys.path.insert(0, sys.argv[1])
import botocore
assert botocore.__file__.startswith(sys.argv[1]), botocore.__file__
from cufit_service.adapters.aws.clients import aws_clients
from cufit_service.domain.errors import Unavailable
async def ask():
    environ = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
    clients = aws_clients(environ, "ap-northeast-2", "photos", bucket_in_path=False)
    await clients.warm_up()
    print(await clients.photos.presigned_get("k", seconds=60, headers={}))
    try:
        await clients.sqs("SendMessage")
    except Unavailable as error:
        print(type(error.__cause__.__cause__).__name__)
    await clients.close()
asyncio.run(ask())
"""


def test_the_client_of_aws_needs_none_of_the_descriptions_the_image_lacks(tmp_path: Path) -> None:
    ignored = shutil.ignore_patterns("data", "__pycache__")
    shutil.copytree(Path(botocore.__file__).parent, tmp_path / "botocore", ignore=ignored)
    task = {
        "AccessKeyId": "a",
        "SecretAccessKey": "b",
        "Token": "c",
        "Expiration": "2099-01-01T00:00:00Z",
    }
    with credentials_endpoint(task) as url:
        environ = {"PATH": os.environ["PATH"], "AWS_CONTAINER_CREDENTIALS_FULL_URI": url}
        asked = subprocess.run(
            [sys.executable, "-c", ASK_AWS, str(tmp_path)],
            env=environ, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert asked.returncode == 0, asked.stderr
    url, failure = asked.stdout.split()
    assert "X-Amz-Credential=a%2F" in url
    assert failure == "ClientConnectorError"


@contextmanager
def credentials_endpoint(task: dict[str, str]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(task).encode())

        def log_message(self, format: str, *args: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.timeout = 20
    serving = threading.Thread(target=server.handle_request)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    serving.join()
    server.server_close()


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
