"""`cufit tune`: what the environments of an account cost a month, and what they could cost."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.table import Table

from cufit_ops.cli.output import Json, err, out, print_json
from cufit_ops.costs.account import Built, built, by_name, environments_beside
from cufit_ops.costs.alternatives import Alternative, alternatives
from cufit_ops.costs.bill import Bill, bill_of
from cufit_ops.costs.credits import Purse
from cufit_ops.costs.deployments import deployments
from cufit_ops.costs.prices import price_list
from cufit_ops.costs.tasks import tasks_of
from cufit_ops.costs.use import EXPECTED, HIGH, Use
from cufit_ops.step_progress import Progress

USES: tuple[tuple[str, Use | None], ...] = (
    ("nobody", None),
    (f"{EXPECTED.members} members, {EXPECTED.recommendations} recommendations", EXPECTED),
    (f"{HIGH.members} members, {HIGH.recommendations} recommendations", HIGH),
)
WORTH_SHOWING = 1.5
"""Times the limit: what costs more than that is in --json alone."""


def tune(
    environment: Annotated[
        str | None, typer.Option("--env", help="Show the alternatives of this one alone.")
    ] = None,
    as_json: Json = False,
) -> None:
    """What an account's environments cost a month, by a price list with sources; and every legal
    size, entry and office hours with what the account would cost then; and what a deployment does
    to requests behind each entry. Asks AWS nothing."""
    found = environments_beside(environment)
    with Progress(err).step("cdk synth"):
        account = built(found)
    bills = [(words, use, bill_of(by_name(account), use)) for words, use in USES]
    wanted = [one.settings.name for one in account if environment in (None, one.settings.name)]
    others = {name: [*alternatives(name, account, EXPECTED)] for name in wanted}
    limit = next((one.budget.monthly_usd for one in found if one.budget), None)
    if as_json:
        print_json(_document(account, bills, others, limit))
        return
    _show_bill(account, bills, limit)
    for name, some in others.items():
        _show_alternatives(name, some, limit)
    out.print("What a deployment does to requests behind each entry (never seen on AWS):")
    for run in deployments():
        out.print(f"- {run.words}", style="dim", markup=False)


def _document(
    account: list[Built],
    bills: Iterable[tuple[str, Use | None, Bill]],
    others: dict[str, list[Alternative]],
    limit: float | None,
) -> dict[str, Any]:
    purse = Purse.of(one.settings for one in account)
    return {
        "version": 1,
        "environments": {one.settings.name: round(_hours(one)) for one in account},
        "limitUsd": limit,
        "creditsUsd": purse.credits_usd,
        "use": [
            {
                "members": use.members if use else 0,
                "recommendations": use.recommendations if use else 0,
                "vatPercent": bill.vat_percent,
                "usd": round(bill.usd, 2),
                "months": round(runway.months, 1) if (runway := purse.runway(bill.usd)) else None,
                "lines": [asdict(line) for line in bill.lines],
            }
            for _, use, bill in bills
        ],
        "alternatives": {name: [asdict(one) for one in some] for name, some in others.items()},
        "deployments": [run.model_dump(mode="json") for run in deployments()],
    }


def _hours(one: Built) -> float:
    return max((tasks.hours_on for tasks in tasks_of(one.account)), default=0.0)


def _show_bill(
    account: list[Built],
    bills: list[tuple[str, Use | None, Bill]],
    limit: float | None,
) -> None:
    read = price_list(account[0].settings.region).read_until
    table = Table(title=f"US dollars a month, Seoul, prices read up to {read}", show_edge=False)
    for heading in ("", *(words for words, _, _ in bills)):
        table.add_column(heading, justify="right" if heading else "left")
    shown = [bill for _, _, bill in bills]
    for position, line in enumerate(shown[-1].lines):
        if line.usd >= 0.005:
            row = (f"{bill.lines[position].usd:.2f}" for bill in shown)
            table.add_row(line.unit, *row)
    table.add_section()
    table.add_row("before VAT", *(f"{bill.usage_usd:.2f}" for bill in shown))
    table.add_row(
        f"with {shown[0].vat_percent:g} % VAT", *(_against(bill.usd, limit) for bill in shown)
    )
    purse = Purse.of(one.settings for one in account)
    if runways := [found for bill in shown if (found := purse.runway(bill.usd))]:
        months = (f"{one.months:.1f}" for one in runways)
        table.add_row(f"months of ${purse.credits_usd:g}", *months)
    out.print(table)
    for one in account:
        settings = one.settings
        out.print(
            f"{settings.name}: {settings.fargate.desired_count} × {settings.fargate.cpu} CPU "
            f"units, {settings.fargate.memory} MiB, {settings.entry}, "
            f"{_hours(one):.0f} hours",
            style="dim",
        )
    out.print("what is free every month is taken off once for all of them", style="dim")


def _show_alternatives(name: str, some: list[Alternative], limit: float | None) -> None:
    now = next((one for one in some if one.now), None)
    tasks = now.tasks if now else 1
    columns = sorted({(one.entry, one.hours) for one in some}, key=lambda c: (c[0] == "alb", c[1]))
    title = f"The account's month with another {name} ({tasks} task, small use, VAT included)"
    table = Table(title=title, show_edge=False)
    table.add_column("CPU / MiB")
    for entry, hours in columns:
        table.add_column(f"{entry}, {hours}", justify="right")
    table.add_column("requests/s, measured on a stand-in", justify="right")
    rows: dict[tuple[int, int], dict[tuple[str, str], Alternative]] = {}
    for one in some:
        if one.tasks == tasks and not one.spot:
            rows.setdefault((one.cpu, one.memory), {})[one.entry, one.hours] = one
    for (cpu, memory), row in rows.items():
        if limit is None or min(one.usd for one in row.values()) <= WORTH_SHOWING * limit:
            cells = (_cell(row[column], limit) for column in columns)
            measured = next(iter(row.values())).requests_per_second
            table.add_row(f"{cpu} / {memory}", *cells, f"{measured}" if measured else "–")
    out.print(table)


def _cell(one: Alternative, limit: float | None) -> str:
    return f"[bold]now {one.usd:.2f}[/bold]" if one.now else _against(one.usd, limit)


def _against(usd: float, limit: float | None) -> str:
    return f"[red]{usd:.2f}[/red]" if limit is not None and usd > limit else f"{usd:.2f}"
