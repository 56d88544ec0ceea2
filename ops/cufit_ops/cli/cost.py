"""`cufit cost`: what the environments of an account cost a month, and for how long it is paid."""

from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.table import Table

from cufit_ops.cli.output import Json, err, out, print_json
from cufit_ops.costs.account import assembly, built, by_name, environments_beside
from cufit_ops.costs.bill import HALF_A_CENT
from cufit_ops.costs.credits import Purse
from cufit_ops.costs.offers import OffersError, read_again, renewed
from cufit_ops.costs.prices import file_of, price_list
from cufit_ops.costs.so_far import QUESTION_USD, SoFar, so_far
from cufit_ops.costs.statement import Statement
from cufit_ops.costs.unpriced import together
from cufit_ops.deployed_environment import AT_ONCE, Deployed, NotDeployedError
from cufit_ops.step_progress import Progress


class Usage(StrEnum):
    """How many people; ops/cufit_ops/costs/use.py says of what."""

    LOW = "low"
    EXPECTED = "expected"
    HIGH = "high"


def cost(
    environment: Annotated[
        str | None, typer.Option("--env", help="The account of this one, and its part of it.")
    ] = None,
    in_full: Annotated[
        bool, typer.Option("--all", help="Every price that counts, every type of resource and why.")
    ] = False,
    usage: Annotated[
        Usage, typer.Option(help="50, 200 or 2,000 members with their recommendations.")
    ] = Usage.EXPECTED,
    compare: Annotated[
        Path | None, typer.Option(help="Another synthesized assembly: before → after.")
    ] = None,
    month_so_far: Annotated[
        bool, typer.Option("--so-far", help="Ask AWS for the month so far. It costs $0.01.")
    ] = False,
    refresh_prices: Annotated[
        bool,
        typer.Option("--refresh-prices", help="Read AWS's public price lists into ops/prices."),
    ] = False,
    as_json: Json = False,
) -> None:
    """What an account's environments cost a month, line by line, with VAT, and the day the credits
    end: counted from their templates, by prices with sources. Asks AWS nothing unless told to."""

    today = datetime.now(UTC).date()
    found = environments_beside(environment)
    if refresh_prices:
        _refresh(found[0].region, today)
        return
    for one in found:
        price_list(one.region)  # what cannot be is said before the work
    other = assembly(compare, [one.name for one in found]) if compare else None
    explorer = _cost_explorer(found[0].name) if month_so_far else None
    with Progress(err).step("cdk synth"):
        accounts = by_name(built(found))
    statement = Statement.of(accounts, usage.value, Purse.of(found), today, other)
    asked = _so_far(explorer, today) if month_so_far else None
    if as_json:
        so_far = asked and {"since": str(asked.since), "usd": round(asked.total, 2)}
        print_json({**statement.document(), "soFar": so_far})
        return
    _show(statement, environment, in_full)
    for name in accounts:
        if other is not None and name not in other:
            out.print(f"{compare} has no {name}: nothing of it is in `before`", style="yellow")
    if asked:
        _show_so_far(asked)


