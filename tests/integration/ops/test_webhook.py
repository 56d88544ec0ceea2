"""`cufit webhook` against the embedded AWS."""

import pytest
from typer.testing import CliRunner

from cufit_ops.cli import app
from cufit_ops.cli import webhook as command
from cufit_ops.deployed_environment import Deployed
from stacks.config_files import load_environment
from tests.integration.ops.conftest import Town
from tests.integration.ops.doctor_patient import FILE

PARAMETER = "/cufit/local/alarm-webhook"
ADDRESS = "https://hooks.people.internal/services/secret-part"


def test_the_address_is_kept_as_a_secret_and_not_shown(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Deployed, "named", lambda _: town.deployed)
    ssm = town.deployed.client("ssm")
    for again in (ADDRESS, ADDRESS + "2"):
        done = CliRunner().invoke(app, ["webhook"], input=f"{again}\n")
        assert done.exit_code == 0, done.output
        assert "secret-part" not in done.output
        kept = ssm.get_parameter(Name=PARAMETER, WithDecryption=True)["Parameter"]
        assert (kept["Type"], kept["Value"]) == ("SecureString", again)
    ssm.delete_parameter(Name=PARAMETER)


@pytest.mark.parametrize("typed", ["", "secret-part", "http://hooks.people.internal/secret-part"])
def test_what_is_no_webhook_is_refused_without_repeating_it(
    typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Deployed, "named", lambda _: pytest.fail("nothing is to be written"))
    done = CliRunner().invoke(app, ["webhook"], input=f"{typed}\n")
    assert isinstance(done.exception, ValueError)
    assert "secret-part" not in str(done.exception)


def test_without_a_name_in_the_configuration_it_says_where_to_put_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(command, "load_environments", lambda **_: [load_environment(FILE)])
    done = CliRunner().invoke(app, ["webhook", "--env", "dev"], input=f"{ADDRESS}\n")
    assert "/cufit/dev/alarm-webhook" in str(done.exception)
