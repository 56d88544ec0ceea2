"""The figures of one matcher with one prompt."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cufit_contracts.vocabulary import RecommendationStatus
from cufit_ops.evaluation import contract
from cufit_ops.evaluation.agreement import Agreement, agreed
from cufit_ops.evaluation.bench import Bench
from cufit_ops.evaluation.cost import Cost, cost_of
from cufit_ops.evaluation.exposure import Exposure
from cufit_ops.evaluation.intervals import Interval, mean_interval
from cufit_ops.evaluation.learning import Learned
from cufit_ops.evaluation.measures import percentile
from cufit_ops.evaluation.rounds import UntilDry
from cufit_ops.evaluation.run import Run
from match_worker.model.answer import read_answer
from match_worker.model.prompt import Prompt

RUNGS = ("strict", "extracted", "cut", "corrected", "rules", "failed")
"""Of the ladder: the answer was the JSON asked for; it had that JSON in it; the second one did;
no answer was usable, so rules ranked; nobody could be recommended."""


@dataclass(frozen=True, slots=True)
class Stability:
    """Shares of seekers who got the same five in the same order every time."""

    times: int
    over_repeats: Interval | None
    """None when money did not last."""
    over_orders: Interval | None
    """The same people, shown to the model in other orders; None where that cannot be arranged."""


@dataclass(frozen=True, slots=True)
class Injection:
    attacks: int
    own_score_change: float
    """Points an attacked profile won or lost by the attack, mean of absolute values."""
    most_won_when_obeyed: int
    """Points won at most with a model that obeys; the judged parts bound it."""


@dataclass(frozen=True, slots=True)
class Milliseconds:
    p50: float
    p95: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Milliseconds":
        p50, p95 = (round(1000 * percentile(seconds, share), 2) for share in (0.50, 0.95))
        return cls(p50, p95)


@dataclass(frozen=True, slots=True)
class Repeatedly:
    """What shows over many recommendations."""

    until_dry: UntilDry
    exposure: Exposure
    learning: Sequence[Learned]


@dataclass(frozen=True, slots=True)
class Figures:
    matcher: str
    prompt_version: str
    prompt_hash: str
    agreement: Agreement
    perfect: Agreement | None
    """The same with a judge that knows the labels (cufit_ops.evaluation.perfect); None when a real
    model answered or none was asked."""
    strict: Interval | None
    """Share of runs whose first answer was the JSON asked for; None when no model was asked."""
    rungs: Mapping[str, int]
    """Runs by rung."""
    broken_rungs: Mapping[str, int]
    """The same when answers are broken on purpose; empty without a stand-in."""
    stability: Stability
    injection: Injection | None
    repeatedly: Repeatedly | None
    """None but for the default path."""
    must_be_zero: Mapping[str, int]
    """By name of contract.MUST_BE_ZERO."""
    crashes: Sequence[str]
    cost: Cost | None
    """None when no model is asked."""
    overhead_ms: Milliseconds
    """Of the worker itself, around the calls."""
    model_ms: Milliseconds | None
    """Of the calls; None when nothing real was called."""

    @property
    def name(self) -> str:
        return f"{self.matcher} {self.prompt_version}"


def measured(
    bench: Bench,
    runs: Sequence[Run],
    *,
    live: bool,
    stability: Stability,
    injection: Injection | None,
    broken: Sequence[Run] = (),
    perfect: Sequence[Run] = (),
    others: Sequence[Bench] = (),
) -> Figures:
    """Figures of `runs`, made on `bench`; `others` count for what must be zero, the runs `broken`
    on purpose for nothing but their rungs, and those judged `perfect` for their agreement.

    Raises:
        ValueError: the price of a model is not known.
    """
    setup = bench.setup
    benches = [bench, *others]
    zeroes = sum((one.broken for one in benches), Counter[str]())
    return Figures(
        matcher=setup.settings.matchmaker,
        prompt_version=setup.prompt.version,
        prompt_hash=setup.prompt.content_hash,
        agreement=agreed(runs),
        perfect=agreed(perfect) if perfect else None,
        strict=_strict(runs, setup.prompt),
        rungs=_rungs(runs, setup.prompt),
        broken_rungs=_rungs(broken, setup.prompt) if broken else {},
        stability=stability,
        injection=injection,
        repeatedly=None,
        must_be_zero={name: zeroes[name] for name in contract.MUST_BE_ZERO},
        crashes=[crash for one in benches for crash in one.crashes],
        cost=cost_of(runs, setup, live=live),
        overhead_ms=Milliseconds.of([run.seconds for run in runs]),
        model_ms=Milliseconds.of([run.model_seconds for run in runs]) if live else None,
    )


def _rungs(runs: Sequence[Run], prompt: Prompt) -> dict[str, int]:
    counted = Counter(_rung(run, prompt) for run in runs)
    return {rung: counted[rung] for rung in RUNGS}


def _strict(runs: Sequence[Run], prompt: Prompt) -> Interval | None:
    if not any(run.replies for run in runs):
        return None
    return mean_interval([float(_rung(run, prompt) == "strict") for run in runs])


def _rung(run: Run, prompt: Prompt) -> str:
    if run.status is RecommendationStatus.FAILED:
        return "failed"
    if run.status is RecommendationStatus.DEGRADED or not run.replies:
        return "rules"
    if len(run.replies) > 1:
        return "corrected"
    return read_answer(run.replies[0].text, prompt.rubric).rung
