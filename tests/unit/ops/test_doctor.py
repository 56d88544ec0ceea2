"""`cufit doctor` without an account: this machine, its page, its limits."""

import re
import shutil
import socket
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError

from cufit_ops.cli.output import err
from cufit_ops.doctor import examination, machine
from cufit_ops.doctor.answers import Answer, Verdict, asked, fails, holds, unknown
from cufit_ops.doctor.check import ON_LAPTOP, Check
from cufit_ops.doctor.checks import CHECKS
from cufit_ops.doctor.examination import Wish, answers, examine
from cufit_ops.doctor.report import Asked, NotAsked, Report
from cufit_ops.doctor.subject import Subject
from cufit_ops.laptop.processes import free_port
from cufit_ops.smoke.steps import STEPS
from cufit_ops.workspace import ROOT, Workspace
from stacks.config_files import load_environment

NOW = datetime(2026, 11, 27, tzinfo=UTC)
PAGE = ROOT / "docs/doctor.md"


@pytest.fixture
def laptop(tmp_path: Path) -> Subject:
    """Nothing runs on it."""
    settings = load_environment(ROOT / "tests/fixtures/config/local.toml")
    return Subject(settings, None, Workspace(tmp_path / "state", free_port(), free_port()))


def examined(subject: Subject) -> dict[str, Asked]:
    return {one.id: one for one in examine(subject, Wish())[0]}


def test_before_make_up_a_laptop_is_asked_for_what_it_has(laptop: Subject) -> None:
    found = examined(laptop)
    assert {id_: one.verdict for id_, one in found.items()} == {"laptop": Verdict.HOLDS}


def test_a_port_that_somebody_has_is_told(laptop: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cufit_ops.laptop.processes.PORT_LET_GO_SECONDS", 0)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", laptop.workspace.aws_port))
        taken.listen()
        answer = examined(laptop)["laptop"]
    assert answer.verdict is Verdict.FAILS
    assert f"port {laptop.workspace.aws_port}" in answer.why
    assert "CUFIT_LOCAL_AWS_PORT=" in (answer.mend or "")


def test_a_full_disk_is_told(laptop: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=200e6))
    answer = examined(laptop)["laptop"]
    assert (answer.verdict, "0.2 GB are free" in answer.why) == (Verdict.FAILS, True)


