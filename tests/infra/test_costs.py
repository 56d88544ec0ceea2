"""What the environments cost a month: counted from their templates, and kept within the limit."""

import copy
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cufit_contracts.office_hours import OfficeHours
from cufit_ops.costs import pages
from cufit_ops.costs.account import Built
from cufit_ops.costs.bill import bill_of
from cufit_ops.costs.credits import Purse
from cufit_ops.costs.deployments import Run, deployments
from cufit_ops.costs.edits import with_entry, with_hours, with_size, with_tasks
from cufit_ops.costs.prices import price_list
from cufit_ops.costs.quantities import fixed, used
from cufit_ops.costs.rules import unpriced
from cufit_ops.costs.tasks import Tasks, tasks_of
from cufit_ops.costs.use import EXPECTED, PHOTOS_PER_MEMBER
from cufit_ops.template_graph import Account
from stacks.budget import NOTICES
from tests.infra.conftest import FIXTURES
from tests.infra.synthesis import Synthesized

LIMIT = 37.5
"""US dollars a month for dev and prod with VAT: $225 of credits last for six months."""

Accounts = Mapping[str, Account]


@pytest.fixture
def accounts(samples: Mapping[str, Synthesized]) -> Accounts:
    """dev and prod as they come with the repository."""
    return {name: one.account for name, one in samples.items()}


@pytest.fixture
def shipped(samples: Mapping[str, Synthesized]) -> list[Built]:
    return [Built(one.settings, one.account) for one in samples.values()]


def only(account: Account) -> Tasks:
    (tasks,) = tasks_of(account)
    return tasks


def test_dev_and_prod_as_shipped_fit_the_limit_with_vat(accounts: Accounts) -> None:
    bill = bill_of(accounts, EXPECTED)

    assert bill.vat_percent == 10
    assert bill.usd == pytest.approx(bill.usage_usd * 1.1)
    assert bill.usd <= LIMIT
    assert not any(bill.unpriced.values())
    assert not bill.models_without_price


def test_environments_and_lines_add_up_to_the_account(accounts: Accounts) -> None:
    bill = bill_of(accounts, EXPECTED)

    assert sum(bill.usd_of(name) for name in accounts) == pytest.approx(bill.usd)
    assert sum(bill.by_group().values()) == pytest.approx(bill.usage_usd)
    assert bill.fixed_usd == pytest.approx(bill_of(accounts).usd)
    for line in bill.lines:
        assert line.fixed_usd + line.used_usd == pytest.approx(line.usd)
        assert line.used_usd > -1e-9


def test_a_month_without_anybody_reaches_no_notice(shipped: list[Built]) -> None:
    """What comes every month is read by nobody any more."""
    (budget,) = (one.settings.budget for one in shipped if one.settings.budget)
    lowest = min(percent for _, percent in NOTICES)
    bill = bill_of({one.settings.name: one.account for one in shipped})

    assert bill.usage_usd < budget.usage_usd * lowest / 100


def test_a_photo_is_put_once_by_its_owner_and_once_for_each_file_made_of_it(
    accounts: Accounts,
) -> None:
    found = used(accounts["dev"], EXPECTED)
    assert found["s3_put"] == EXPECTED.members * PHOTOS_PER_MEMBER / 6 * (1 + 4)
    assert found["event_opt_in"] == found["s3_put"]


def test_dev_round_the_clock_would_not_fit(accounts: Accounts) -> None:
    always = {**accounts, "dev": with_hours(accounts["dev"], None)}
    assert bill_of(accounts, EXPECTED).usd <= LIMIT < bill_of(always, EXPECTED).usd


def test_free_units_are_the_accounts_and_taken_off_once(accounts: Accounts) -> None:
    alone = bill_of({"dev": accounts["dev"]}, EXPECTED), bill_of({"prod": accounts["prod"]}, None)
    both = bill_of(accounts, EXPECTED)
    for meter, free in price_list("ap-northeast-2").free.items():
        lines = [
            next(line for line in bill.lines if line.meter == meter) for bill in (*alone, both)
        ]
        assert lines[-1].free == min(sum(lines[-1].units.values()), free.amount)
    alarms = next(line for line in both.lines if line.meter == "alarm_metric")
    assert alarms.units == {"dev": 6, "prod": 11}
    assert alarms.free == 10
    assert alarms.usd == pytest.approx(0.70)


