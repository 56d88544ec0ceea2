"""What commands say when they are stopped, given the wrong kind of path, or answered oddly."""

import sys
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import boto3
import pytest

from cufit_ops import brake, cli, parking
from cufit_ops.cli import delivery, infrastructure, laptop
from cufit_ops.cli import review as reviewing
from cufit_ops.cli.output import Interrupted
from cufit_ops.delivering.rollback import WayBack
from cufit_ops.deployed_environment import Deployed, NotAwsError
from cufit_ops.laptop import system
from cufit_ops.workspace import Workspace


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signal.signal", lambda *_: None)
    for module in (infrastructure, delivery):
        monkeypatch.setattr(module, "refuse_placeholders", lambda *_, **__: None)
        monkeypatch.setattr(module, "on_aws", lambda name: name)
    for module in (infrastructure, reviewing):
        monkeypatch.setattr(module, "tell_placeholders", lambda *_: None)


def cufit(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["cufit", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def interrupt(*_: Any, **__: Any) -> None:
    raise Interrupted


def test_a_deployment_that_is_left_alone_goes_on_by_itself(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(infrastructure, "execute", interrupt)

    assert cufit(monkeypatch, "deploy", "--env", "dev", "--plan", "plan.json") == 130
    assert capsys.readouterr().err == (
        "cufit: stopped; CloudFormation goes on by itself; look with `cufit doctor --env dev`, "
        "then prepare again\n"
    )


def test_any_other_command_goes_on_from_where_it_stopped(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reviewing, "_commit", interrupt)

    assert cufit(monkeypatch, "diff", "--base", "HEAD") == 130
    assert capsys.readouterr().err == (
        "cufit: stopped; nothing is lost, the same command goes on from here\n"
    )


def test_so_does_a_rollback_that_deploys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before that, it has changed nothing and says the usual."""
    deployed = Deployed("dev", boto3.session.Session(region_name="ap-northeast-2"))
    monkeypatch.setattr(delivery, "on_aws", lambda _: deployed)
    monkeypatch.setattr(delivery, "ROOT", tmp_path)
    monkeypatch.setattr(delivery, "known_commit", lambda _: ("c0ffee", "a subject"))
    monkeypatch.setattr(delivery, "git", lambda *_: "config/dev.toml")
    monkeypatch.setattr(delivery, "worktree", lambda _, folder: nullcontext(folder))
    back = WayBack("dev", "c0ffee", "a subject", {}, [])
    monkeypatch.setattr(delivery, "way_back", lambda *_: back)

    for at, said in (("deploy", "CloudFormation goes on"), ("synth", "nothing is lost")):
        monkeypatch.setattr(
            delivery, "_run", lambda _, *words, at=at: interrupt() if at in words else None
        )
        assert cufit(monkeypatch, "rollback", "--env", "dev", "--to", "c0ffee", "--yes") == 130
        assert said in capsys.readouterr().err


@pytest.mark.parametrize("words", [("diff",), ("prepare", "--env", "dev")], ids=" ".join)
def test_a_file_where_a_folder_belongs_is_refused_before_any_work(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reviewing, "build", lambda *_, **__: pytest.fail("work was done"))
    monkeypatch.setattr(
        "cufit_ops.delivering.delivery.prepare", lambda *_: pytest.fail("work was done")
    )
    file = tmp_path / "report.md"
    file.touch()

    assert cufit(monkeypatch, *words, "--output", str(file)) == 2


def test_a_plan_is_named_by_its_folder_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []

    def execute(_: str, file: Path, __: Any) -> list[str]:
        read.append(file)
        return []

    monkeypatch.setattr(infrastructure, "execute", execute)

    for plan in (tmp_path, tmp_path / "plan.json"):
        cufit(monkeypatch, "deploy", "--env", "dev", "--plan", str(plan))

    assert read == [tmp_path / "plan.json"] * 2


def test_a_parked_laptop_is_to_be_unparked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(laptop, "_workspace", lambda: Workspace(tmp_path, 8080, 4577))
    monkeypatch.setattr(system, "platform", lambda _: {"parked": True})
    monkeypatch.setattr(system, "is_ready", lambda _: False)

    assert cufit(monkeypatch, "demo") == 1
    assert "cufit unpark" in capsys.readouterr().err


class Page(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        page = b"<html><body>Log in</body></html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def captive() -> Iterator[Deployed]:
    """An environment behind a network's login page."""
    server = HTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    session = boto3.session.Session(region_name="ap-northeast-2")
    yield Deployed("dev", session, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    server.server_close()


def test_a_page_in_awss_place_is_called_one(captive: Deployed) -> None:
    for ask in (parking.park, brake.read):
        with pytest.raises(NotAwsError, match="wants a login first"):
            ask(captive)


def test_a_slow_aws_is_given_up_within_half_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []

    class Slow(Exception):
        pass

    def client(_: Deployed, service: str, config: Any = None) -> Any:
        made.append(config)
        raise Slow(service)

    monkeypatch.setattr(Deployed, "client", client)
    deployed = Deployed("dev", boto3.session.Session(region_name="ap-northeast-2"))
    for ask in (parking.park, brake.read, lambda d: d.output("Service", "ClusterName")):
        with pytest.raises(Slow):
            ask(deployed)
    for config in made:
        assert config.read_timeout * config.retries["total_max_attempts"] <= 30


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--env", "prd"), "--env prd: there is no such environment; legal are dev, prod"),
        (("--env", "local"), "legal are dev, prod"),
        (("--base", "nowhere"), "--base nowhere: this repository has no such commit"),
        (("--language", "fr"), "--language = 'fr': legal are en, ko"),
    ],
)
def test_diff_refuses_what_is_not_there_before_any_work(
    words: tuple[str, ...],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(reviewing, "build", lambda *_, **__: pytest.fail("work was done"))

    assert cufit(monkeypatch, "diff", "--base", "HEAD", *words) == 2
    assert said in capsys.readouterr().err
