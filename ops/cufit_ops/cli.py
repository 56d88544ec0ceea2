"""The `cufit` command."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from cufit_ops.cdk import CLI, CdkError, cdk, node, shell_environment
from cufit_ops.demo import report
from cufit_ops.demo.journey import Journey, JourneyError, travel
from cufit_ops.local import logs as local_logs
from cufit_ops.local import system
from cufit_ops.local.deployment import ENVIRONMENT
from cufit_ops.local.environment import leave_the_shells_account
from cufit_ops.local.platform.issuer import LocalIssuer
from cufit_ops.local.processes import ProcessError
from cufit_ops.progress import Progress
from cufit_ops.template_diff import DiffError, compare
from cufit_ops.templates import SynthError
from cufit_ops.workspace import ROOT, Workspace, WorkspaceError

EXIT_FAILED, EXIT_USAGE, EXIT_BUSY, EXIT_INTERRUPTED = 1, 2, 3, 130
"""0 done · 1 it did not work · 2 wrong words or settings · 3 another command is at work · 130 ^C"""

app = typer.Typer(
    help="Run cufit on one laptop and look at it. Exit codes: 0 done, 1 it did not work, "
    "2 wrong words or settings, 3 another command is at work, 130 stopped by Ctrl-C.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
)

out = Console()
err = Console(stderr=True)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]


@app.command()
def up(as_json: Json = False) -> None:
    """Start the embedded AWS, deploy what changed, run one real journey, leave it running."""
    workspace = _workspace()
    with system.exclusive(workspace):
        brought = system.bring_up(workspace, Progress(err))
        journey = _travel(workspace)
    if as_json:
        _print_json({"url": workspace.url, **vars(brought), "journey": report.as_json(journey)})
    else:
        report.show(journey, out)
        _show_next(workspace)
    _exit_unless(journey.succeeded)


@app.command()
def down() -> None:
    """Stop what `up` started. The state stays; `up` goes on with it."""
    workspace = _workspace()
    with system.exclusive(workspace):
        stopped = system.take_down(workspace, Progress(err))
    err.print("stopped" if stopped else "nothing was running", highlight=False)


@app.command()
def reset() -> None:
    """Stop, and forget the state: members, photos, deployment, keys."""
    workspace = _workspace()
    with system.exclusive(workspace):
        system.take_down(workspace, Progress(err))
        system.forget(workspace)
    err.print(f"{workspace.state} is empty", highlight=False)


@app.command()
def demo(as_json: Json = False) -> None:
    """Repeat the journey: exit 1 if a recommendation ended neither READY nor DEGRADED."""
    workspace = _running()
    journey = _travel(workspace)
    if as_json:
        _print_json(report.as_json(journey))
    else:
        report.show(journey, out)
    _exit_unless(journey.succeeded)


@app.command()
def status(as_json: Json = False) -> None:
    """What runs, where it listens, how the stacks and queues are. Exit 1 if it is not ready."""
    found = system.status(_workspace())
    if as_json:
        _print_json(found)
    else:
        _show_status(found)
    _exit_unless(found["ready"])


@app.command()
def token(
    name: Annotated[
        str, typer.Option("--as", help="Who: admin, maker-1, candidate-01 or any new name.")
    ],
    hours: Annotated[float, typer.Option(min=0.01, max=24, help="How long it is valid.")] = 12,
) -> None:
    """Print a bearer token of the local issuer for a made-up person."""
    out.print(
        LocalIssuer.of(_workspace()).token(name, int(hours * 3600)),
        soft_wrap=True,
        highlight=False,
        markup=False,
    )


@app.command()
def logs(
    since: Annotated[str, typer.Option(help="How far back: 30s, 10m, 2h, 1d.")] = "10m",
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with new lines.")] = False,
    correlation_id: Annotated[
        str, typer.Option("--id", help="Only lines of this correlation id.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Lines of the service and every function, in the order of time."""
    workspace = _running()
    for line in local_logs.read(workspace, local_logs.seconds_of(since), correlation_id, follow):
        if as_json:
            sys.stdout.write(json.dumps(line.__dict__, ensure_ascii=False) + "\n")
            sys.stdout.flush()
        else:
            local_logs.show(line, out)


Environment = Annotated[
    str | None, typer.Option("--env", help="One environment: a file name of config/.")
]


@app.command()
def synth(environment: Environment = None) -> None:
    """Synthesize into cdk.out: every environment or one. Needs no AWS account and no network."""
    with Progress(err).step("cdk synth") as say:
        cdk("synth", "--quiet", *_context(environment), env=shell_environment(), on_line=say)
    err.print(f"templates are in {ROOT / 'cdk.out'}", highlight=False)


