"""`make image` and `make image-check` on machines with every kind of builder, and with none.

The builders are scripts that answer as podman and docker do; the service behind them is a server
that says 200.
"""

import gzip
import http.server
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cufit_image import __main__ as command
from cufit_image import checks, container
from cufit_image.build import host_platform
from cufit_image.builder import Builder, BuilderError, extra_options, find_builder

INSIDE = {"user": 10001, "rss_kib": 60_000, "read_only": True, "installers": [], "shells": []}
LOADED_LATER = "\n".join(
    f"# code object from '/dependencies/{name}/__pycache__/x.cpython-313.pyc'"
    for name in checks.LOADED_LATER
)
WITHOUT_THOSE = "\n".join(
    f"# code object from '/m/__pycache__/{n}.cpython-313.pyc'" for n in range(120)
)
COMPILED = f"{WITHOUT_THOSE}\n{LOADED_LATER}"


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder of PATH besides the system's own, where no builder is."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in ("sh", "cat", "echo", "printf"):
        (folder / tool).symlink_to(Path("/bin") / tool)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("CUFIT_CONTAINER_BUILDER", raising=False)
    monkeypatch.delenv("CUFIT_IMAGE_OPTIONS", raising=False)
    return folder


def _script(folder: Path, name: str, *lines: str) -> Path:
    script = folder / name
    script.write_text("\n".join(("#!/bin/sh", *lines)) + "\n")
    script.chmod(0o755)
    return script


@pytest.mark.parametrize("words", [["build"], ["check"]])
def test_without_a_builder_it_says_that_it_skips(
    words: list[str], programs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(words) == 0
    assert "SKIPPED: no container builder answers here" in capsys.readouterr().err


def test_a_docker_without_its_engine_is_passed_over(programs: Path) -> None:
    _script(programs, "docker", "exit 1")
    assert find_builder() is None
    _script(programs, "podman", "exit 0")
    found = find_builder()
    assert found is not None
    assert found.name == "podman"


def test_one_can_be_named(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("docker", "podman"):
        _script(programs, name, "exit 0")
    monkeypatch.setenv("CUFIT_CONTAINER_BUILDER", "podman")
    found = find_builder()
    assert found is not None
    assert found.name == "podman"
    monkeypatch.setenv("CUFIT_CONTAINER_BUILDER", "nerdctl")
    assert find_builder() is None


def test_a_builder_that_runs_nothing_builds_and_skips_the_check(
    programs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _script(programs, "buildah", f'echo "$@" >> {programs}/said')
    assert command.main(["build", "--base", "my-base"]) == 0
    said = (programs / "said").read_text()
    assert "build --build-arg BASE=my-base" in said
    assert f"--platform {host_platform()}" in said
    assert "service/Dockerfile" in said
    assert command.main(["check"]) == 0
    assert "SKIPPED: buildah builds images and does not run them" in capsys.readouterr().err


def test_options_of_the_machine_go_into_the_build(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUFIT_IMAGE_OPTIONS", "-v '/own ca.crt:/ca.crt:ro' --network host")
    assert extra_options() == ["-v", "/own ca.crt:/ca.crt:ro", "--network", "host"]


def test_what_a_builder_says_of_a_failure_is_told(
    programs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _script(programs, "podman", 'case "$1" in info) ;; *) echo "no space" >&2; exit 125 ;; esac')
    assert command.main(["check"]) == 1
    assert "podman" in capsys.readouterr().err
    with pytest.raises(BuilderError, match="podman run ended with 125: no space"):
        Builder(str(programs / "podman"), "podman").call("run")


class _Healthy(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def healthy_port() -> Iterator[int]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Healthy) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.05,))
        serving.start()
        yield server.server_port
        server.shutdown()
        serving.join()


def _podman(folder: Path, *, inside: dict[str, object], log: str = COMPILED, code: int = 0) -> None:
    (folder / "inside.json").write_text(json.dumps(inside))
    (folder / "log").write_text(log)
    (folder / "image").write_bytes(os.urandom(100_000) + bytes(1_000_000))
    _script(
        folder,
        "podman",
        f'echo "$@" >> {folder}/said',
        'case "$1" in',
        f"  exec) cat {folder}/inside.json ;;",
        f"  logs) cat {folder}/log ;;",
        f"  save) cat {folder}/image ;;",
        f"  wait) echo {code} ;;",
        f"  inspect) echo {os.getpid()} ;;",
        "esac",
    )


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch, healthy_port: int) -> None:
    monkeypatch.setattr(checks, "IDLE_SECONDS", 0.0)
    monkeypatch.setattr(container, "free_port", lambda: healthy_port)


def test_a_good_image_passes(
    programs: Path, at_once: None, capsys: pytest.CaptureFixture[str]
) -> None:
    _podman(programs, inside=INSIDE)
    assert command.main(["check", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert all(one["passed"] for one in report["checks"])
    said = (programs / "said").read_text()
    assert "--cpus 0.25 --memory 512m --read-only --cap-drop ALL" in said
    runs, removals = said.count("run --detach"), said.count("rm --force --volumes")
    assert runs == removals == 2 * checks.ROUNDS + 2


@pytest.mark.parametrize(
    ("changes", "missed"),
    [
        ({"inside": INSIDE | {"user": 0}}, "user id"),
        ({"inside": INSIDE | {"rss_kib": 100_000}}, "resident memory, idle"),
        ({"inside": INSIDE | {"read_only": False}}, "read-only root file system"),
        ({"inside": INSIDE | {"installers": ["pip"]}}, "shells and installers"),
        ({"inside": INSIDE | {"shells": ["/bin/sh"]}}, "shells and installers"),
        ({"code": 137}, "exit code after SIGTERM"),
        ({"log": COMPILED + "\n# code object from '/app/a.py'"}, "modules compiled at the start"),
        ({"log": LOADED_LATER}, "modules imported compiled"),
        ({"log": WITHOUT_THOSE}, "libraries of the first request"),
    ],
)
def test_each_miss_fails_the_check(
    changes: dict[str, object],
    missed: str,
    programs: Path,
    at_once: None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _podman(programs, **({"inside": INSIDE} | changes))  # type: ignore[arg-type]
    assert command.main(["check", "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in report["checks"] if not one["passed"]] == [missed]


def test_the_size_is_that_of_the_compressed_image(programs: Path) -> None:
    _podman(programs, inside=INSIDE)
    measured = checks.compressed_size(Builder(str(programs / "podman"), "podman"), "image")
    expected = len(gzip.compress((programs / "image").read_bytes(), 6))
    assert measured == pytest.approx(expected, abs=64)


def test_a_container_that_never_answers_is_told_with_its_log_and_removed(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(container, "START_SECONDS", 0.05)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setattr(container, "free_port", lambda: closed.getsockname()[1])
        _podman(programs, inside=INSIDE, log="cufit_service cannot start: CUFIT_X")
        podman = Builder(str(programs / "podman"), "podman")
        with (
            pytest.raises(BuilderError, match="cannot start: CUFIT_X"),
            container.running(podman, "image", cpus=1, memory="2g"),
        ):
            pass
    assert "rm --force" in (programs / "said").read_text()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="Linux tells when")
def test_a_process_began_when_it_was_started() -> None:
    before = time.monotonic()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as started:
        began = container._beginning(started.pid)
        after = time.monotonic()
        started.communicate(b"\n")
    tick = 1 / os.sysconf("SC_CLK_TCK")
    assert began is not None
    assert before - tick <= began <= after
    assert container._beginning(2**22 + 1) is None, "no process has this number"
