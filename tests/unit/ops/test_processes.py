"""Background processes are found by id and start time, and leave nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from cufit_ops import cli
from cufit_ops.laptop import processes
from cufit_ops.laptop.platform.issuer import LocalIssuer
from cufit_ops.laptop.system import exclusive, forget
from cufit_ops.workspace import Workspace, WorkspaceError

ENV = {"PATH": os.environ["PATH"]}
SLEEPS = [sys.executable, "-c", "import time; time.sleep(60)"]
IGNORES_SIGTERM_WITH_CHILD = [
    sys.executable,
    "-c",
    "import signal, subprocess, sys, time\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
    "print('up', flush=True)\n"
    "time.sleep(60)",
]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path / "state", port=1, aws_port=2)
    made.make_folders()
    return made


def test_a_started_process_is_found_and_stopped(workspace: Workspace) -> None:
    daemon = processes.start(workspace, "sleeper", SLEEPS, ENV)
    assert processes.running(workspace, "sleeper") == daemon
    assert processes.stop(workspace, "sleeper", seconds=5)
    assert not psutil.pid_exists(daemon.pid) or daemon.process() is None
    assert processes.running(workspace, "sleeper") is None
    assert not processes.stop(workspace, "sleeper")


def test_a_daemon_holds_nothing_that_its_starter_has_open(workspace: Workspace) -> None:
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)  # as a shell's `flock FILE cufit up` leaves its lock
    processes.start(workspace, "sleeper", SLEEPS, ENV)
    os.close(writing)
    os.set_blocking(reading, False)
    try:
        assert os.read(reading, 1) == b""  # its end: nobody has the other side
    finally:
        os.close(reading)
        processes.stop(workspace, "sleeper", seconds=5)


def test_stop_leaves_no_child_of_a_stubborn_process(workspace: Workspace) -> None:
    daemon = processes.start(workspace, "stubborn", IGNORES_SIGTERM_WITH_CHILD, ENV)
    log = processes.log_file(workspace, "stubborn")
    processes.wait_until(lambda: "up" in processes.tail(log), daemon, workspace, seconds=10)
    process = daemon.process()
    assert process is not None
    family = [process, *process.children(recursive=True)]
    assert len(family) == 2
    processes.stop(workspace, "stubborn", seconds=0.2)
    assert all(processes.has_ended(member) for member in family)


def test_another_process_with_the_recorded_id_is_not_ours(workspace: Workspace) -> None:
    mine = processes.Daemon("old", os.getpid(), created=0.0)
    processes.record(workspace, "old").write_text(
        f'{{"name": "old", "pid": {mine.pid}, "created": {mine.created}}}'
    )
    assert processes.running(workspace, "old") is None
    assert not processes.stop(workspace, "old")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": 1}'])
def test_a_broken_record_is_no_process(workspace: Workspace, content: str) -> None:
    processes.record(workspace, "broken").write_text(content)
    assert processes.running(workspace, "broken") is None


def test_a_process_that_ends_at_once_is_quoted(workspace: Workspace) -> None:
    daemon = processes.start(
        workspace, "short", [sys.executable, "-c", "raise SystemExit('no key')"], ENV
    )
    with pytest.raises(processes.ProcessError, match=r"short ended at its start.*\n.*no key"):
        processes.wait_until(lambda: False, daemon, workspace, seconds=10)


def test_git_ignores_a_state_folder_wherever_it_is(tmp_path: Path) -> None:
    subprocess.run(["/usr/bin/env", "git", "init", "-q", str(tmp_path)], check=True)
    workspace = Workspace(tmp_path / "second", port=1, aws_port=2)
    workspace.make_folders()
    LocalIssuer.of(workspace).jwks()
    forget(workspace)
    seen = subprocess.run(
        ["/usr/bin/env", "git", "status", "--porcelain"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert not seen.stdout


def test_an_unwritable_state_folder_is_named(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    with pytest.raises(WorkspaceError, match=r"cannot write .*file/state.*CUFIT_LOCAL_STATE"):
        Workspace(in_the_way / "state", 1, 2).make_folders()


@pytest.fixture
def up(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[], tuple[object, str]]:
    """`cufit up`: its exit code, and what it says."""
    monkeypatch.setattr(sys, "argv", ["cufit", "up"])
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(cli.laptop, "_workspace", lambda: workspace)

    def call() -> tuple[object, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return ended.value.code, " ".join(capsys.readouterr().err.split())

    return call


def test_a_taken_port_is_named_with_the_way_out(
    workspace: Workspace, up: Callable[[], tuple[object, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(cli.laptop, "_workspace", lambda: replace(workspace, port=port))
        code, said = up()
    assert code == 1
    assert f"port {port} for the front door is taken by process {os.getpid()} (" in said
    assert f"CUFIT_LOCAL_PORT={port + 10} make up" in said
    processes.check_port(port, "CUFIT_LOCAL_PORT", "front door")


def test_a_second_command_beside_the_first_is_refused(
    workspace: Workspace, up: Callable[[], tuple[object, str]]
) -> None:
    with exclusive(workspace):
        code, said = up()
    assert code == 3
    assert f"process {os.getpid()}" in said
    with exclusive(workspace):
        pass


def test_a_port_that_is_let_go_in_a_moment_is_free() -> None:
    taken = socket.create_server(("127.0.0.1", 0))
    port = taken.getsockname()[1]
    later = threading.Timer(0.2, taken.close)
    later.start()
    processes.check_port(port, "CUFIT_LOCAL_PORT", "front door")
    later.join()
