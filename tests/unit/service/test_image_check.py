"""`make image-check` tells a bad image from a good one; without a builder it says so."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cufit_image import __main__ as command
from cufit_image import checks, container
from cufit_image.builder import Builder
from cufit_image.container import Inside


@dataclass
class Measured:
    """What an image shows while it runs; as it is here, it is a good one."""

    size: int = 30_000_000
    first_answer_seconds: float = 0.5
    user: int = 10001
    rss_kib: int = 60_000
    read_only: bool = True
    installers: list[str] = field(default_factory=list)
    shells: list[str] = field(default_factory=list)
    check_seconds: float = 0.010
    code: int = 0
    seconds: float = 1.0
    imported: tuple[str, ...] = (
        *(f"/app/__pycache__/{number}.pyc" for number in range(120)),
        *(f"/dependencies/{name}/__pycache__/x.pyc" for name in checks.LOADED_LATER),
    )

    def look_inside(self) -> Inside:
        return Inside(self.user, self.rss_kib, self.read_only, self.installers, self.shells)

    def health_check_seconds(self) -> float:
        return self.check_seconds

    def stop(self) -> tuple[int, float]:
        return self.code, self.seconds

    def log(self) -> str:
        return "\n".join(f"# code object from '{source}'" for source in self.imported)


@pytest.mark.parametrize(
    ("image", "missed"),
    [
        (Measured(), []),
        (Measured(size=60_000_000), ["compressed size"]),
        (
            Measured(first_answer_seconds=9),
            ["first 200 at 0.25 vCPU", "first 200 at 1 vCPU"],
        ),
        (Measured(rss_kib=100_000), ["resident memory, idle"]),
        (Measured(check_seconds=0.021), ["health check, of the processor"]),
        (Measured(read_only=False), ["read-only root file system"]),
        (Measured(user=0), ["user id"]),
        (Measured(shells=["/bin/sh"]), ["shells and installers"]),
        (Measured(installers=["pip"]), ["shells and installers"]),
        (Measured(code=137), ["exit code after SIGTERM"]),
        (Measured(seconds=9), ["exit after SIGTERM"]),
        (
            Measured(imported=(*Measured.imported, "/app/a.py")),
            ["modules compiled at the start"],
        ),
        (Measured(imported=Measured.imported[120:]), ["modules imported compiled"]),
        (Measured(imported=Measured.imported[:120]), ["libraries of the first request"]),
    ],
)
def test_each_miss_fails_the_check(
    image: Measured, missed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def running(*_: object, **__: object) -> Iterator[Measured]:
        yield image

    monkeypatch.setattr(checks, "running", running)
    monkeypatch.setattr(checks, "compressed_size", lambda *_: image.size)
    monkeypatch.setattr(checks, "IDLE_SECONDS", 0.0)
    found = checks.check(Builder("podman", "podman"), "image")
    assert [one.name for one in found if not one.passed] == missed


@pytest.mark.parametrize("words", [["build"], ["check"]])
def test_without_a_builder_it_says_that_it_skips(
    words: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    without_engine = tmp_path / "docker"
    without_engine.write_text("#!/bin/sh\nexit 1\n")
    without_engine.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert command.main(words) == 0
    assert "SKIPPED: no container builder answers here" in capsys.readouterr().err

    monkeypatch.setenv("CUFIT_CONTAINER_BUILDER", "docker")
    assert command.main(words) == 1
    assert "CUFIT_CONTAINER_BUILDER = 'docker' does not answer" in capsys.readouterr().err


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
