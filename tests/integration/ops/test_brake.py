"""`cufit brake` against the embedded AWS, read as the worker reads it."""

import json

import pytest
from typer.testing import CliRunner

from cufit_ops import brake
from cufit_ops.cli.brake import app
from cufit_ops.deployed_environment import Deployed, NotDeployedError
from match_worker.adapters.ssm_brake import MAX_AGE_SECONDS, SsmBrake
from tests.integration.ops.conftest import Town


def test_the_worker_hears_what_is_decided(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Deployed, "named", lambda _: town.deployed)

    def run(word: str) -> str:
        done = CliRunner().invoke(app, [word, "--json"])
        assert done.exit_code == 0, done.output
        return str(json.loads(done.stdout)["value"])

    def worker_sees() -> bool:
        return SsmBrake(town.deployed.client("ssm"), "/cufit/local/brake").is_on()

    assert (run("status"), worker_sees()) == ("off", False)
    assert (run("rules"), worker_sees()) == ("rules", True)
    assert (run("status"), worker_sees()) == ("rules", True)
    assert (run("off"), worker_sees()) == ("off", False)


def test_what_is_so_already_is_not_written_again(town: Town) -> None:
    ssm = town.deployed.client("ssm")
    brake.write(town.deployed, brake.RULES)
    first = ssm.get_parameter(Name="/cufit/local/brake")["Parameter"]["Version"]
    brake.write(town.deployed, brake.RULES)
    assert ssm.get_parameter(Name="/cufit/local/brake")["Parameter"]["Version"] == first
    brake.write(town.deployed, brake.OFF)


def test_no_brake_is_made_where_none_is(town: Town) -> None:
    elsewhere = Deployed("dev", town.deployed.session, town.deployed.endpoint_url)
    with pytest.raises(NotDeployedError, match="/cufit/dev/brake"):
        brake.write(elsewhere, brake.RULES)


def test_the_command_tells_how_long_the_worker_believes_an_old_value() -> None:
    assert brake.BELIEVED_SECONDS == MAX_AGE_SECONDS
