"""`cufit brake` against the embedded AWS, read as the worker reads it."""

import json

import pytest
from typer.testing import CliRunner

from cufit_contracts.brake import OFF, RULES
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


def test_an_automatic_brake_is_shown_with_its_end(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Deployed, "named", lambda _: town.deployed)

    def holds(value: str) -> tuple[bool, str | None]:
        brake.write(town.deployed, value)
        found = json.loads(CliRunner().invoke(app, ["status", "--json"]).stdout)
        assert found["value"] == value
        return found["holds"], found["until"]

    assert holds("rules until 2999-01-01T00:00:00Z") == (True, "2999-01-01T00:00:00+00:00")
    assert holds("rules until 2001-01-01T00:00:00Z") == (False, None)
    assert holds(OFF) == (False, None)


def test_what_is_so_already_is_not_written_again(town: Town) -> None:
    ssm = town.deployed.client("ssm")
    brake.write(town.deployed, RULES)
    first = ssm.get_parameter(Name="/cufit/local/brake")["Parameter"]["Version"]
    brake.write(town.deployed, RULES)
    assert ssm.get_parameter(Name="/cufit/local/brake")["Parameter"]["Version"] == first
    brake.write(town.deployed, OFF)


def test_no_brake_is_made_where_none_is(town: Town) -> None:
    elsewhere = Deployed("dev", town.deployed.session, town.deployed.endpoint_url)
    with pytest.raises(NotDeployedError, match="/cufit/dev/brake"):
        brake.write(elsewhere, RULES)


def test_the_command_tells_how_long_the_worker_believes_an_old_value() -> None:
    assert brake.BELIEVED_SECONDS == MAX_AGE_SECONDS
