"""What else an environment could be, and what the account would cost then."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from cufit_ops.costs.account import Built, by_name
from cufit_ops.costs.bill import VAT_PERCENT, bill_of
from cufit_ops.costs.edits import with_entry, with_hours, with_size, with_tasks
from cufit_ops.costs.use import Use
from stacks.fargate_sizes import FARGATE_MEMORY_MIB
from stacks.money_settings import Office
from stacks.settings import Environment

MEASURED = {(256, 512): 80, (1024, 2048): 314}
"""CPU units and MiB → requests a second, flat out, on a laptop's stand-in for Fargate
(docs/performance.md, 2026-11-27)."""
SMALL_OFFICE = Office(opens="10:00", closes="22:00")

Hours = Literal["always", "office hours"]


@dataclass(frozen=True)
class Alternative:
    cpu: int
    memory: int
    tasks: int
    spot: bool
    """Tasks beyond the first on Spot, priced like the others: Seoul's Spot price was not found, and
    it is less."""
    entry: Literal["cloudmap", "alb"]
    hours: Hours
    usd: float
    """The whole account's month with it, VAT included."""
    now: bool
    requests_per_second: int | None
    """Of a task of this size as measured; None where nobody measured."""


def alternatives(environment: str, account: list[Built], use: Use) -> Iterator[Alternative]:
    """Every legal size, number (1, or 2, or what there is), entry and hours of `environment`."""
    (built,) = [one for one in account if one.settings.name == environment]
    now = built.settings
    hours: tuple[Hours, ...] = ("always", "office hours")
    if now.name.startswith("prod"):
        hours = ("always",)
    counts = sorted({1, 2, now.fargate.desired_count} - {0})
    for cpu, sizes in FARGATE_MEMORY_MIB.items():
        for memory in sizes:
            for tasks in counts:
                for entry in ("cloudmap", "alb"):
                    for when in hours:
                        for spot in (False, True) if tasks > 1 else (False,):
                            yield _alternative(
                                built, account, use,
                                _changed(now, cpu, memory, tasks, spot, entry, when),
                            )  # fmt: skip


def _changed(
    now: Environment, cpu: int, memory: int, tasks: int, spot: bool, entry: str, when: Hours
) -> Environment:
    fargate = now.fargate.model_copy(
        update={"cpu": cpu, "memory": memory, "desired_count": tasks, "spot": spot}
    )
    office = None if when == "always" else now.office_hours or SMALL_OFFICE
    return now.model_copy(update={"fargate": fargate, "entry": entry, "office_hours": office})


def _alternative(
    built: Built, account: list[Built], use: Use, settings: Environment
) -> Alternative:
    fargate, office = settings.fargate, settings.office_hours
    changed = with_size(built.account, fargate.cpu, fargate.memory)
    changed = with_tasks(with_entry(changed, settings.entry), fargate.desired_count)
    changed = with_hours(changed, office.hours if office else None)
    vat = next((one.settings.budget.vat_percent for one in account if one.settings.budget), None)
    bill = bill_of(
        {**by_name(account), settings.name: changed}, use, VAT_PERCENT if vat is None else vat
    )
    return Alternative(
        cpu=fargate.cpu,
        memory=fargate.memory,
        tasks=fargate.desired_count,
        spot=fargate.spot,
        entry=settings.entry,
        hours="office hours" if office else "always",
        usd=round(bill.usd, 2),
        now=settings == built.settings,
        requests_per_second=MEASURED.get((fargate.cpu, fargate.memory)),
    )
