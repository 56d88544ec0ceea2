"""`cufit cost`: what it shows, what it tells programs, and what it never keeps silent about."""

import copy
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from typer.testing import CliRunner, Result

from cufit_ops.cli import app, cost
from cufit_ops.costs import account
from cufit_ops.costs.account import Built
from cufit_ops.costs.bill import bill_of
from cufit_ops.costs.so_far import SoFar
from cufit_ops.costs.use import EXPECTED, USAGES
from cufit_ops.deployed_environment import NotDeployedError
from tests.infra.synthesis import Synthesized


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    """Before the credits of the samples are spent, and while prices are young."""
    with time_machine.travel(datetime(2026, 12, 1, tzinfo=UTC)):
        yield


@pytest.fixture
def built(samples: Mapping[str, Synthesized], monkeypatch: pytest.MonkeyPatch) -> list[Built]:
    """What the command finds in place of config/; AWS is out of reach."""
    found = [Built(one.settings, copy.deepcopy(one.account)) for one in samples.values()]
    monkeypatch.setattr(cost, "environments_beside", lambda _: [one.settings for one in found])
    monkeypatch.setattr(cost, "built", lambda _: found)
    monkeypatch.setattr(cost, "_so_far", None)
    return found


def run(*words: str) -> Result:
    result = CliRunner().invoke(app, ["cost", *words], env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    return result


def document(*words: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(run(*words, "--json").stdout)
    return told


def test_it_shows_the_account_its_limit_and_the_day_credits_end(built: list[Built]) -> None:
    shown = run().stdout
    bill = bill_of({one.settings.name: one.account for one in built}, EXPECTED)

    assert "200 members, 1,500 recommendations" in shown
    assert f"{bill.usd:.2f}" in shown
    assert f"{37.5 - bill.usd:.2f} below the limit of $37.5, budget.monthly_usd" in shown
    assert "$225 of credits from 2026-12-01 last 7.0 months, until 2027-07-03" in shown
    assert "UNPRICED" not in shown


@pytest.mark.parametrize("usage", USAGES)
def test_programs_are_told_the_same(built: list[Built], usage: str) -> None:
    told = document("--usage", usage)
    bill = bill_of({one.settings.name: one.account for one in built}, USAGES[usage])

    assert told["version"] == 1
    assert told["usd"] == round(bill.usd, 2)
    assert told["fixedUsd"] == round(bill.fixed_usd, 2)
    assert sum(told["environments"].values()) == pytest.approx(told["usd"], abs=0.011)
    assert sum(line["usd"] for line in told["lines"]) == pytest.approx(bill.usage_usd, abs=0.05)
    assert sum(meter["usd"] for meter in told["meters"]) == pytest.approx(bill.usage_usd, abs=0.001)
    assert told["soFar"] is None
    assert "UNPRICED" not in told["kinds"].values()


def test_what_has_no_price_is_said_in_every_output(built: list[Built]) -> None:
    stream = {"Type": "AWS::Kinesis::Stream", "Properties": {}}
    built[1].account.stacks["Data"]["Resources"]["Stream"] = stream
    words = "AWS::Kinesis::Stream (Data/Stream)"

    for options in ([], ["--env", "dev"], ["--all"], ["--usage", "low"]):
        assert f"UNPRICED in prod, not in the sums: {words}" in run(*options).stdout
    assert document()["unpriced"] == {"dev": [], "prod": [words]}
    assert "AWS::Kinesis::Stream: UNPRICED" in run("--all").stdout


def test_all_tells_every_type_and_every_price_that_counts(built: list[Built]) -> None:
    shown = run("--all").stdout
    for kind in ("AWS::ApiGatewayV2::VpcLink: no price list", "AWS::CloudWatch::Alarm: priced"):
        assert kind in shown
    for unit in ("Lambda invocation", "custom metric, month"):
        assert unit in shown


def test_another_assembly_stands_beside_it(
    built: list[Built], samples: Mapping[str, Synthesized], tmp_path: Path
) -> None:
    for name, one in samples.items():
        (tmp_path / f"assembly-cufit-{name}").symlink_to(one.folder)
    task = next(
        resource["Properties"]
        for resource in built[1].account.stacks["Service"]["Resources"].values()
        if resource["Type"] == "AWS::ECS::TaskDefinition"
    )
    task["Cpu"], task["Memory"] = "1024", "2048"

    told = document("--compare", str(tmp_path))
    fargate = told["lines"][0]

    assert told["usd"] - told["before"]["usd"] == pytest.approx(18.28, abs=0.01)
    assert (fargate["line"], round(fargate["beforeUsd"], 2)) == ("Fargate tasks", 20.14)
    assert told["creditsEnd"] < told["before"]["creditsEnd"]
    assert "before: 7.0 months, until 2027-07-03" in run("--compare", str(tmp_path)).stdout


def test_the_month_so_far_is_asked_for_only_then_and_says_its_price(
    built: list[Built], monkeypatch: pytest.MonkeyPatch
) -> None:
    billed = SoFar(date(2026, 11, 1), date(2026, 11, 29), {"AWS Lambda": 0.25, "Tax": 1.05}, 2)
    monkeypatch.setattr(cost, "_cost_explorer", lambda _: None)
    monkeypatch.setattr(cost, "_so_far", lambda *_: billed)

    shown = run("--so-far").stdout
    assert "AWS Lambda" in shown
    assert "1.30" in shown
    assert "asking cost $0.02" in shown
    assert document("--so-far")["soFar"] == {"since": "2026-11-01", "usd": 1.3}
    assert "It costs $0.01" in CliRunner().invoke(app, ["cost", "--help"]).stdout


def test_an_assembly_without_an_environment_is_told(
    built: list[Built], samples: Mapping[str, Synthesized], tmp_path: Path
) -> None:
    (tmp_path / "assembly-cufit-dev").symlink_to(samples["dev"].folder)
    told = " ".join(run("--compare", str(tmp_path)).stdout.split())
    assert f"{tmp_path} has no prod: nothing of it is in `before`" in told


def test_credits_that_are_gone_are_told(built: list[Built]) -> None:
    with time_machine.travel(datetime(2027, 7, 4, tzinfo=UTC)):
        shown = run().stdout
    assert "$225 of credits from 2026-12-01 were spent by 2027-07-03" in shown
    assert "renew credits_usd and credits_from" in shown


@pytest.mark.parametrize(
    ("words", "error", "said"),
    [
        (["--compare", "nowhere"], ValueError, "is no cloud assembly of dev, prod"),
        (["--so-far"], NotDeployedError, "--so-far asks AWS, and this shell has no credentials"),
    ],
)
def test_what_cannot_be_is_said_before_the_work(
    built: list[Built],
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    error: type[Exception],
    said: str,
) -> None:
    monkeypatch.setattr(cost, "built", None)
    session = SimpleNamespace(get_credentials=lambda: None)
    deployed = SimpleNamespace(named=lambda _: SimpleNamespace(session=session))
    monkeypatch.setattr(cost, "Deployed", deployed)

    result = CliRunner().invoke(app, ["cost", *words])
    assert isinstance(result.exception, error), result.exception
    assert said in str(result.exception)


def test_the_account_with_the_budget_is_the_one_that_is_meant(
    built: list[Built], monkeypatch: pytest.MonkeyPatch
) -> None:
    dev, prod = (one.settings for one in built)
    prod = prod.model_copy(update={"account": "2" * 12, "budget": dev.budget})
    dev = dev.model_copy(update={"account": "1" * 12, "budget": None})
    monkeypatch.setattr(account, "load_environments", lambda: [dev, prod])

    assert account.environments_beside(None) == [prod]
    assert account.environments_beside("dev") == [dev]
