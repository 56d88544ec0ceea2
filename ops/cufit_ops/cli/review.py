"""`cufit diff` and `cufit ci report`: what a change does, in words."""

import json
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from cufit_ops.cli.deployable import tell_placeholders
from cufit_ops.cli.output import EXIT_FAILED, Json, err, out, print_json, print_markdown
from cufit_ops.git_worktree import RevisionError, git
from cufit_ops.review.base import build_base
from cufit_ops.review.language import chosen
from cufit_ops.review.markdown import render
from cufit_ops.review.report import Report, all_of, review
from cufit_ops.review.synthesis import Outcome, build
from cufit_ops.step_progress import Progress
from cufit_ops.workspace import ROOT
from stacks.config_files import ConfigurationFault
from stacks.settings import LOCAL

app = typer.Typer(help="What GitHub's workflows call.", no_args_is_help=True)

LanguageOption = Annotated[
    str | None, typer.Option("--language", help="en or ko; left out: as pyproject.toml says.")
]


def diff(
    base: Annotated[str, typer.Option(help="The git revision to compare with.")] = "origin/main",
    environment: Annotated[
        str | None, typer.Option("--env", help="One environment: a file name of config/.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            help="Write report.md, report.json and both versions, base/ and head/, here.",
            file_okay=False,
        ),
    ] = None,
    language: LanguageOption = None,
    as_json: Json = False,
) -> None:
    """What this checkout changes in each environment, in words; needs no AWS account.

    Exit code 1 when this checkout does not synthesize; the report says why.
    """
    spoken = chosen(language)
    commit = _commit(base)
    _refuse_unknown(environment, commit)
    with suppress(ConfigurationFault):  # the report says it
        tell_placeholders(environment)
    with tempfile.TemporaryDirectory(prefix="cufit-diff-") as scratch:
        folder = output or Path(scratch)
        before, after = folder / "base", folder / "head"
        progress = Progress(err)
        with progress.step("this checkout"):
            build(ROOT, after, validate=True)
        with progress.step(f"{base}, by its own packages"):
            build_base(commit, before, Path(scratch))
        with progress.step("what differs"):
            report = review(before, after, only=environment)
    if output is not None:
        (output / "report.md").write_text(render(report, spoken), encoding="utf-8")
        (output / "report.json").write_text(
            json.dumps(report.document(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
        )
    if as_json:
        print_json(report.document())
    elif output is None:
        print_markdown(render(report, spoken, longest=None, folded=not out.is_terminal))
    if report.head.outcome is not Outcome.WHOLE:
        raise typer.Exit(EXIT_FAILED)


@app.command("report")
def ci_report(
    base: Annotated[Path, typer.Option(help="The version before, as `cufit diff` leaves it.")],
    head: Annotated[Path, typer.Option(help="This version: `cufit synth --output`.")],
    labels: Annotated[str, typer.Option(help="Of the pull request, with commas between.")] = "",
    language: LanguageOption = None,
    output: Annotated[
        Path | None, typer.Option(help="Write the Markdown here.", dir_okay=False)
    ] = None,
    as_json: Json = False,
) -> None:
    """The report of a pull request, from two synthesized versions alone.

    Exit codes: 0 nothing is in the way; 1 a gate is shut, and the report says which label lifts
    it; 2 wrong words or a damaged folder; 3 this version does not synthesize. 1 and 3 come with a
    report, too.
    """
    spoken = chosen(language)
    named = {label.strip() for label in labels.split(",")}
    report = review(base, head, labels=named)
    if output is not None:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(render(report, spoken), encoding="utf-8")
    if as_json:
        print_json(report.document())
    elif output is None:
        out.print(render(report, spoken), markup=False, soft_wrap=True)
    _say_why(report)
    raise typer.Exit(report.exit_code)


def _say_why(report: Report) -> None:
    for reason in report.head.reasons:
        err.print(reason, markup=False, soft_wrap=True)
    for gate in report.shut:
        found = len(report.gates[gate])
        err.print(f"shut: {found} × {gate}; that label on the pull request lifts it", markup=False)


def _commit(base: str) -> str:
    """Raises ValueError for what is no revision here."""
    try:
        return git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{base}^{{commit}}")
    except RevisionError as error:
        raise ValueError(
            f"--base {base}: this repository has no such commit, branch or tag; `git fetch` "
            "brings those of the remote"
        ) from error


def _refuse_unknown(environment: str | None, base: str) -> None:
    """Raises ValueError for an environment that neither version has."""
    if environment is None:
        return
    files = git("ls-tree", "--name-only", base, "config/").splitlines()
    files += [str(file) for file in (ROOT / "config").glob("*.toml")]
    legal = {Path(file).stem for file in files if file.endswith(".toml")} - {LOCAL}
    if environment not in legal:
        raise ValueError(
            f"--env {environment}: there is no such environment; legal are {all_of(sorted(legal))}"
        )


COMMANDS = (diff,)
