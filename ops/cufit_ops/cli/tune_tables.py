"""What `cufit tune` shows: tables for a terminal, and one document for programs."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

from pydantic.alias_generators import to_camel
from rich.box import SIMPLE_HEAD
from rich.table import Table

from cufit_ops.capacity.choices import HEADROOM, Choice
from cufit_ops.capacity.deployment_time import Deployment, minutes
from cufit_ops.capacity.measured import ONE_CORE, ServiceLoad, Task, rounded
from cufit_ops.capacity.study import Study
from cufit_ops.cli.output import out
from cufit_ops.costs.credits import Purse
from cufit_ops.costs.deployments import deployments
from cufit_ops.costs.use import EXPECTED

WORTH_SHOWING = 1.5
"""Times the limit: what costs more than that is in --json alone."""


def show(studies: list[Study], purse: Purse, load: ServiceLoad) -> None:
    for one in studies:
        _show_money(one, purse)
    show_task(load)
    for found, names in _deployments(studies).items():
        _show_deployment(found, names)
    out.print("What a deployment does to requests behind each entry (never seen on AWS):")
    for run in deployments():
        out.print(f"- {run.words}", style="dim", markup=False)
    for one in studies:
        out.print(one.used_words, markup=False)
    for one in studies:
        out.print(one.recommendation.sentence, style="bold", markup=False)


def _show_money(study: Study, purse: Purse) -> None:
    tasks = "1 task" if study.choices[0].tasks == 1 else f"{study.choices[0].tasks} tasks"
    limit = f", ! above the limit of ${purse.monthly_usd:.2f}" if purse.monthly_usd else ""
    title = (
        f"US dollars of the account's month with another {study.environment} ({tasks}, "
        f"{EXPECTED.members} members, VAT included{limit}, ~ modelled); credits and deployment as "
        f"it is now: {study.shape.entry}, {study.hours}"
    )
    table = _table(title)
    table.add_column("CPU/MiB", no_wrap=True)
    columns = sorted(
        {(one.entry, one.hours) for one in study.choices}, key=lambda c: (c[0] == "alb", c[1])
    )
    for entry, hours in columns:
        table.add_column("\n".join([entry, *hours.split()]), justify="right", no_wrap=True)
    own = (study.shape.entry, study.hours)
    if purse.credits_usd:
        table.add_column(f"months\n${purse.credits_usd:g}", justify="right", no_wrap=True)
    for heading in ("req/s", "first\n200", "memory\nused", "deploy\nmin"):
        table.add_column(heading, justify="right", no_wrap=True)
    for (cpu, memory), row in _rows(study.choices).items():
        if purse.monthly_usd and min(one.usd for one in row.values()) > (
            WORTH_SHOWING * purse.monthly_usd
        ):
            continue
        mine = row[own]
        months = [f"{mine.months:.1f}" if mine.months else "–"] if purse.credits_usd else []
        table.add_row(
            f"{cpu}/{memory}{_mark(mine, study)}",
            *(_usd(row[column], purse) for column in columns),
            *months,
            ("" if mine.measured else "~") + rounded(mine.requests_per_second),
            f"{mine.first_answer_seconds:.1f} s",
            f"{mine.memory_share:.0%}",
            minutes(mine.deployment.typical) if mine.deployment else "–",
        )
    out.print(table)


def _table(title: str) -> Table:
    """Narrow: a terminal has 80 columns."""
    return Table(
        title=title, title_justify="left", box=SIMPLE_HEAD, show_edge=False, pad_edge=False,
        padding=0,
    )  # fmt: skip


def _rows(choices: Iterable[Choice]) -> dict[tuple[int, int], dict[tuple[str, str], Choice]]:
    rows: dict[tuple[int, int], dict[tuple[str, str], Choice]] = {}
    for one in choices:
        rows.setdefault((one.cpu, one.memory), {})[one.entry, one.hours] = one
    return rows


def _mark(mine: Choice, study: Study) -> str:
    words = ["now"] * mine.now + ["take"] * (mine == study.recommendation.choice)
    return f" [bold]{', '.join(words)}[/bold]" if words else ""


def _usd(one: Choice, purse: Purse) -> str:
    """Red where it is too much, and told without colours as well."""
    over = purse.monthly_usd is not None and one.usd > purse.monthly_usd
    return f"[red]{one.usd:.2f}![/red]" if over else f"{one.usd:.2f}"


def show_task(load: ServiceLoad) -> None:
    """What one task carries, each size that was measured and the one above, modelled."""
    title = (
        f"One task, measured {load.measured} on {load.machine.processor}, "
        f"{load.machine.cores} cores (loop {load.loop_ms:.0f} ms), not on AWS: "
        f"{load.conditions.service}; {load.conditions.writes:.0%} writes; AWS in memory answers "
        f"after {load.conditions.aws_latency_ms:g} ms"
    )
    table = _table(title)
    for heading in ("CPU", "req/s", "p50/p95", "at", "a request", "first", "memory", ""):
        table.add_column(heading, justify="right", no_wrap=True)
    for task in tasks(load):
        table.add_row(
            f"{task.cpu}" if task.measured else f"≥ {task.cpu}",
            rounded(task.requests_per_second),
            f"{task.p50_ms:.0f}/{task.p95_ms:.0f} ms",
            f"{task.at_requests_per_second:.0f}/s",
            f"{task.cpu_ms_per_request:.1f} ms",
            f"{task.first_answer_seconds:.1f} s",
            f"{task.memory_at_rest_mib:.0f}–{task.memory_under_load_mib:.0f} MiB",
            "measured" if task.measured else "modelled",
        )
    out.print(table)
    out.print(
        f"req/s: flat out, median of {task.rounds} rounds; a size is to carry {HEADROOM} "
        "times what is expected. Modelled: the service is one process, which uses one core; more "
        "come from more tasks. First: until the first 200. Memory: at rest and under load; old and "
        "new task of a deployment each have their own.",
        style="dim",
    )


def tasks(load: ServiceLoad) -> list[Task]:
    return [load.task(cpu) for cpu in (*load.sizes, 2 * ONE_CORE)]


def _deployments(studies: list[Study]) -> dict[Deployment | None, list[str]]:
    """Environments that take equally long, together."""
    found: dict[Deployment | None, list[str]] = {}
    for one in studies:
        found.setdefault(one.deployment, []).append(one.environment)
    return found


def _show_deployment(found: Deployment | None, names: list[str]) -> None:
    if found is None:
        out.print(f"{', '.join(names)}: no task is replaced by a deployment", markup=False)
        return
    out.print(f"{', '.join(names)}: a deployment takes {found.words}:", markup=False)
    for part in found.parts:
        out.print(f"- {part.words}", style="dim", markup=False)


def document(studies: list[Study], purse: Purse, load: ServiceLoad) -> dict[str, Any]:
    return {
        "version": 1,
        "limitUsd": purse.monthly_usd,
        "creditsUsd": purse.credits_usd,
        "measured": load.model_dump(mode="json", by_alias=True, exclude={"rounds", "version"})
        | {"loopMs": load.loop_ms},
        "tasks": [task.model_dump(mode="json", by_alias=True) for task in tasks(load)],
        "environments": {one.environment: _of_study(one) for one in studies},
        "deployments": [run.model_dump(mode="json") for run in deployments()],
    }


def _of_study(study: Study) -> dict[str, Any]:
    take = study.recommendation.choice
    return {
        "now": study.shape.size,
        "tasks": study.shape.most_tasks,
        "entry": study.shape.entry,
        "hours": study.hours,
        "expected": _plain(study.expected),
        "used": _plain(study.used),
        "usedWords": study.used_words,
        "deployment": _plain(study.deployment),
        "recommendation": {
            "size": take.size if take else None,
            "sentence": study.recommendation.sentence,
        },
        "choices": [_plain(one) for one in study.choices],
    }


def _plain(value: Any) -> Any:
    """As JSON writes names."""
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, Mapping):
        return {to_camel(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return round(value, 4) if isinstance(value, float) else value
