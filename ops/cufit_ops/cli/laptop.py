"""Commands about the system on this laptop."""

import json
import sys
from typing import Annotated, Any

import typer
from rich.markup import escape

from cufit_ops.cli.output import Json, err, exit_unless, out, print_json
from cufit_ops.demo import report
from cufit_ops.demo.journey import Journey, travel
from cufit_ops.laptop import health, system
from cufit_ops.laptop import logs as local_logs
from cufit_ops.laptop.environment import leave_the_shells_account
from cufit_ops.laptop.platform.issuer import LocalIssuer
from cufit_ops.laptop.platform.pages import photos_page
from cufit_ops.laptop.processes import ProcessError
from cufit_ops.step_progress import Progress
from cufit_ops.workspace import Workspace


def up(as_json: Json = False) -> None:
    """Start the embedded AWS, deploy what changed, run one real journey, leave it running."""
    workspace = _workspace()
    with system.exclusive(workspace):
        brought = system.bring_up(workspace, Progress(err))
        journey = _travel(workspace)
    if as_json:
        print_json(
            {
                "url": workspace.url,
                "photosPage": photos_page(workspace),
                **vars(brought),
                "journey": report.as_json(journey),
            }
        )
    else:
        report.show(journey, out)
        _show_next(workspace)
    exit_unless(journey.succeeded)


def down() -> None:
    """Stop what `up` started. The state stays; `up` goes on with it."""
    workspace = _workspace()
    with system.exclusive(workspace):
        stopped = system.take_down(workspace, Progress(err))
    err.print("stopped" if stopped else "nothing was running")


def reset() -> None:
    """Stop, and forget the state: members, photos, deployment, keys."""
    workspace = _workspace()
    with system.exclusive(workspace):
        system.take_down(workspace, Progress(err))
        system.forget(workspace)
    err.print(f"{workspace.state} is empty")


def demo(as_json: Json = False) -> None:
    """Repeat the journey: exit 1 if a recommendation ended neither READY nor DEGRADED."""
    workspace = _running()
    journey = _travel(workspace)
    if as_json:
        print_json(report.as_json(journey))
    else:
        report.show(journey, out)
    exit_unless(journey.succeeded)


def status(as_json: Json = False) -> None:
    """What runs and what is dead, how the stacks and queues are. Exit 1 if it is not ready."""
    found = health.status(_workspace())
    if as_json:
        print_json(found)
    else:
        _show_status(found)
    exit_unless(found["ready"])


def token(
    name: Annotated[
        str, typer.Option("--as", help="Who: admin, maker-1, candidate-01 or any new name.")
    ],
    hours: Annotated[float, typer.Option(min=0.01, max=24, help="How long it is valid.")] = 12,
) -> None:
    """Print a bearer token of the local issuer for a made-up person."""
    out.print(
        LocalIssuer.of(_workspace()).token(name, int(hours * 3600)), soft_wrap=True, markup=False
    )


def logs(
    since: Annotated[str, typer.Option(help="How far back: 30s, 10m, 2h, 1d.")] = "10m",
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with new lines.")] = False,
    correlation_id: Annotated[
        str, typer.Option("--id", help="Only lines of this correlation id.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Lines of the service and every function, in the order of time."""
    seconds = local_logs.seconds_of(since)
    for line in local_logs.read(_running(), seconds, correlation_id, follow):
        if as_json:
            sys.stdout.write(json.dumps(line.__dict__, ensure_ascii=False) + "\n")
            sys.stdout.flush()
        else:
            local_logs.show(line, out)


def _workspace() -> Workspace:
    leave_the_shells_account()
    workspace = Workspace.from_environment()
    workspace.make_folders()
    return workspace


def _running() -> Workspace:
    workspace = _workspace()
    if system.platform(workspace).get("parked"):
        raise ProcessError("the service is parked; `cufit unpark` has it run again")
    if not system.is_ready(workspace):
        raise ProcessError(f"nothing answers at {workspace.url}; start it with `make up`")
    return workspace


def _travel(workspace: Workspace) -> Journey:
    return travel(workspace.url, LocalIssuer.of(workspace).token, Progress(err))


def _show_next(workspace: Workspace) -> None:
    out.print(f"\n[bold]API[/bold]    {workspace.url}   [bold]docs[/bold]  {workspace.url}/docs")
    out.print(f"[bold]photos[/bold] {photos_page(workspace)}  (a page that uploads)")
    out.print(f"[bold]AWS[/bold]    {workspace.aws_url}  (embedded; nothing leaves this machine)")
    out.print("[bold]token[/bold]  of maker-1, for Authorization: Bearer …")
    out.print(LocalIssuer.of(workspace).token("maker-1"), soft_wrap=True, style="dim")
    out.print(
        "[bold]next[/bold]   .venv/bin/cufit status · logs -f · token --as NAME · demo · down"
    )


def _show_status(found: dict[str, Any]) -> None:
    out.print(
        f"{'[green]ready[/green]' if found['ready'] else '[red]not ready[/red]'}  {found['url']}"
    )
    for fault in found["faults"]:
        out.print(f"  [red]{escape(fault)}[/red]", soft_wrap=True)
    for name, pid in found["processes"].items():
        out.print(f"  {name:<14} {f'process {pid}' if pid else 'not running'}")
    if found["task"]:
        out.print(f"  {'service task':<14} process {found['task']['pid']}")
    for name, state in found["stacks"].items():
        out.print(f"  {name:<28} {state}")
    for name, depth in found["queues"].items():
        out.print(
            f"  {name}  {depth['waiting']} waiting, {depth['in_flight']} in flight", soft_wrap=True
        )


COMMANDS = (up, down, reset, demo, status, token, logs)
