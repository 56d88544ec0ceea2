"""What else an environment could be, and what the account would cost then."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from cufit_ops.costs.account import Built, by_name
from cufit_ops.costs.bill import bill_of
from cufit_ops.costs.edits import with_entry, with_hours, with_size, with_tasks
from cufit_ops.costs.use import Use
from cufit_ops.template_graph import Account
from stacks.fargate_sizes import FARGATE_MEMORY_MIB
from stacks.money_settings import Office
from stacks.settings import Environment, is_production

SMALL_OFFICE = Office(opens="10:00", closes="22:00")

Entry = Literal["cloudmap", "alb"]
Hours = Literal["always", "office hours"]


@dataclass(frozen=True)
class Alternative:
    cpu: int
    """CPU units; 1024 are one vCPU."""
    memory: int
    """MiB."""
    tasks: int
    entry: Entry
    hours: Hours
    usd: float
    """The whole account's month with it, VAT included."""
    now: bool
    account: Account
    """Its templates, as far as they decide what it costs."""


def alternatives(
    environment: str, accounts: list[Built], use: Use, vat_percent: float
) -> Iterator[Alternative]:
    """Every legal size and entry of `environment`, in its hours and others where there may be any,
    with as many tasks as it has; parked ones as if one ran."""
    (built,) = [one for one in accounts if one.settings.name == environment]
    now = built.settings
    tasks = now.fargate.desired_count or 1
    for entry in ("alb", "cloudmap"):
        for hours in _hours(now):
            office = None if hours == "always" else now.office_hours or SMALL_OFFICE
            shaped = with_tasks(with_entry(built.account, entry), tasks)
            shaped = with_hours(shaped, office.hours if office else None)
            for cpu, sizes in FARGATE_MEMORY_MIB.items():
                for memory in sizes:
                    account = with_size(shaped, cpu, memory)
                    bill = bill_of({**by_name(accounts), environment: account}, use, vat_percent)
                    yield Alternative(
                        cpu, memory, tasks, entry, hours, round(bill.usd, 2),
                        _is_now(now, cpu, memory, entry, hours), account,
                    )  # fmt: skip


def hours_of(environment: Environment) -> Hours:
    """In which it is on, parked or not."""
    return "office hours" if environment.office_hours else "always"


def _hours(now: Environment) -> tuple[Hours, ...]:
    """Production is always on."""
    return ("always",) if is_production(now.name) else ("always", "office hours")


def _is_now(now: Environment, cpu: int, memory: int, entry: Entry, hours: Hours) -> bool:
    return (
        (now.fargate.cpu, now.fargate.memory, now.entry) == (cpu, memory, entry)
        and hours == hours_of(now)
        and now.fargate.desired_count > 0
    )