def test_an_embedded_aws_that_hangs_is_told(
    laptop: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its process lives and its port is its own: only an answer tells."""
    monkeypatch.setattr("cufit_ops.laptop.processes.running", lambda *_: "a process")
    answer = examined(laptop)["laptop"]
    assert (answer.verdict, answer.mend) == (Verdict.FAILS, "make down && make up")


@pytest.mark.parametrize("answer", [unknown("denied"), holds("well")])
def test_fix_mends_only_what_is_known_to_fail(
    laptop: Subject, monkeypatch: pytest.MonkeyPatch, answer: Answer
) -> None:
    mended: list[str] = []

    def fix(_: Subject) -> str:
        mended.append("touched")
        return "touched"

    only = Check("one", "one", lambda _: answer, ON_LAPTOP, needs_aws=False, fix=fix)
    monkeypatch.setattr(examination, "CHECKS", (only,))
    examine(laptop, Wish(fix=True))
    assert mended == []


@pytest.mark.parametrize(
    ("shell", "answering", "verdict", "said"),
    [
        ({}, ["docker"], Verdict.HOLDS, "docker"),
        ({"CDK_DOCKER": "podman"}, ["podman"], Verdict.HOLDS, "podman"),
        ({}, ["podman"], Verdict.FAILS, "export CDK_DOCKER=podman"),
        ({}, ["buildah"], Verdict.FAILS, "start docker"),
        ({}, [], Verdict.FAILS, "start docker"),
    ],
)
def test_the_builder_is_the_one_that_the_cdk_takes(
    laptop: Subject,
    monkeypatch: pytest.MonkeyPatch,
    shell: dict[str, str],
    answering: list[str],
    verdict: Verdict,
    said: str,
) -> None:
    monkeypatch.setattr("cufit_image.builder.shutil.which", lambda name, **_: name)
    monkeypatch.setattr("cufit_image.builder._answers", lambda program, _: program in answering)
    monkeypatch.delenv("CDK_DOCKER", raising=False)
    for name, value in shell.items():
        monkeypatch.setenv(name, value)
    dev = load_environment(ROOT / "tests/fixtures/config/dev.toml")
    subject = replace(laptop, settings=dev)
    (builder,) = (check for check in machine.CHECKS if check.id == "builder")
    answer = builder.ask(subject)
    assert (answer.verdict, said in f"{answer.why} {answer.mend}") == (verdict, True)


def hanging(seconds: float, id_: str = "hangs", limit: float = 0.1) -> tuple[Check, object]:
    def question() -> Answer:
        time.sleep(seconds)
        return holds("at last")

    return Check(id_, id_, lambda _: holds(""), seconds=limit), question


def test_a_question_that_hangs_is_unknown_and_keeps_nobody_waiting() -> None:
    started = time.monotonic()
    questions = [hanging(5), hanging(0, "quick", 5), hanging(0.2, "slow", 5)]
    found = answers(questions)  # type: ignore[arg-type]
    assert [(one.id, one.verdict.value, one.why) for one in found] == [
        ("hangs", "unknown", "no answer in 0.1 s"),
        ("quick", "holds", "at last"),
        ("slow", "holds", "at last"),
    ]
    assert time.monotonic() - started < 2


def refused(code: str, message: str = "") -> Answer:
    def question() -> Answer:
        raise ClientError({"Error": {"Code": code, "Message": message}}, "GetThing")

    return asked(question)


def test_a_denial_names_the_action() -> None:
    told = "User: arn:aws:sts::1:assumed-role/x is not authorized to perform: iam:GetRole on …"
    for code in ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation"):
        answer = refused(code, told)
        assert (answer.verdict, "iam:GetRole is denied" in answer.why) == (Verdict.UNKNOWN, True)
        assert "iam:GetRole" in (answer.mend or "")
    assert "GetThing is denied" in refused("AccessDenied").why


def test_trouble_of_aws_is_no_answer() -> None:
    assert refused("ThrottlingException", "slow down").verdict is Verdict.UNKNOWN
    assert asked(lambda: 1 / 0).verdict is Verdict.UNKNOWN  # type: ignore[arg-type,return-value]


def test_ids_are_unique_and_few() -> None:
    ids = [check.id for check in CHECKS]
    assert len(ids) == len(set(ids)) == 20
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", id_) for id_ in ids)


def test_every_question_has_its_answer_on_the_page_in_the_same_order() -> None:
    _, doctor, smoke = re.split(r"^## (?:doctor|smoke)$", PAGE.read_text(), flags=re.MULTILINE)
    for text, wanted in ((doctor, CHECKS), (smoke, STEPS)):
        told = re.findall(r"^### (.+)\n(.+)", text, re.MULTILINE)
        assert [id_ for id_, _ in told] == [one.id for one in wanted]
        assert all(len(answer) > 20 for _, answer in told)


def test_what_is_printed_says_each_reason_once(capsys: pytest.CaptureFixture[str]) -> None:
    checks = [Asked.of("zones", "zones", fails("none", "choose"), 0.1)]
    left_out = [NotAsked(id=id_, why="nothing is deployed yet") for id_ in ("answer", "exports")]
    report = Report.of("cufit.doctor/1", "dev", NOW, checks, left_out, strict=False)
    report.show(err)
    said = capsys.readouterr().err
    assert "not asked, nothing is deployed yet: answer, exports" in said
    assert not report.holds


def test_what_fails_is_shown_beside_what_cannot_be_asked_for_the_same_reason(
    capsys: pytest.CaptureFixture[str],
) -> None:
    checks = [
        Asked.of("health", "health", fails("no address", "--url"), 0.1),
        *(Asked.of(id_, id_, unknown("no address"), 0.1) for id_ in ("upload", "base")),
    ]
    Report.of("cufit.smoke/1", "dev", NOW, checks, strict=False).show(err)
    said = capsys.readouterr().err
    assert "✗ health  no address" in said
    assert "? upload, base: no address" in said
