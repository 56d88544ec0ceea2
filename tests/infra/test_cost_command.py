"""`cufit cost`: what it shows, what it tells programs, and what it never keeps silent about."""

import copy
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cufit_ops.cli import app, cost
from cufit_ops.costs.account import Built
from cufit_ops.costs.bill import bill_of
from cufit_ops.costs.so_far import SoFar
from cufit_ops.costs.use import EXPECTED, USAGES
from tests.infra.synthesis import Synthesized


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
    monkeypatch.setattr(cost, "_so_far", lambda *_: billed)

    shown = run("--so-far").stdout
    assert "AWS Lambda" in shown
    assert "1.30" in shown
    assert "asking cost $0.02" in shown
    assert document("--so-far")["soFar"] == {"since": "2026-11-01", "usd": 1.3}
    assert "It costs $0.01" in CliRunner().invoke(app, ["cost", "--help"]).stdout


def test_a_folder_that_is_no_assembly_is_refused(built: list[Built], tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["cost", "--compare", str(tmp_path)])
    assert isinstance(result.exception, ValueError)
    assert "is no cloud assembly of dev, prod" in str(result.exception)
