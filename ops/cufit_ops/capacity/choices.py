"""Every size an environment could have: its money, what it carries, and which to take."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cufit_ops.capacity.deployment_time import Range, deployment
from cufit_ops.capacity.measured import ServiceLoad, rounded
from cufit_ops.capacity.shape import shape_of
from cufit_ops.costs.alternatives import Alternative
from cufit_ops.costs.credits import Purse

HEADROOM = 2
"""Times the expected load: what is measured here is a laptop-like machine, and Fargate's processors
are slower or faster by an amount nobody has seen."""
MOST_MEMORY = 0.5
"""Of the limit, under load: a task that reaches its limit is killed."""


@dataclass(frozen=True)
class Choice:
    cpu: int
    """CPU units; 1024 are one vCPU."""
    memory: int
    """MiB."""
    tasks: int
    entry: str
    hours: str
    usd: float
    """The whole account's month with it, VAT included."""
    months: float | None
    """Until the credits end at that pace."""
    requests_per_second: float
    """Of all tasks, flat out."""
    measured: bool
    """Or modelled, above one vCPU."""
    first_answer_seconds: float
    memory_share: float
    """Of a task's limit, under load. Two generations do not share it: each task has its own."""
    deployment: Range | None
    """Seconds; None where no task runs."""
    now: bool

    @property
    def size(self) -> str:
        return f"{self.cpu}/{self.memory}"


@dataclass(frozen=True)
class Expected:
    """Load that a size is chosen for."""

    requests_per_second: float
    words: str
    """Who says so."""


def expected(let_through: float | None, peak: float | None) -> Expected:
    """What the API lets through, or what it really had, whichever is more."""
    through, seen = let_through or 0.0, peak or 0.0
    if seen > through:
        return Expected(seen, f"the {seen:.2g} a second of the busiest five minutes")
    return Expected(through, f"the {through:g} a second that the API lets through")


def frontier(choices: Iterable[Choice]) -> list[Choice]:
    """Those that nothing beats: each carries more than all that cost no more. Cheapest first."""
    best: list[Choice] = []
    for one in sorted(choices, key=lambda c: (c.usd, -c.requests_per_second)):
        if not best or one.requests_per_second > best[-1].requests_per_second:
            best.append(one)
    return best


def holding(choices: Iterable[Choice], load: Expected) -> list[Choice]:
    """Those of the frontier that carry HEADROOM times the load with memory to spare."""
    return [
        one
        for one in frontier(one for one in choices if one.memory_share <= MOST_MEMORY)
        if one.requests_per_second >= HEADROOM * load.requests_per_second
    ]


@dataclass(frozen=True)
class Recommendation:
    choice: Choice | None
    sentence: str


def recommended(
    environment: str, choices: Sequence[Choice], load: Expected, limit: float | None
) -> Recommendation:
    """Among `choices`, which are of one entry, number of tasks and hours."""
    enough = holding(choices, load)
    if not enough:
        tasks = choices[0].tasks
        within = "one task" if tasks == 1 else f"{tasks} tasks"
        return Recommendation(
            None,
            f"{environment}: no size carries {HEADROOM} times {load.words} in {within}; take more "
            "tasks (desired_count), because one process uses one core.",
        )
    best = enough[0]
    now = next((one for one in choices if one.now), None)
    cost = f"${best.usd:.2f} a month for the account"
    if limit is not None and best.usd > limit:
        return Recommendation(
            None,
            f"{environment}: no size that carries {HEADROOM} times {load.words} fits into "
            f"${limit:.2f} a month; the cheapest, {best.size}, makes it {cost}.",
        )
    wanted = load.requests_per_second
    times = f"{best.requests_per_second / wanted:.0f} times {load.words}, " if wanted else ""
    carries = (
        f"it carries about {rounded(best.requests_per_second)} requests a second, {times}with "
        f"{best.memory_share:.0%} of its memory, and is the cheapest that does ({cost}"
    )
    end = f", limit ${limit:.2f})" if limit is not None else ")"
    if now is not None and best.now:
        return Recommendation(best, f"{environment}: stay with {best.size}: {carries}{end}.")
    instead = f" instead of ${now.usd:.2f} with {now.size}" if now else ""
    return Recommendation(best, f"{environment}: take {best.size}: {carries}{instead}{end}.")


def choices_of(
    alternatives: Iterable[Alternative], entry: str, load: ServiceLoad, purse: Purse
) -> list[Choice]:
    """`entry` is the one the environment has: of the other its checks are not in the templates."""
    return [_choice(one, entry, load, purse) for one in alternatives]


def _choice(one: Alternative, entry: str, load: ServiceLoad, purse: Purse) -> Choice:
    task, runway = load.task(one.cpu), purse.runway(one.usd)
    shape = shape_of(one.account) if one.entry == entry else None
    deployed = deployment(shape, load) if shape else None
    return Choice(
        cpu=one.cpu,
        memory=one.memory,
        tasks=one.tasks,
        entry=one.entry,
        hours=one.hours,
        usd=one.usd,
        months=runway.months if runway else None,
        requests_per_second=one.tasks * task.requests_per_second,
        measured=task.measured,
        first_answer_seconds=task.first_answer_seconds,
        memory_share=task.memory_under_load_mib / one.memory,
        deployment=deployed.seconds if deployed else None,
        now=one.now,
    )
