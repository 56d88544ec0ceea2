"""What the environments cost a month: counted from their templates, and kept within the limit."""

import copy
import json
from datetime import UTC, date, datetime

import pytest
from typer.testing import CliRunner

from cufit_ops.cli import app as command
from cufit_ops.cli import tune
from cufit_ops.costs.alternatives import MEASURED, alternatives
from cufit_ops.costs.bill import Built, bill_of
from cufit_ops.costs.deployments import Run, deployments
from cufit_ops.costs.prices import price_list
from cufit_ops.costs.quantities import by_use, hours_on, of_shape, of_templates, total, unpriced
from cufit_ops.costs.use import LARGER, PHOTOS_PER_MEMBER, SMALL
from stacks.budget import NOTICES
from stacks.config_files import load_environment
from tests.infra.conftest import FIXTURES
from tests.infra.synthesis import Synthesized

LIMIT = 37.5
"""US dollars a month for dev and prod with VAT: $225 of credits last for six months."""


@pytest.fixture
def shipped(sample: Synthesized) -> list[Built]:
    """dev and prod as they come with the repository, with every alarm and way of alarms."""
    settings = [load_environment(FIXTURES / f"{name}.toml") for name in ("dev", "prod")]
    return [Built(one, sample.account) for one in settings]


def test_dev_and_prod_as_shipped_fit_the_limit_with_vat(shipped: list[Built]) -> None:
    bill = bill_of(shipped, SMALL)

    assert bill.vat_percent == 10
    assert bill.usd == pytest.approx(bill.usage_usd * 1.1)
    assert bill.usd <= LIMIT


def test_a_month_without_anybody_reaches_no_notice(shipped: list[Built]) -> None:
    """What comes every month is read by nobody any more."""
    (budget,) = (one.settings.budget for one in shipped if one.settings.budget)
    lowest = min(percent for _, percent in NOTICES)

    assert bill_of(shipped, None).usage_usd < budget.usage_usd * lowest / 100


def test_a_photo_is_put_once_by_its_owner_and_once_for_each_file_made_of_it(
    shipped: list[Built],
) -> None:
    used = by_use(shipped[0].settings, shipped[0].account, SMALL)
    assert used["s3_put"] == SMALL.members * PHOTOS_PER_MEMBER / 6 * (1 + 4)


def test_dev_round_the_clock_would_not_fit(shipped: list[Built]) -> None:
    dev = next(found for found in alternatives("dev", shipped, SMALL) if found.now)
    always = next(
        found
        for found in alternatives("dev", shipped, SMALL)
        if (found.cpu, found.memory, found.tasks, found.entry) == (256, 1024, 1, "cloudmap")
        and found.hours == "always"
    )
    assert dev.usd <= LIMIT < always.usd


def test_free_units_are_the_accounts_and_taken_off_once(shipped: list[Built]) -> None:
    one, both = (bill_of(some, SMALL) for some in (shipped[:1], shipped))
    alarms = [next(line for line in b.lines if line.meter == "alarm_metric") for b in (one, both)]
    assert [line.free for line in alarms] == [10, 10]
    assert sum(alarms[1].units.values()) == 2 * sum(alarms[0].units.values())
    assert alarms[1].usd == pytest.approx(0.10 * (sum(alarms[1].units.values()) - 10))


def test_every_meter_is_priced_and_every_price_is_used_and_sourced(shipped: list[Built]) -> None:
    used = {
        meter
        for built in shipped
        for entry in ("cloudmap", "alb")
        for settings in [built.settings.model_copy(update={"entry": entry})]
        for meter in total(
            of_shape(settings),
            of_templates(built.account),
            by_use(settings, built.account, SMALL),
        )
    }
    prices = price_list()
    assert used == prices.price.keys()
    assert prices.free.keys() <= used
    for row in (*prices.price.values(), *prices.free.values()):
        assert row.source
        assert date(2026, 1, 1) < row.checked <= datetime.now(UTC).date()
    assert {price.region for price in prices.price.values()} == {"ap-northeast-2"}


def test_whatever_the_stacks_make_has_a_price_or_a_reason(environment: Synthesized) -> None:
    assert not unpriced(environment.account), (
        "say in ops/cufit_ops/costs/quantities.py what these cost, or why nothing"
    )


