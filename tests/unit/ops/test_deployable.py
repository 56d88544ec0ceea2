"""`cufit bootstrap` and `deploy` refuse what is nobody's; `synth` and `diff` say it and go on."""

import json
import sys
from functools import partial
from pathlib import Path

import pytest

from cufit_ops import cli
from cufit_ops.cli import deployable, infrastructure
from cufit_ops.cli import review as reviewing
from stacks.config_files import load_environments
from tests.unit.ops.review.versions import version

FIXTURES = Path(__file__).parents[2] / "fixtures/config"
"""As config/ comes, before anybody has filled it in."""
OF_DEV = """\
  auth.audiences = ['kakao-rest-api-key', 'kakao-native-app-key']: keys of a Kakao app are 32 \
digits of 0-9 and a-f, unlike 'kakao-rest-api-key' and 'kakao-native-app-key'; put the REST API \
key (web) or the native app key (mobile SDKs) there, or both: developers.kakao.com, your app, \
app keys
  alarms.email = 'cufit-dev@cufit.example': at a domain reserved for examples (RFC 2606), where \
nobody reads mail; put the address of who is to hear alarms there, or leave it out and set \
webhook_parameter
  delivery.github_repository = 'cufit/cufit': whoever owns that repository could deploy into your \
account; put your own owner/name there, or leave [delivery] out
"""


@pytest.fixture(autouse=True)
def run_programs(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The CDK's command lines, in place of running them."""
    ran: list[list[str]] = []
    monkeypatch.setattr(deployable, "load_environments", partial(load_environments, FIXTURES))
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr("os.execve", lambda _, words, __: ran.append(words))
    monkeypatch.setattr(infrastructure, "cdk", lambda *words, **_: ran.append(list(words)))
    return ran


def cufit(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["cufit", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


@pytest.mark.parametrize("command", ["bootstrap", "deploy"])
def test_the_files_as_they_come_are_refused_with_what_to_put_there(
    command: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    run_programs: list[list[str]],
) -> None:
    assert cufit(monkeypatch, command, "--env", "dev") == 2

    assert capsys.readouterr().err == (
        f"cufit: config/dev.toml holds values that are nobody's; put yours there:\n{OF_DEV}"
    )
    assert run_programs == []


@pytest.mark.parametrize("command", ["bootstrap", "deploy"])
def test_an_environment_of_ones_own_is_deployed(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run_programs: list[list[str]]
) -> None:
    text = (FIXTURES / "dev.toml").read_text().partition("[delivery]")[0]
    text = text.replace("cufit.example", "cufit.kr").replace("nova-lite-v1:0", "nova-lite-v9:0")
    keys = '"kakao-rest-api-key", "kakao-native-app-key"'
    (tmp_path / "dev.toml").write_text(text.replace(keys, f'"{"0a" * 16}"'))
    monkeypatch.setattr(deployable, "load_environments", partial(load_environments, tmp_path))

    assert cufit(monkeypatch, command, "--env", "dev") == 2  # the model is not listed
    assert cufit(monkeypatch, command, "--env", "dev", "--allow-unknown-model") == 0

    assert [words[2] for words in run_programs] == [command]


def test_synth_says_it_and_goes_on(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    run_programs: list[list[str]],
) -> None:
    assert cufit(monkeypatch, "synth", "--env", "dev") == 0

    said = capsys.readouterr().err.splitlines()
    warnings = [line for line in said if line.startswith("not to be deployed: ")]
    prefix = "not to be deployed: config/dev.toml: "
    assert warnings == [prefix + sentence.strip() for sentence in OF_DEV.splitlines()]
    assert [words[0] for words in run_programs] == ["synth"]


def test_diff_says_it_beside_its_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reviewing, "build", lambda _, output, **__: version(output, prod={}))
    monkeypatch.setattr(reviewing, "build_base", lambda _, output, __: version(output, prod={}))

    assert cufit(monkeypatch, "diff", "--base", "HEAD", "--json") == 0

    said = capsys.readouterr()
    assert json.loads(said.out)["environments"] == ["prod"]
    assert "config/prod.toml: web.origins = ['https://cufit.example']" in said.err
    assert "config/local.toml" not in said.err


def test_what_is_illegal_is_told_before_the_cdk_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (FIXTURES / "dev.toml").read_text()
    (tmp_path / "dev.toml").write_text(text.replace("monthly_usd = 37.5", "monthly_usd = inf"))
    monkeypatch.setattr(deployable, "load_environments", partial(load_environments, tmp_path))

    assert cufit(monkeypatch, "synth") == 2

    assert "budget.monthly_usd = inf: a finite number is needed" in capsys.readouterr().err
