"""`cufit kb`: how the knowledge base stands beside the table, and bringing it in step."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from cufit_ops.cli.output import Json, Reached, err, exit_unless, out, print_json
from cufit_ops.deployed_environment import Deployed
from cufit_ops.knowledge_base.base import Base
from cufit_ops.knowledge_base.check import Findings, RetrieveSearch
from cufit_ops.knowledge_base.check import check as check_documents
from cufit_ops.knowledge_base.standing import Comparison, Standing, compare
from cufit_ops.knowledge_base.sync import Outcome, Pulse, Sync, work
from cufit_ops.step_progress import Progress
from stacks.settings import LOCAL

app = typer.Typer(
    help="The knowledge base: how it stands, bringing it in step, checking it.",
    no_args_is_help=True,
)

NAMED = 5
"""Ids shown of each kind; --json has all."""
EVERY_SECONDS = 5.0
"""Between two lines of progress where there is no terminal."""


@app.command()
def status(environment: Reached = LOCAL, as_json: Json = False) -> None:
    """Candidates beside documents: what is in step, missing, stale, failed, orphaned."""
    base = Base.of(Deployed.named(environment))
    found = _compared(base)
    if as_json:
        print_json(_as_json(base, found))
    else:
        _show(base, found)


@app.command()
def sync(
    environment: Reached = LOCAL,
    rebuild: Annotated[
        bool, typer.Option("--all", help="Write every document again, from the table.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write what is missing, stale or failed, delete orphans. Exit 1 if some still differ.

    Safe to stop and to run again: it goes on with what is left.
    """
    base = Base.of(Deployed.named(environment))
    todo = work(_compared(base), rebuild=rebuild)
    with _pulse("documents") as on_pulse:
        outcome = Sync(base.indexed_candidates(), base.knowledge_base())(todo, on_pulse)
    after = _compared(base)
    if as_json:
        print_json({**_as_json(base, after), "sync": asdict(outcome)})
    else:
        _show(base, after)
        _show_outcome(outcome)
    exit_unless(not after.drift and not outcome.unreadable)


@app.command()
def check(environment: Reached = LOCAL, as_json: Json = False) -> None:
    """Status, a search that must find a known candidate, and no name or phone in any document.

    Exit 1 on drift, a candidate not found, or anything in a document that must not be there.
    """
    base = Base.of(Deployed.named(environment))
    found = _compared(base)
    profiles = list(base.profiles())
    search = RetrieveSearch(base.runtime, base.knowledge_base_id)
    with Progress(err).step("reading documents back") as say:
        findings = check_documents(
            profiles,
            found.having(Standing.IN_STEP),
            search,
            lambda done, total: say(f"{done} of {total} queries"),
        )
    if as_json:
        print_json({**_as_json(base, found), "check": {**asdict(findings), "fine": findings.fine}})
    else:
        _show(base, found)
        _show_findings(findings, len(found.having(Standing.IN_STEP)))
    exit_unless(findings.fine and not found.drift)


def _compared(base: Base) -> Comparison:
    with Progress(err).step("comparing table and index"):
        # Documents first: a candidate has been in the table before there was a document of them.
        documents = list(base.documents())
        return compare(base.candidates(), documents, datetime.now(UTC))


@contextmanager
def _pulse(what: str) -> Iterator[Callable[[Pulse], None]]:
    """Progress as a live line, or as a line now and then where there is no terminal."""
    latest, printed_at = Pulse(0, 0, 0.0), time.monotonic()
    with Progress(err).step(what) as say:

        def show(pulse: Pulse) -> None:
            nonlocal latest, printed_at
            latest = pulse
            say(str(pulse))
            if not err.is_terminal and time.monotonic() - printed_at >= EVERY_SECONDS:
                printed_at = time.monotonic()
                err.print(f"  {pulse}")

        try:
            yield show
        except BaseException:
            err.print(f"  stopped at {latest}; `cufit kb sync` goes on")
            raise


def _as_json(base: Base, found: Comparison) -> dict[str, Any]:
    return {
        "environment": base.environment,
        "knowledgeBase": base.knowledge_base_id,
        "dataSource": base.data_source_id,
        "table": base.table_name,
        "candidates": dict(found.candidates_by_state),
        "documents": dict(found.documents_by_state),
        **{str(one).replace(" ", "_"): found.having(one) for one in Standing},
        "reasons": dict(found.reasons),
        "drift": len(found.drift),
    }


def _show(base: Base, found: Comparison) -> None:
    out.print(f"[bold]{base.environment}[/bold]  knowledge base {base.knowledge_base_id}")
    for what, states in (
        ("candidates", found.candidates_by_state),
        ("documents", found.documents_by_state),
    ):
        parts = " · ".join(f"{state} {count:,}" for state, count in sorted(states.items()))
        out.print(f"  {what:<12}{sum(states.values()):>8,}   {parts}")
    for standing in Standing:
        ids = found.having(standing)
        colour = "red" if ids and standing.is_drift else "green" if ids else "dim"
        named = f"   {_named(ids, found.reasons)}" if standing.is_drift and ids else ""
        out.print(f"  [{colour}]{standing:<12}{len(ids):>8,}[/{colour}]{named}", soft_wrap=True)
    if found.drift:
        out.print(f"bring it in step: cufit kb sync --env {base.environment}")


def _named(ids: Sequence[str], reasons: Any) -> str:
    shown = [f"{one} ({reasons[one]})" if one in reasons else one for one in ids[:NAMED]]
    return ", ".join(shown) + (", …" if len(ids) > NAMED else "")


def _show_outcome(outcome: Outcome) -> None:
    out.print(f"followed {outcome.total:,} in {outcome.seconds:,.1f} s")
    for ids, what in (
        (outcome.unreadable, "out of shape; repair the items"),
        (outcome.waiting, "accepted, but still being indexed; run it again later"),
    ):
        if ids:
            out.print(f"  {len(ids):,} {what}: {_named(ids, {})}", soft_wrap=True)


def _show_findings(findings: Findings, in_step: int) -> None:
    canary = "nobody to search for"
    if findings.canary:
        how = "found" if findings.canary_found else "[red]NOT found[/red]"
        canary = f"{findings.canary} {how}"
    out.print(f"  canary      {canary}", soft_wrap=True)
    out.print(
        f"  privacy     {findings.documents_read:,} of {in_step:,} documents read back, "
        f"{len(findings.leaks)} with what must not be there"
    )
    for leak in findings.leaks:
        out.print(f"  [red]{leak.candidate_id}[/red]  {leak.what}")
    if findings.outdated:
        out.print(
            f"  [red]another version than the table believes[/red]: {_named(findings.outdated, {})}"
        )
