"""The tasks of templates, and templates edited into another size, number, entry or hours."""

import copy

import pytest

from cufit_contracts.office_hours import OfficeHours
from cufit_ops.costs.bill import bill_of
from cufit_ops.costs.edits import with_entry, with_hours, with_size, with_tasks
from cufit_ops.costs.quantities import fixed
from cufit_ops.costs.tasks import Tasks, tasks_of
from cufit_ops.costs.use import EXPECTED
from cufit_ops.template_graph import Account
from tests.infra.synthesis import Synthesized


def only(account: Account) -> Tasks:
    (tasks,) = tasks_of(account)
    return tasks


def test_tasks_are_what_the_template_says(environment: Synthesized) -> None:
    settings, tasks = environment.settings, only(environment.account)
    fargate = settings.fargate
    assert (tasks.cpu, tasks.memory, tasks.spot) == (fargate.cpu, fargate.memory, fargate.spot)
    assert tasks.most == fargate.desired_count
    assert tasks.addressed
    week = settings.on.hours_a_week if settings.on else 168
    assert tasks.hours == pytest.approx(fargate.desired_count * 730 * week / 168)


def test_numbers_may_be_written_as_text(samples: dict[str, Synthesized]) -> None:
    """As CloudFormation takes them."""
    account = copy.deepcopy(samples["prod"].account)
    (service,) = (properties for _, properties in account.of("AWS::ECS::Service"))
    service["DeploymentConfiguration"]["MaximumPercent"] = "200"
    service["DesiredCount"] = "1"
    assert bill_of({"prod": account}) == bill_of({"prod": samples["prod"].account})


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