def one_of_everything(accounts: Accounts) -> list[Account]:
    """With every kind of resource that has a price, also those cufit does not use."""
    x86 = copy.deepcopy(accounts["prod"])
    for stack in x86.stacks.values():
        for resource in stack["Resources"].values():
            properties = resource.get("Properties", {})
            properties.pop("RuntimePlatform", None)
            properties.pop("Architectures", None)
            if resource["Type"] == "AWS::Logs::LogGroup":
                properties["LogGroupClass"] = "INFREQUENT_ACCESS"
    for number, (kind, properties) in enumerate(
        [
            ("AWS::EC2::NatGateway", {}),
            ("AWS::EC2::EIP", {}),
            ("AWS::EC2::VPCEndpoint", {"VpcEndpointType": "Interface", "SubnetIds": ["a", "b"]}),
            ("AWS::KMS::Key", {}),
            ("AWS::SecretsManager::Secret", {}),
            ("AWS::Route53::HostedZone", {}),
            ("AWS::CloudWatch::CompositeAlarm", {}),
            ("AWS::Logs::MetricFilter", {}),
            ("AWS::Events::Rule", {}),
        ]
    ):
        x86.stacks["Data"]["Resources"][f"Made{number}"] = {"Type": kind, "Properties": properties}
    return [*accounts.values(), with_entry(accounts["dev"], "alb"), x86]


def test_every_meter_is_priced_and_every_price_is_used_and_sourced(accounts: Accounts) -> None:
    counted = {
        meter
        for account in one_of_everything(accounts)
        for found in (fixed(account), used(account, EXPECTED))
        for meter, units in found.items()
        if units
    }
    prices = price_list("ap-northeast-2")
    assert counted == prices.prices.keys()
    assert prices.free.keys() <= counted
    for row in (*prices.prices.values(), *prices.free.values()):
        assert date(2026, 1, 1) < row.read <= datetime.now(UTC).date()


def test_whatever_the_stacks_make_has_a_price_or_a_reason(environment: Synthesized) -> None:
    assert not unpriced(environment.account), (
        "say in ops/cufit_ops/costs/rules.py what these cost, or why nothing"
    )


@pytest.mark.parametrize(
    ("kind", "properties", "words"),
    [
        ("AWS::Kinesis::Stream", {}, "AWS::Kinesis::Stream (Data/Made)"),
        (
            "AWS::DynamoDB::GlobalTable",
            {"BillingMode": "PROVISIONED"},
            "AWS::DynamoDB::GlobalTable with provisioned capacity (Data/Made)",
        ),
        (
            "AWS::Lambda::Function",
            {"Handler": "heartbeat.x", "SnapStart": {"ApplyOn": "PublishedVersions"}},
            "AWS::Lambda::Function with SnapStart (Data/Made)",
        ),
        (
            "AWS::Lambda::Function",
            {"Handler": "reports.handler.handler"},
            "AWS::Lambda::Function with a use that nobody has estimated (Data/Made)",
        ),
        (
            "AWS::ECS::Service",
            {"TaskDefinition": "arn:aws:ecs:…", "DesiredCount": 2},
            "AWS::ECS::Service with a task definition of elsewhere (Data/Made)",
        ),
        (
            "AWS::ECS::TaskDefinition",
            {"Cpu": ".25 vCPU", "Memory": "512"},
            "AWS::ECS::TaskDefinition with a size that is not understood (Data/Made)",
        ),
        (
            "AWS::ApplicationAutoScaling::ScalableTarget",
            {"ScheduledActions": [{"Schedule": "at(2027-01-01T00:00:00)"}]},
            "AWS::ApplicationAutoScaling::ScalableTarget with a schedule that is not understood "
            "(Data/Made)",
        ),
    ],
)
def test_what_has_neither_is_told(
    accounts: Accounts, kind: str, properties: dict[str, object], words: str
) -> None:
    account = copy.deepcopy(accounts["dev"])
    account.stacks["Data"]["Resources"]["Made"] = {"Type": kind, "Properties": properties}
    assert [str(one) for one in bill_of({"dev": account}).unpriced["dev"]] == [words]


