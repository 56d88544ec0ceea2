"""What the environments cost a month: counted from their templates, and kept within the limit."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from cufit_contracts.metrics import Metric
from cufit_ops.costs import pages
from cufit_ops.costs.account import Built
from cufit_ops.costs.bill import bill_of
from cufit_ops.costs.credits import Purse
from cufit_ops.costs.deployments import Run, deployments
from cufit_ops.costs.edits import with_entry, with_hours
from cufit_ops.costs.prices import price_list
from cufit_ops.costs.quantities import fixed, used
from cufit_ops.costs.use import EXPECTED, PHOTOS_PER_MEMBER
from cufit_ops.template_graph import Account
from stacks.budget import NOTICES
from tests.infra.conftest import FIXTURES
from tests.infra.synthesis import Synthesized

LIMIT = 37.5
"""US dollars a month for dev and prod with VAT: $225 of credits last for six months."""

Accounts = Mapping[str, Account]


@pytest.fixture
def shipped(samples: Mapping[str, Synthesized]) -> list[Built]:
    return [Built(one.settings, one.account) for one in samples.values()]


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


def test_every_metric_that_a_function_reports_is_counted(accounts: Accounts) -> None:
    """Each costs $0.30 a month in every environment, beyond the ten of an account."""
    sources = (file.read_text() for file in (FIXTURES.parents[2] / "lambdas").rglob("*.py"))
    beside = {name for text in sources for name in re.findall(r'_metric\(name="(\w+)"', text)}
    assert fixed(accounts["dev"])["custom_metric"] == len(Metric) + len(beside) == 4


def test_what_comes_through_an_entry_is_paid_at_it(accounts: Accounts) -> None:
    """A heartbeat like anybody's request; a load balancer's unit is a GB in an hour."""
    beats = 12 * 730
    assert fixed(accounts["prod"])["http_api_request"] == beats
    assert fixed(accounts["prod"])["discover_instances"] == beats
    behind = with_entry(accounts["prod"], "alb")
    assert "discover_instances" not in fixed(behind)
    assert used(behind, EXPECTED)["lcu_hour"] == used(behind, EXPECTED)["cross_zone_gb"]


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
