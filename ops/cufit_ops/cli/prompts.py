"""Commands about prompts: whether one is sound, what a version changes, how well it does."""

import json
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer
from rich.syntax import Syntax

from cufit_contracts.results import MatchmakerName
from cufit_ops.cli import speed_dates
from cufit_ops.cli.diff_tables import sizes, weights
from cufit_ops.cli.output import Json, err, exit_unless, out, print_json, print_markdown
from cufit_ops.evaluation import baseline, chart, live, markdown, offline
from cufit_ops.evaluation.golden_set import load
from cufit_ops.evaluation.offline import QUICK, Plan
from cufit_ops.evaluation.prompt_diff import difference
from cufit_ops.evaluation.prompt_lint import findings
from cufit_ops.evaluation.report import Report
from cufit_ops.evaluation.subject import MATCHERS, Subject, versions
from cufit_ops.step_progress import Progress
from stacks.config_files import load_environments
from stacks.settings import Environment

app = typer.Typer(help="Prompt versions of prompts/match.", no_args_is_help=True)

REPEATS = 3

Version = Annotated[str, typer.Argument(help="A folder of prompts/match, such as v1.")]


@app.command()
def lint(
    version: Annotated[str | None, typer.Argument(help="One version; else every one.")] = None,
    as_json: Json = False,
) -> None:
    """Placeholders, lengths at the worst, schema against rubric, smuggling. Exit 1 on a finding."""
    wanted = versions() if version is None else [_existing(version)]
    found = {one: findings(one) for one in wanted}
    if as_json:
        print_json({one: [asdict(f) for f in of_it] for one, of_it in found.items()})
    else:
        for one, of_it in found.items():
            out.print(f"{one}  {'[red]✗[/red]' if of_it else '[green]sound[/green]'}")
            for finding in of_it:
                out.print(f"  [bold]{finding.code}[/bold]  {finding.message}")
    exit_unless(not any(found.values()))


@app.command()
def diff(old: Version, new: Version, as_json: Json = False) -> None:
    """What changed between two versions: weights, answer, and each line of their files."""
    changed = difference(_existing(old), _existing(new))
    same = not changed.lines
    if as_json:
        print_json({"old": old, "new": new, "same": same, **asdict(changed)})
    elif same:
        out.print(f"{old} and {new} are the same")
    else:
        out.print(weights(changed), "", sizes(changed), "", sep="\n")
        out.print(Syntax(changed.lines, "diff", word_wrap=True, background_color="default"))


