"""The app as a program: what it needs, what it refuses, and how it grows."""

import json
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from stacks.config_files import (
    CONFIG_FOLDER,
    ConfigurationFault,
    load_environment,
    load_environments,
)
from tests.infra.conftest import DEPLOYED_NAMES, FIXTURES, NAMES
from tests.infra.synthesis import STACKS, Synthesized


def test_another_checkout_gives_the_same_templates_with_nothing_at_hand(
    synthesized: dict[str, Synthesized], checkout: Path
) -> None:
    """No credential, no network, no program on the PATH; as the CLI calls with `-c env=…`."""
    here = synthesized[DEPLOYED_NAMES[-1]]
    name = here.settings.name
    shutil.rmtree(checkout / "config")
    shutil.copytree(CONFIG_FOLDER, checkout / "config")
    cdk_json = json.loads((checkout / "cdk.json").read_text())
    done = subprocess.run(
        [sys.executable, "app.py"],
        cwd=checkout,
        env={
            "PATH": "/nowhere",
            "HOME": str(Path.home()),  # where jsii keeps what it unpacked
            "CDK_OUTDIR": str(checkout / "cdk.out"),
            "CDK_VALIDATION": "false",
            "CDK_CONTEXT_JSON": json.dumps({**cdk_json["context"], "env": name}),
            "https_proxy": "http://127.0.0.1:9",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )

    assert done.returncode == 0, done.stderr
    (assembly,) = (checkout / "cdk.out").glob("assembly-*")
    assert assembly.name == here.folder.name
    assert Synthesized(here.settings, assembly).templates == here.templates


def test_without_a_name_all_environments_are_stages_of_one_app(
    app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages: list[tuple[Any, str]] = []
    monkeypatch.setattr(
        app, "CufitStage", lambda scope, *, settings: stages.append((scope, settings.name))
    )

    built = app.build()

    assert stages == [(built, name) for name in NAMES]


def test_a_laptops_address_follows_its_port_and_no_other_environments(
    app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls: dict[str, str | None] = {}

    def stage(_: Any, *, settings: Any) -> None:
        urls[settings.name] = settings.public_url

    monkeypatch.setattr(app, "CufitStage", stage)
    app.build()
    before = dict(urls)

    app.build(context={"public_url": "http://127.0.0.1:8090"})

    assert urls == before | {"local": "http://127.0.0.1:8090"}
    assert before["local"] == "http://127.0.0.1:8080"


def test_a_laptops_own_page_may_call_and_no_other_environments(
    app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    origins: dict[str, list[str]] = {}

    def stage(_: Any, *, settings: Any) -> None:
        origins[settings.name] = settings.web.origins

    monkeypatch.setattr(app, "CufitStage", stage)
    app.build()
    before = dict(origins)

    app.build(context={"page_origin": "http://localhost:8090"})

    assert origins == before | {"local": [*before["local"], "http://localhost:8090"]}


def test_an_unknown_environment_is_answered_with_the_known(app: Any) -> None:
    with pytest.raises(ConfigurationFault) as fault:
        app.build(context={"env": "devv"})

    assert str(fault.value) == (
        f"env = 'devv': there is no config/devv.toml; legal are {', '.join(NAMES)}"
    )


def test_a_wrong_configuration_is_no_traceback(
    app: Any, config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _edit(config / "dev.toml", "cpu = 256", "cpu = 1024")
    _edit(config / "prod.toml", "retain_data = true", "retain_data = false")
    monkeypatch.setattr(app, "load_environments", partial(load_environments, config))

    assert app.main() == 1

    assert capsys.readouterr().err.splitlines() == [
        "config/dev.toml: fargate: 1024 CPU units with 1024 MiB is not a Fargate size; "
        "1024 goes with 2048–8192 MiB in steps of 1024; 512 goes with 1024–4096",
        "config/prod.toml: retain_data = false: production keeps its data; "
        "true is the only legal value",
    ]


def test_a_new_environment_is_one_new_file(synthesized: dict[str, Synthesized]) -> None:
    assert set(synthesized["alb"].templates) == set(STACKS)


def test_an_account_needs_no_look_up(synthesized: dict[str, Synthesized]) -> None:
    found = synthesized["spot"]
    assert found.settings.account
    for manifest in found.folder.rglob("manifest.json"):
        assert "missing" not in json.loads(manifest.read_text())
    zones = {subnet["AvailabilityZone"] for subnet in found.properties("AWS::EC2::Subnet")}
    assert zones == set(found.settings.availability_zones)


def test_cdk_nag_finds_what_is_careless_and_no_acknowledgement_is_stale(
    app: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each accepted finding is found again when nothing is accepted."""
    from aws_cdk import aws_sqs as sqs  # noqa: PLC0415 - see conftest.app

    accepted: set[str] = set()
    acknowledgment = app.cdk.Acknowledgment

    def reject(*, id: str, reason: str) -> Any:
        accepted.add(id)
        return acknowledgment(id="AwsSolutions-None", reason=reason)

    monkeypatch.setattr(app.cdk, "Acknowledgment", reject)
    environments = [load_environment(file) for file in FIXTURES.glob("*.toml")]
    built = app.build(environments, outdir=str(tmp_path))
    sqs.Queue(app.cdk.Stack(built, "Careless"), "WithoutTls")
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        built.synth()

    report = json.loads((tmp_path / "validation-report.json").read_text())
    found = {
        violation["ruleName"]
        for plugin in report["pluginReports"]
        for violation in plugin["violations"]
    }
    nag_only = {rule for rule in accepted if rule.startswith("AwsSolutions-")}
    assert nag_only - found == set()
    assert "AwsSolutions-SQS4" in found - nag_only


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Files as in config/, to change."""
    return Path(shutil.copytree(FIXTURES, tmp_path / "config"))


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
