"""The bill of dev and prod, worked out by hand from Seoul's price list.

Nothing here asks the code how much of anything there is: the hours are config's, the prices are
those of the list (read 2026-10-05, VAT left out), the habits of people are written out once more.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from cufit_ops.costs.bill import bill_of
from cufit_ops.costs.use import USAGES
from tests.infra.synthesis import Synthesized

MILLION = 1e6
PEOPLE = {"low": (50, 300), "expected": (200, 1_500), "high": (2_000, 15_000)}
"""Members and recommendations of prod; dev has a tenth."""


@dataclass(frozen=True)
class House:
    """What one environment of tests/fixtures/config has."""

    vcpu: float
    gb: float
    hours: float
    """In which its one task runs."""
    alarm_metrics: int
    log_days: int
    has_backups: bool


OFFICE = 730 * (5 * 12) / (7 * 24)  # weekdays 10:00 to 22:00
HOUSES = {
    "dev": House(0.25, 1, OFFICE, alarm_metrics=6, log_days=7, has_backups=False),
    "prod": House(0.5, 1, 730, alarm_metrics=11, log_days=30, has_backups=True),
}


def standing(house: House) -> float:
    """Of an environment that nobody uses, but for what is partly free."""
    deployments = 20 * 5 / 60  # twenty a month, for five minutes there are two tasks
    hours = house.hours + deployments
    fargate = hours * (house.vcpu * 0.03725 + house.gb * 0.00409)
    address = hours * 0.005
    zone = 0.50
    image, code = 0.25 * 0.10, 0.1 * 0.025
    questions = 2 * 0.01 + 80 * 0.01 / 1_000  # Cost Explorer, GetMetricData
    sweeps = hours * (4 * 60 + 12 * 8) * 0.1355 / MILLION
    heartbeats = 12 * house.hours * (1.23 + 1.00) / MILLION
    return fargate + address + zone + image + code + questions + sweeps + heartbeats


def coming(house: House, members: int, recommendations: int) -> float:
    """What people add, but for what is partly free."""
    requests = members * 20 * 20 + recommendations * 10
    api = requests * (1.23 + 1.00) / MILLION  # HTTP API, and Cloud Map is asked where a task is
    zones = requests * 10e-6 * 0.01  # half of 10 KB, twice: out of one zone and into the other
    seen = requests * 0.00035 / 1_000
    each_read = 60 + 0.07 * min(members / 2, 2_000)
    reads = (requests * 4 + recommendations * each_read) * 0.1355 / MILLION
    writes = (requests + recommendations * 75) * 0.68 / MILLION
    backups = (members + recommendations) * 4e-6 * 0.2166 if house.has_backups else 0
    model = recommendations * (4_000 * 0.063 + 900 * 0.252) / MILLION
    embedded = (members * 4 * 1_000 + recommendations * 2 * 500) * 0.02 / MILLION
    photos = members * 3 * 0.5e-3 * 0.025
    uploaded = members / 2 * 5 * (0.0045 / 1_000 + 1.00 / MILLION)  # the original and four files
    vectors = members * (8e-6 * 0.072 + 4 * 128e-6 * 0.24) + recommendations * 2 * 3 / MILLION
    invoked = recommendations + members * 4 + members + 730 * 12
    kept = (requests * 1.5e-6 + invoked * 2e-6) * house.log_days / 30 * 0.0314
    return (
        api + zones + seen + reads + writes + backups + model + embedded + photos + uploaded
        + vectors + kept
    )  # fmt: skip


def by_hand(houses: Mapping[str, House], people: Mapping[str, tuple[int, int]]) -> float:
    """With what the account has free taken off once, and VAT."""
    usd = sum(standing(house) + coming(house, *people[name]) for name, house in houses.items())
    alarms = 0.10 * max(sum(house.alarm_metrics for house in houses.values()) - 10, 0)
    # Two mappings of five pollers, each of which waits 20 seconds; four requests for a message.
    polls = 2 * 5 * 3 * 60 * 730 * len(houses)
    messages = sum(
        4 * (recommendations + members * 4) for members, recommendations in people.values()
    )
    queues = max(polls + messages - MILLION, 0) * 0.40 / MILLION
    requests = sum(
        members * 400 + recommendations * 10 for members, recommendations in people.values()
    )
    out = max(requests * (0.1e-3 + 10e-6) - 100, 0) * 0.126  # a photo of 100 KB, an answer of 10
    # Lambda, logs taken in, metrics, dashboards, SNS stay within what is free.
    return (usd + alarms + queues + out) * 1.10


@pytest.mark.parametrize("usage", PEOPLE)
def test_dev_and_prod_together(usage: str, samples: Mapping[str, Synthesized]) -> None:
    members, recommendations = PEOPLE[usage]
    people = {"dev": (members // 10, recommendations // 10), "prod": PEOPLE[usage]}
    bill = bill_of({name: one.account for name, one in samples.items()}, USAGES[usage])

    assert bill.usd == pytest.approx(by_hand(HOUSES, people), rel=0.02)


@pytest.mark.parametrize("usage", PEOPLE)
@pytest.mark.parametrize("name", HOUSES)
def test_each_in_an_account_of_its_own(
    name: str, usage: str, samples: Mapping[str, Synthesized]
) -> None:
    bill = bill_of({name: samples[name].account}, USAGES[usage])

    assert bill.usd == pytest.approx(by_hand({name: HOUSES[name]}, {name: PEOPLE[usage]}), rel=0.02)


def test_nobody(samples: Mapping[str, Synthesized]) -> None:
    bill = bill_of({name: one.account for name, one in samples.items()})

    assert bill.usd == pytest.approx(by_hand(HOUSES, dict.fromkeys(HOUSES, (0, 0))), rel=0.02)