@app.command()
def diff(
    base: Annotated[str, typer.Option(help="The git revision to compare with.")] = "origin/main",
    environment: Environment = None,
    output: Annotated[
        Path | None, typer.Option(help="Write one Markdown file per environment here.")
    ] = None,
    as_json: Json = False,
) -> None:
    """What this checkout changes in each environment, from templates alone; no AWS account."""
    found = compare(base, environment, Progress(err))
    if output is not None:
        output.mkdir(parents=True, exist_ok=True)
        for one in found:
            (output / f"{one.environment}.md").write_text(one.markdown())
    if as_json:
        _print_json([asdict(one) for one in found])
    elif output is None:
        for one in found:
            out.print(one.markdown(), markup=False, highlight=False, soft_wrap=True)


@app.command()
def deploy(
    environment: Annotated[str, typer.Option("--env", help="A file name of config/, not local.")],
) -> None:
    """Deploy an environment to AWS with the credentials of this shell."""
    if environment == ENVIRONMENT:
        raise ValueError("--env local is this laptop's; bring it up with `make up`")
    # In a terminal the CLI asks before it widens a permission; in CI the pull request was asked.
    approval = () if sys.stdin.isatty() else ("--require-approval", "never")
    command = ["deploy", f"cufit-{environment}/*", *_context(environment), *approval]
    os.execve(node(), [str(node()), str(CLI), *command], shell_environment())  # noqa: S606


def _context(environment: str | None) -> tuple[str, ...]:
    return ("-c", f"env={environment}") if environment else ()


def main() -> None:
    """Entry of the console script: every error of ours is one message and an exit code."""
    with _errors_as_messages():
        app()


@contextmanager
def _errors_as_messages() -> Iterator[None]:
    try:
        yield
    except (WorkspaceError, ValueError) as error:
        _fail(str(error), EXIT_USAGE)
    except system.SystemBusyError as error:
        _fail(str(error), EXIT_BUSY)
    except (ProcessError, CdkError, JourneyError, SynthError, DiffError) as error:
        _fail(str(error), EXIT_FAILED)
    except KeyboardInterrupt:
        _fail("stopped; nothing is lost, `make up` goes on from here", EXIT_INTERRUPTED)


def _fail(message: str, code: int) -> None:
    err.print(f"[red]cufit:[/red] {message}", highlight=False, soft_wrap=True)
    raise SystemExit(code)


def _workspace() -> Workspace:
    leave_the_shells_account()
    workspace = Workspace.from_environment()
    workspace.make_folders()
    return workspace


def _running() -> Workspace:
    workspace = _workspace()
    if not system.is_ready(workspace):
        raise ProcessError(f"nothing answers at {workspace.url}; start it with `make up`")
    return workspace


def _travel(workspace: Workspace) -> Journey:
    return travel(workspace.url, LocalIssuer.of(workspace).token, Progress(err))


def _show_next(workspace: Workspace) -> None:
    out.print(f"\n[bold]API[/bold]    {workspace.url}   [bold]docs[/bold]  {workspace.url}/docs")
    out.print(f"[bold]AWS[/bold]    {workspace.aws_url}  (embedded; nothing leaves this machine)")
    out.print("[bold]token[/bold]  of maker-1, for Authorization: Bearer …", highlight=False)
    out.print(
        LocalIssuer.of(workspace).token("maker-1"), soft_wrap=True, highlight=False, style="dim"
    )
    out.print(
        "[bold]next[/bold]   .venv/bin/cufit status · logs -f · token --as NAME · demo · down"
    )


def _show_status(found: dict[str, Any]) -> None:
    out.print(
        f"{'[green]ready[/green]' if found['ready'] else '[red]not ready[/red]'}  {found['url']}"
    )
    for name, pid in found["processes"].items():
        out.print(f"  {name:<14} {f'process {pid}' if pid else 'not running'}", highlight=False)
    if found["task"]:
        out.print(f"  {'service task':<14} process {found['task']['pid']}", highlight=False)
    for name, state in found["stacks"].items():
        out.print(f"  {name:<28} {state}", highlight=False)
    for name, depth in found["queues"].items():
        out.print(
            f"  {name}  {depth['waiting']} waiting, {depth['in_flight']} in flight", highlight=False
        )
    if "error" in found:
        out.print(f"[red]{found['error']}[/red]")


def _print_json(document: Any) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def _exit_unless(fine: bool) -> None:
    if not fine:
        raise typer.Exit(EXIT_FAILED)