def test_a_gateway_that_costs_more_than_everything_is_priced(accounts: Accounts) -> None:
    account = copy.deepcopy(accounts["dev"])
    resources = account.stacks["Service"]["Resources"]
    resources["Nat"] = {"Type": "AWS::EC2::NatGateway", "Properties": {}}
    resources["Ip"] = {"Type": "AWS::EC2::EIP", "Properties": {}}
    endpoint = {"VpcEndpointType": "Interface", "SubnetIds": ["a", "c"]}
    resources["Ecr"] = {"Type": "AWS::EC2::VPCEndpoint", "Properties": endpoint}
    before, after = (bill_of({"dev": one}).usage_usd for one in (accounts["dev"], account))
    assert after - before == pytest.approx(730 * (0.059 + 0.005 + 2 * 0.013))


def test_tasks_are_what_the_template_says(environment: Synthesized) -> None:
    settings, tasks = environment.settings, only(environment.account)
    fargate = settings.fargate
    assert (tasks.cpu, tasks.memory, tasks.spot) == (fargate.cpu, fargate.memory, fargate.spot)
    assert tasks.most == fargate.desired_count
    assert tasks.addressed
    week = settings.on.hours_a_week if settings.on else 168
    assert tasks.hours == pytest.approx(fargate.desired_count * 730 * week / 168)


def test_another_shape_is_priced_without_another_synthesis(samples: dict[str, Synthesized]) -> None:
    dev, prod = samples["dev"].account, samples["prod"].account
    hours = samples["dev"].settings.office_hours
    assert hours is not None

    assert (only(with_size(dev, 1024, 2048)).cpu, only(with_size(dev, 1024, 2048)).memory) == (
        1024,
        2048,
    )
    assert only(with_tasks(prod, 2)).hours == 2 * 730
    assert only(with_tasks(dev, 2)).hours == 2 * only(dev).hours
    assert only(with_hours(dev, None)).hours == 730
    assert only(with_hours(prod, hours.hours)).hours == pytest.approx(only(dev).hours)
    night = OfficeHours(("SUN",), hours.hours.opens, hours.hours.closes)
    assert only(with_hours(dev, night)).hours == pytest.approx(730 * 12 / 168)
    assert fixed(with_entry(dev, "alb"))["load_balancer_hour"] == 730
    assert fixed(with_entry(with_entry(dev, "alb"), "cloudmap")) == fixed(dev)
    assert fixed(with_entry(dev, "cloudmap")) == fixed(dev)


def test_an_edit_prices_as_what_would_be_synthesized(synthesized: dict[str, Synthesized]) -> None:
    built = synthesized["alb"].account
    edited = with_entry(with_entry(built, "cloudmap"), "alb")
    assert bill_of({"x": edited}, EXPECTED).usd == pytest.approx(
        bill_of({"x": built}, EXPECTED).usd
    )


@pytest.mark.parametrize("run", deployments(), ids=lambda run: f"{run.entry}, {run.tasks}")
def test_what_a_deployment_did_is_as_on_the_pages(run: Run) -> None:
    docs = FIXTURES.parents[2] / "docs"
    name = {"cloudmap": "Cloud Map", "alb": "load balancer"}[run.entry]
    row = (
        f"| {name} | {run.tasks} | {run.speed} | {run.restarts} | {run.requests:,} | {run.failed} |"
    )
    for page in (docs / "reliability.md", *docs.glob("adr/0038-*.md")):
        assert row in page.read_text().splitlines(), f"{page.name}: {row}"


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.name)
def test_pages_tell_what_it_costs(
    page: Path, accounts: Accounts, samples: Mapping[str, Synthesized]
) -> None:
    text = page.read_text(encoding="utf-8")
    purse = Purse.of(one.settings for one in samples.values())
    korean = page.name.endswith(".ko.md")

    assert text.count("<!-- costs: ") == text.count("<!-- /costs -->") == 3
    assert text == pages.written(text, accounts, purse, korean=korean), (
        "run `.venv/bin/python -m cufit_ops.costs.pages`"
    )
