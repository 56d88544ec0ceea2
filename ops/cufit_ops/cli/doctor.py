"""`cufit doctor` and `cufit smoke`: what only an account can answer, before and after it counts."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from cufit_ops.cli.output import Json, Reached, err, exit_unless, out, print_json
from cufit_ops.doctor.examination import Wish, examine
from cufit_ops.doctor.report import Report
from cufit_ops.doctor.subject import Subject
from cufit_ops.step_progress import Progress
from stacks.settings import LOCAL

Strict = Annotated[bool, typer.Option("--strict", help="Exit 1 for what cannot be asked, too.")]


def doctor(
    environment: Reached = LOCAL,
    only: Annotated[
        list[str] | None, typer.Option(help="One question by its id; repeat it for more.")
    ] = None,
    spend: Annotated[
        bool, typer.Option(help="Ask the model a fixed question: less than $0.001.")
    ] = True,
    fix: Annotated[
        bool, typer.Option("--fix", help="Mend what is safe to mend, and say what was done.")
    ] = False,
    strict: Strict = False,
    as_json: Json = False,
) -> None:
    """Ask what surprises people at a deployment: before it, after it, and on a laptop.

    ✓ holds, ✗ does not, ? cannot be asked. Exit 1 when something does not hold. Each question is
    explained in docs/doctor.md.
    """
    wish = Wish(only or (), spend=spend, fix=fix)
    wish.checks()
    asked_at = datetime.now(UTC)
    subject = Subject.named(environment)
    with Progress(err).step("asking") as say:
        checks, skipped = examine(subject, wish, say)
    _print(
        Report.of("cufit.doctor/1", environment, asked_at, checks, skipped, strict=strict), as_json
    )


def _print(report: Report, as_json: bool) -> None:
    if as_json:
        print_json(report.model_dump(mode="json", by_alias=True))
    else:
        report.show(out)
    exit_unless(report.holds)


COMMANDS = (doctor,)