def _show(statement: Statement, environment: str | None, in_full: bool) -> None:
    bill, use, purse = statement.bill, statement.use, statement.purse
    names = [name for name in statement.accounts if environment in (None, name)]
    table = Table(
        title=f"US dollars a month, {statement.prices.region}: {use.members:,} members, "
        f"{use.recommendations:,} recommendations",
        show_edge=False,
    )
    before = statement.before
    for heading in ("", *names, "fixed", "used", *(["before"] if before else []), "account"):
        table.add_column(heading, justify="right" if heading else "left")
    for row in statement.by_meter() if in_full else statement.by_group():
        parts = [row.by_environment[name] for name in names]
        sums = [row.fixed, row.used, *([row.before] if row.before is not None else []), row.usd]
        table.add_row(row.name, *(f"{usd:.2f}" for usd in (*parts, *sums)))
    table.add_section()
    table.add_row(
        f"with {bill.vat_percent:g} % VAT",
        *(f"{bill.usd_of(name):.2f}" for name in names),
        f"{bill.fixed_usd:.2f}",
        f"{bill.usd - bill.fixed_usd:.2f}",
        *([f"{before.usd:.2f}"] if before else []),
        f"[bold]{bill.usd:.2f}[/bold]",
    )
    out.print(table)
    if purse.monthly_usd is not None:
        room = purse.monthly_usd - bill.usd
        against = f"{room:.2f} below" if room >= 0 else f"[red]{-room:.2f} above[/red]"
        out.print(f"{against} the limit of ${purse.monthly_usd:g}, budget.monthly_usd")
    if runway := statement.runway:
        credits_ = f"${purse.credits_usd:g} of credits from {purse.credits_from}"
        if runway.until < statement.today:
            out.print(
                f"[red]{credits_} were spent by {runway.until}[/red]: look at Billing → Credits, "
                "and renew credits_usd and credits_from"
            )
        else:
            out.print(f"{credits_} last {runway.months:.1f} months, until {runway.until}")
    if before and (other := purse.runway(before.usd)):
        out.print(f"before: {other.months:.1f} months, until {other.until}")
    _show_gaps(statement)
    if in_full:
        for kind, words in statement.kinds().items():
            out.print(f"{kind}: {words}", style="dim", markup=False)
    out.print("what is free every month is taken off once for all of them", style="dim")


def _show_gaps(statement: Statement) -> None:
    """What makes the sum less sure, never silently."""
    for name, some in statement.bill.unpriced.items():
        for one in together(some):
            out.print(f"UNPRICED in {name}, not in the sums: {one}", style="red", markup=False)
    for model in statement.bill.models_without_price:
        out.print(f"no price of {model}: counted as the dearest known model", style="red")
    if old := statement.prices.old(statement.today):
        out.print(
            f"{len(old)} prices were read more than 6 months ago, the first is {old[0]}: "
            "`cufit cost --refresh-prices`",
            style="yellow",
        )
    out.print(f"prices read up to {statement.prices.read_until}", style="dim")


def _cost_explorer(environment: str) -> Any:
    deployed = Deployed.named(environment)
    if deployed.session.get_credentials() is None:
        raise NotDeployedError(
            "--so-far asks AWS, and this shell has no credentials (docs/deploy.md); `cufit cost` "
            "alone needs none"
        )
    return deployed.client("ce", AT_ONCE)


def _so_far(explorer: Any, today: date) -> SoFar:
    with Progress(err).step(f"Cost Explorer, ${QUESTION_USD} a question"):
        return so_far(explorer, today)


def _show_so_far(asked: SoFar) -> None:
    table = Table(title=f"As billed since {asked.since}, before credits", show_edge=False)
    table.add_column("")
    table.add_column("USD", justify="right")
    for service, usd in sorted(asked.usd.items(), key=lambda item: -item[1]):
        if usd >= HALF_A_CENT:
            table.add_row(service, f"{usd:.2f}")
    table.add_row("[bold]so far[/bold]", f"[bold]{asked.total:.2f}[/bold]")
    out.print(table)
    paid = asked.questions * QUESTION_USD
    out.print(f"Cost Explorer is up to 24 hours late; asking cost ${paid:.2f}", style="dim")


def _refresh(region: str, today: date) -> None:
    prices, file = price_list(region), file_of(region)
    with httpx.Client(timeout=60, follow_redirects=True) as http:
        readings = [*read_again(prices, lambda url: _fetch(http, url))]
    for one in readings:
        after = f"{one.after:g}" if one.after is not None else f"kept, {one.why}"
        out.print(f"{one.meter}: {one.before:g} → {after}", markup=False)
    file.write_text(renewed(file.read_text(encoding="utf-8"), readings, today), encoding="utf-8")
    kept = sum(one.after is None for one in readings)
    rest = len(prices.prices) - len(readings)
    out.print(
        f"{len(readings) - kept} rows of {file.name} are of today, {kept} were kept; {rest} have "
        "no usage type to be found by: look at their sources",
        style="dim",
    )


def _fetch(http: httpx.Client, url: str) -> dict[str, Any]:
    with Progress(err).step(url):
        try:
            answer: dict[str, Any] = http.get(url).raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:  # ValueError: it is no JSON
            raise OffersError(f"{url}: {error}; the prices stay as they are") from error
        return answer