def evaluate(  # noqa: PLR0913, PLR0917 - each is an option of the command
    matcher: Annotated[str, typer.Option(help=f"{', '.join(MATCHERS)} or all of them.")] = "all",
    prompt: Annotated[
        list[str] | None,
        typer.Option(help="A version; repeat it to see two side by side. Default: every one."),
    ] = None,
    repeats: Annotated[
        int | None, typer.Option(min=1, max=20, help="To see what is stable. Default: 3.")
    ] = None,
    environment: Annotated[
        str | None,
        typer.Option("--env", help="Whose matching table of config/ to take. Default: prod."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="Write report.md, report.json and report.svg here.")
    ] = None,
    gate: Annotated[
        bool, typer.Option("--gate", help="Quick; exit 1 if worse than the baseline.")
    ] = False,
    write_baseline: Annotated[
        bool, typer.Option("--write-baseline", help="Make these figures the baseline.")
    ] = False,
    use_live: Annotated[
        bool, typer.Option("--live", help="Ask the real model, with this shell's credentials.")
    ] = False,
    max_usd: Annotated[
        float | None, typer.Option(min=0.0, help="With --live: stop before spending more.")
    ] = None,
    knowledge_base: Annotated[
        str | None, typer.Option(help="With --live: search this one; it holds the golden set.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="With --live: do not ask first.")] = False,
    dates: Annotated[
        Path | None,
        typer.Option(help="Hold the newest rubric, or --prompt's, against this speed-dating file."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Rank for the golden set and compare with its labels; free and offline unless --live.

    With --dates FILE: how well the points tell who liked each other (docs/speed-dates.md).
    Exit 1 when something that must be zero is not, and by --gate when a figure got worse.
    """
    if use_live and (gate or write_baseline):
        raise ValueError("--gate and --write-baseline are about figures that cost nothing")
    if gate and write_baseline:
        raise ValueError("--gate compares with the baseline, --write-baseline renews it: take one")
    if write_baseline and (prompt or matcher != "all"):
        raise ValueError(
            "--write-baseline writes every matcher and version: it takes no --matcher or --prompt"
        )
    if dates is not None:
        given = (repeats, environment, max_usd, knowledge_base)
        flags = (gate, write_baseline, use_live, yes, matcher != "all")
        if any(flags) or any(one is not None for one in given):
            raise ValueError("--dates takes --prompt, --output and --json, and nothing of the rest")
        speed_dates.show(dates, [_existing(one) for one in prompt or ()], output, as_json=as_json)
        return
    (configured,) = load_environments(only=environment or "prod")
    repeats = repeats or REPEATS
    wanted = [_existing(one) for one in prompt] if prompt else versions()
    matching = baseline.MATCHING if gate or write_baseline else configured.matching
    subject = Subject(_matchers(matcher), wanted, matching)
    plan = QUICK if gate or write_baseline else Plan(repeats=repeats)
    if use_live:
        report = _live(subject, configured, repeats, max_usd, knowledge_base, ask=not yes)
    else:
        with Progress(err).step("evaluation") as say:
            report = offline.evaluated(subject, plan, say)
    if gate:
        faults = baseline.worsened(report, load())
    else:
        faults = _renewed(report) if write_baseline else report.broken
    _show(report, output, as_json=as_json, quiet=gate)
    for fault in faults:
        err.print(f"[red]✗[/red] {fault}", soft_wrap=True)
    exit_unless(not faults)


def _renewed(report: Report) -> list[str]:
    """Writes the baseline, unless a fault forbids it: these. What gets worse by it is said first,
    so that nobody approves a fall unseen."""
    if faults := baseline.unacceptable(report):
        return faults
    golden = load()
    for fall in baseline.worsened(report, golden):
        err.print(f"[yellow]▼[/yellow] {fall}", soft_wrap=True)
    baseline.write(report, golden)
    return []


def _live(
    subject: Subject,
    configured: Environment,
    repeats: int,
    max_usd: float | None,
    knowledge_base_id: str | None,
    *,
    ask: bool,
) -> Report:
    if max_usd is None:
        raise ValueError("--live spends money: say how much at most by --max-usd, such as 0.10")
    terms = live.Terms(Decimal(str(max_usd)), repeats, knowledge_base_id)
    live.checked(subject, terms)
    model, number = subject.matching.model_id, live.questions(subject, terms)
    err.print(f"about {number} questions to {model} in {configured.region}, {max_usd} USD at most")
    if ask:
        typer.confirm("go on?", abort=True, err=True)
    clients = live.Clients.of(configured.region, subject.matching.timeout_seconds)
    with Progress(err).step("evaluation with a model") as say:
        return live.evaluated(subject, terms, clients, say)


def _show(report: Report, output: Path | None, *, as_json: bool, quiet: bool) -> None:
    if output is not None:
        output.mkdir(parents=True, exist_ok=True)
        (output / "report.md").write_text(markdown.written(report))
        (output / "report.svg").write_text(chart.drawn(report))
        document = json.dumps(report.as_json(), ensure_ascii=False, indent=2)
        (output / "report.json").write_text(document + "\n")
        err.print(f"report.md, report.json and report.svg are in {output}")
    if as_json:
        print_json(report.as_json())
    elif output is None and not quiet:
        print_markdown(markdown.written(report))


def _matchers(name: str) -> tuple[MatchmakerName, ...]:
    found = tuple(one for one in MATCHERS if name in (one, "all"))
    if not found:
        raise ValueError(f"--matcher {name!r}: legal are {', '.join(MATCHERS)}, all")
    return found


def _existing(version: str) -> str:
    legal = versions()
    if version not in legal:
        raise ValueError(f"prompts/match has no {version!r}; it has {', '.join(legal)}")
    return version