def test_a_gateway_that_costs_more_than_everything_is_noticed(sample: Synthesized) -> None:
    account = copy.deepcopy(sample.account)
    resources = account.stacks["Service"]["Resources"]
    resources["Nat"] = {"Type": "AWS::EC2::NatGateway", "Properties": {}}
    endpoint = {"VpcEndpointType": "Interface"}
    resources["Ecr"] = {"Type": "AWS::EC2::VPCEndpoint", "Properties": endpoint}
    resources["Stream"] = {"Type": "AWS::Kinesis::Stream"}
    assert unpriced(account) == {
        "AWS::EC2::NatGateway",
        "AWS::EC2::VPCEndpoint",
        "AWS::Kinesis::Stream",
    }


def test_the_shape_is_what_the_template_says(environment: Synthesized) -> None:
    settings, shape = environment.settings, of_shape(environment.settings)
    task = environment.only("AWS::ECS::TaskDefinition")
    balancers = environment.properties("AWS::ElasticLoadBalancingV2::LoadBalancer")
    zones = environment.properties("AWS::ServiceDiscovery::PrivateDnsNamespace")
    task_hours = settings.fargate.desired_count * hours_on(settings)
    assert shape["fargate_vcpu_hour"] == int(task["Cpu"]) / 1024 * task_hours
    assert shape["fargate_gb_hour"] == int(task["Memory"]) / 1024 * task_hours
    assert (shape["load_balancer_hour"], shape["dns_zone"]) == (730 * len(balancers), len(zones))


def test_the_command_shows_and_tells_programs(
    shipped: list[Built], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tune, "environments_beside", lambda _: [one.settings for one in shipped])
    monkeypatch.setattr(tune, "built", lambda _: shipped)

    told = json.loads(CliRunner().invoke(command, ["tune", "--env", "dev", "--json"]).stdout)
    shown = CliRunner().invoke(command, ["tune"], env={"COLUMNS": "200"})

    assert told["version"] == 1
    assert [use["usd"] for use in told["use"]] == sorted(use["usd"] for use in told["use"])
    assert [*told["alternatives"]] == ["dev"]
    (now,) = (one for one in told["alternatives"]["dev"] if one["now"])
    assert now["usd"] == told["use"][1]["usd"]
    assert f"now {now['usd']:.2f}" in shown.stdout
    assert {(run["entry"], run["tasks"]) for run in told["deployments"]} == {
        ("cloudmap", 1),
        ("cloudmap", 2),
        ("alb", 1),
    }
    for run in deployments():
        assert run.words.partition(",")[0] in shown.stdout
        assert f"{run.failed} of {run.requests:,} requests failed" in shown.stdout


def test_measured_rates_are_those_of_the_page() -> None:
    page = (FIXTURES.parents[2] / "docs/performance.md").read_text()
    for (cpu, memory), rate in MEASURED.items():
        (row,) = (
            line
            for line in page.splitlines()
            if line.startswith(f"| {cpu / 1024:g} vCPU, {memory:,} MiB |")
        )
        assert f" {rate}/s " in row


@pytest.mark.parametrize("run", deployments(), ids=lambda run: f"{run.entry}, {run.tasks}")
def test_what_a_deployment_did_is_as_on_the_pages(run: Run) -> None:
    docs = FIXTURES.parents[2] / "docs"
    name = {"cloudmap": "Cloud Map", "alb": "load balancer"}[run.entry]
    row = (
        f"| {name} | {run.tasks} | {run.speed} | {run.restarts} | {run.requests:,} | {run.failed} |"
    )
    for page in (docs / "reliability.md", *docs.glob("adr/0038-*.md")):
        assert row in page.read_text().splitlines(), f"{page.name}: {row}"


@pytest.mark.parametrize("page", ["README.md", "README.ko.md"])
def test_pages_tell_what_it_costs(page: str, shipped: list[Built]) -> None:
    lines = (FIXTURES.parents[2] / page).read_text().splitlines()
    (row,) = (line for line in lines if line.startswith("| ") and "dev" in line and "prod" in line)
    told = [float(cell) for cell in row.strip("| ").split(" | ")[1:]]
    bills = [bill_of(shipped, use).usd for use in (None, SMALL, LARGER)]
    assert told == pytest.approx(bills, abs=1)  # a few alarm metrics more or fewer
