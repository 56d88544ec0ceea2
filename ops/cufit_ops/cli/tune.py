"""`cufit tune`: what every size an environment could have costs and carries."""

import re
import tempfile
from html import unescape
from pathlib import Path
from typing import Annotated

import typer

from cufit_ops.capacity.edit import edited, resized, size_of, text_of
from cufit_ops.capacity.measured import service_load
from cufit_ops.capacity.study import Study, study, what_it_used
from cufit_ops.cli.output import Json, err, out, print_json, print_markdown
from cufit_ops.cli.tune_tables import document, show, show_task
from cufit_ops.costs.account import built, environments_beside
from cufit_ops.costs.credits import Purse
from cufit_ops.review.language import chosen
from cufit_ops.review.markdown import first_screen
from cufit_ops.review.report import review
from cufit_ops.review.synthesis import Outcome, build
from cufit_ops.step_progress import Progress
from cufit_ops.templates import SynthError
from cufit_ops.workspace import ROOT
from stacks.config_files import CONFIG_FOLDER, load_environments
from stacks.settings import LOCAL


def tune(
    environment: Annotated[
        str | None, typer.Option("--env", help="This one alone, instead of all of its account.")
    ] = None,
    plot: Annotated[
        bool, typer.Option("--plot", help="Draw cost against capacity: tune-ENV.svg and .png.")
    ] = False,
    output: Annotated[
        Path, typer.Option("--output", help="Folder of the charts.", file_okay=False)
    ] = Path(),
    wish: Annotated[
        str | None,
        typer.Option(
            "--set",
            metavar="CPU/MIB",
            help="Write another size into config/ENV.toml and show what its pull request would "
            "say: --env prod --set 512/1024.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --set: show it, and leave the file as it is.")
    ] = False,
    as_json: Json = False,
) -> None:
    """What every size of the service costs the account a month, carries and takes to deploy, and
    which to take. Capacity was measured (`make capacity`), times of a deployment are modelled. Asks
    CloudWatch what was used, if this shell has credentials; nothing else of AWS."""
    if wish is None and dry_run:
        raise ValueError("--dry-run goes with --set CPU/MIB; nothing else writes anything")
    if wish is not None:
        if plot or as_json:
            raise ValueError("--set goes with --env and --dry-run, neither with --plot nor --json")
        _set(environment, wish, keep=not dry_run)
        return
    if environment == LOCAL:
        _show_laptop(as_json)
        return
    if plot:
        _make(output)
    studies, purse = _studies(environment)
    if plot:
        _draw(studies, purse, output)
    if as_json:
        print_json(document(studies, purse, service_load()))
    else:
        show(studies, purse, service_load())


def _studies(environment: str | None) -> tuple[list[Study], Purse]:
    found = environments_beside(environment)
    progress = Progress(err)
    with progress.step("cdk synth"):
        accounts = built(found)
    purse = Purse.of(found)
    with progress.step("prices of every size, and what was used"):
        studies = [
            study(one, accounts, purse, service_load())
            for one in accounts
            if environment in (None, one.settings.name)
        ]
    return studies, purse


def _show_laptop(as_json: bool) -> None:
    (settings,) = load_environments(only=LOCAL)
    _, words = what_it_used(settings)
    if as_json:
        print_json({**document([], Purse(), service_load()), "used": words})
        return
    show_task(service_load())
    out.print(words, markup=False)
    out.print(
        "A laptop costs nothing and holds no task to its size; sizes are those of the others."
    )


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(
            f"--output {folder}: {error.strerror}; name a folder that can be written"
        ) from error


def _draw(studies: list[Study], purse: Purse, folder: Path) -> None:
    from cufit_ops.capacity.chart import draw  # noqa: PLC0415 - a second of matplotlib

    load = service_load()
    for one in studies:
        files = [folder / f"tune-{one.environment}.{ending}" for ending in ("svg", "png")]
        tasks = "1 task" if one.shape.most_tasks == 1 else f"{one.shape.most_tasks} tasks"
        draw(
            one.alike,
            one.recommendation.choice,
            title=f"{one.environment}: cost against capacity ({one.shape.entry}, {tasks}, "
            f"{one.hours})",
            note="Labels: CPU units/MiB, further right MiB alone. Measured "
            f"{load.measured} on {load.machine.processor}, not on AWS.",
            limit=purse.monthly_usd,
            files=files,
        )
        err.print(f"drawn: {files[0]} and {files[1].name}", markup=False)


def _set(environment: str | None, wish: str, *, keep: bool) -> None:
    cpu, memory = size_of(wish)
    if environment is None:
        raise ValueError(f"--set {wish} needs --env: which environment's size?")
    if environment == LOCAL:
        raise ValueError(f"--env {LOCAL}: a laptop holds no task to its size; name another one")
    load_environments(only=environment)
    file = CONFIG_FOLDER / f"{environment}.toml"
    text = text_of(file)
    changed = resized(text, cpu, memory)
    if changed == text:
        out.print(f"{file.name} has {cpu}/{memory} already; nothing to do")
        return
    with tempfile.TemporaryDirectory() as folder:
        text = _preview(file, changed, Path(folder), environment, keep=keep)
    print_markdown(_as_people_type(text))
    left = "" if keep else " (--dry-run: left as it was)"
    out.print(f"{file.parent.name}/{file.name}: cpu = {cpu}, memory = {memory}{left}")


def _as_people_type(text: str) -> str:
    """What was escaped for GitHub, as Markdown."""
    return unescape(re.sub(r"</?code>", "`", re.sub(r"</?span>", "", text)))


def _preview(file: Path, changed: str, folder: Path, environment: str, *, keep: bool) -> str:
    """The first screen of the pull request's report. `file` is written between the two syntheses,
    and put back if the second fails or is stopped."""
    before, after = folder / "before", folder / "after"
    with Progress(err).step("synthesize as it is"):
        build(ROOT, before, validate=False)
    with edited(file, changed, kept=keep), Progress(err).step("synthesize with the other size"):
        made = build(ROOT, after, validate=False)
        if made.outcome is not Outcome.WHOLE:
            raise SynthError(made.said)
        return first_screen(review(before, after, only=environment), chosen())
