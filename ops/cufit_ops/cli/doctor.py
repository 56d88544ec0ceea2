"""`cufit doctor` and `cufit smoke`: what only an account can answer, before and after it counts."""

from datetime import UTC, datetime
from functools import partial
from typing import Annotated

import httpx
import typer

from cufit_ops.cli.output import Json, Reached, err, exit_unless, out, print_json
from cufit_ops.doctor.examination import Wish, answers, examine
from cufit_ops.doctor.report import NotAsked, Report
from cufit_ops.doctor.subject import Subject
from cufit_ops.smoke.asking import SECONDS, Asking
from cufit_ops.smoke.steps import STEPS
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


def smoke(
    environment: Reached = LOCAL,
    url: Annotated[
        str | None, typer.Option(help="Ask here instead of where the stack says the API is.")
    ] = None,
    patience: Annotated[
        float, typer.Option(min=0, max=120, help="Seconds to ask again while something fails.")
    ] = 60,
    strict: Strict = False,
    as_json: Json = False,
) -> None:
    """Ask whether what is deployed answers and refuses as it must. Takes no person's token.

    Exit 1 when something does not hold.
    """
    asked_at = datetime.now(UTC)
    subject = Subject.named(environment)
    with (
        Progress(err).step("asking") as say,
        httpx.Client(timeout=SECONDS, trust_env=not subject.settings.is_local) as http,
    ):
        asking = Asking(subject, url, http)
        whys = {step.id: why for step in STEPS if (why := step.unless(subject))}
        questions = [
            (step, partial(step.patiently, asking, patience))
            for step in STEPS
            if step.id not in whys
        ]
        found = answers(questions, say)
    skipped = [NotAsked(id=id_, why=why) for id_, why in whys.items()]
    _print(
        Report.of("cufit.smoke/1", environment, asked_at, found, skipped, strict=strict), as_json
    )


def _print(report: Report, as_json: bool) -> None:
    if as_json:
        print_json(report.model_dump(mode="json", by_alias=True))
    else:
        report.show(out)
    exit_unless(report.holds)


COMMANDS = (doctor, smoke)
