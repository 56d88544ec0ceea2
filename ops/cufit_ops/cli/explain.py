"""`cufit explain`: each point of a recommendation, computed again."""

from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.box import SIMPLE
from rich.table import Table

from cufit_contracts.items import RecommendationItem
from cufit_contracts.results import MatchResult
from cufit_contracts.stored import Unreadable
from cufit_ops.cli.output import EXIT_FAILED, Json, Reached, err, exit_unless, out, print_json
from cufit_ops.deployed_environment import Deployed
from cufit_ops.explanation.explained import (
    ExplainedCandidate,
    ExplainedPart,
    Explanation,
    Value,
    explained,
)
from cufit_ops.explanation.stored import Tables
from cufit_ops.explanation.today import Today
from stacks.settings import LOCAL

RECOMMENDATION = "rec_"
"""Ids of recommendations begin so (cufit_service.adapters.system)."""

SCHEMA = 1
"""Of --json; raised when a key goes or means something else."""


def explain(
    what: Annotated[str, typer.Argument(metavar="rec_…", help="Id of a recommendation.")],
    environment: Reached = LOCAL,
    as_json: Json = False,
) -> None:
    """Each point of a recommendation, computed again from what it was made of.

    Exit 0 if all that can be computed again agrees, 1 if something does not, 2 for an unknown id.
    Ids and points alone are shown: no name, no text of anybody.
    """
    if not what.startswith(RECOMMENDATION):
        raise ValueError(
            f"{what!r} is no id of a recommendation; those begin with {RECOMMENDATION}"
        )
    tables = Tables.of(Deployed.named(environment))
    try:
        item = tables.recommendation(what)
    except Unreadable as error:
        err.print(f"cufit: {what} is out of shape: {error}", style="red", soft_wrap=True)
        raise typer.Exit(EXIT_FAILED) from error
    if item is None:
        raise ValueError(f"{environment} has no recommendation {what}")
    found = None
    if item.result:
        today = Today.of(item.result.made_by, tables.people(item))
        found = explained(item.candidate_id, item.result, today)
    if as_json:
        print_json(_as_json(environment, item, found))
    else:
        _show(environment, item, found)
    exit_unless(found is None or found.agrees)


def _as_json(
    environment: str, item: RecommendationItem, found: Explanation | None
) -> dict[str, Any]:
    made = item.result
    return {
        "schema": SCHEMA,
        "environment": environment,
        "recommendation": item.recommendation_id,
        "status": item.status,
        "seeker": item.candidate_id,
        "failure": item.failure and item.failure.code,
        "made_at": made and made.made_at,
        "made_by": made and asdict(made.made_by),
        "shortlisted": made and made.shortlisted,
        "judged": made and made.judged,
        "explanation": found and asdict(found),
        "agrees": found and found.agrees,
    }


def _show(environment: str, item: RecommendationItem, found: Explanation | None) -> None:
    out.print(
        f"[bold]{item.recommendation_id}[/bold]  {environment}  {item.status}"
        f"  seeker {item.candidate_id}",
        soft_wrap=True,
    )
    if item.result is None or found is None:
        why = f"nobody was recommended: {item.failure.code}" if item.failure else "not made yet"
        out.print(f"  {why}")
        return
    _show_making(item.result)
    for reason in found.cannot:
        out.print(
            f"  [yellow]{reason}[/yellow]: cannot be recomputed, kept as stored", soft_wrap=True
        )
    if found.seeker:
        out.print(
            f"  [yellow]the seeker: {found.seeker}[/yellow]: facts are kept as stored",
            soft_wrap=True,
        )
    for one in found.candidates:
        _show_candidate(one, found)
    for fault in found.faults:
        out.print(f"[red]✗ {fault}[/red]", soft_wrap=True)
    faults = len(found.faults) + sum(len(one.faults) for one in found.candidates)
    if faults:
        out.print(f"[red]{faults} things that should agree do not[/red]")
    else:
        out.print("[green]all that can be computed again agrees[/green]")


def _show_making(made: MatchResult) -> None:
    by = made.made_by
    model = f", {by.model_id}" if by.model_id else ""
    out.print(
        f"  {made.made_at}  {by.matchmaker}{model}, prompt {by.prompt_version} ({by.prompt_hash}),"
        f" code {by.scoring_hash or 'unknown'}",
        soft_wrap=True,
    )
    if made.shortlisted is not None:
        out.print(f"  {made.shortlisted} on the shortlist, {made.judged or 0} judged by a model")


def _show_candidate(one: ExplainedCandidate, found: Explanation) -> None:
    judged = "" if one.judged else "  not judged"
    changed = f"  [yellow]{one.changed}[/yellow]: facts are kept as stored" if one.changed else ""
    table = Table(
        title=f"{one.rank}. {one.candidate_id}{judged}{changed}",
        title_justify="left",
        title_style="bold",
        box=SIMPLE,
        padding=(0, 1),
    )
    for name in ("part", "by"):
        table.add_column(name, no_wrap=True)
    for name in ("kept", "recomputed", "limit", "model's"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("", style="dim", overflow="fold")
    general = {"; ".join(found.cannot), f"the seeker: {found.seeker}", one.changed}
    for part in one.parts:
        _add(table, part, general)
    table.add_section()
    _add_sum(table, "score", one.score, "100", general)
    _add_sum(table, "stepped back", one.stepped_back, "", general)
    out.print(table)
    for fault in one.faults:
        out.print(f"  [red]✗ {fault}[/red]", soft_wrap=True)


def _add(table: Table, part: ExplainedPart, general: set[str | None]) -> None:
    raw = "" if part.raw is None else str(part.raw)
    points = part.points
    table.add_row(
        part.criterion, part.decided_by, str(points.kept), _again(points), str(part.limit), raw,
        _why(points, general),
    )  # fmt: skip


def _add_sum(table: Table, name: str, value: Value, limit: str, general: set[str | None]) -> None:
    why = _why(value, general)
    table.add_row(name, "", str(value.kept), _again(value), limit, "", why)


def _again(value: Value) -> str:
    if value.recomputed is None:
        return "[yellow]kept[/yellow]"
    return str(value.recomputed) if value.agrees else f"[red]{value.recomputed}[/red]"


def _why(value: Value, general: set[str | None]) -> str:
    """Not again what was said of the whole result."""
    return "" if value.why is None or value.why in general else value.why
