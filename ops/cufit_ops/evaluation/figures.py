"""The figures of one matcher with one prompt."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from cufit_contracts.alias import alias_of
from cufit_contracts.results import MAX_RANKED, TokenUsage
from cufit_contracts.vocabulary import RecommendationStatus
from cufit_ops.evaluation import contract
from cufit_ops.evaluation.bench import Bench
from cufit_ops.evaluation.golden_set import NOW
from cufit_ops.evaluation.measures import kendall_tau, ndcg, percentile
from cufit_ops.evaluation.run import Run
from cufit_ops.evaluation.subject import Setup
from match_worker.model.answer import read_answer
from match_worker.model.model_prices import ModelPrice, model_prices
from match_worker.model.prompt import Prompt
from match_worker.model.seeker_query import seeker_query
from match_worker.model.token_usage import estimated_tokens
from match_worker.ports import ModelReply

_ID = re.compile(r'"id" ?: ?"([A-Za-z0-9_]+)"')

RUNGS = ("strict", "extracted", "cut", "corrected", "rules", "failed")
"""Of the ladder: the answer was the JSON asked for; it had that JSON in it; the second one did;
no answer was usable, so rules ranked; nobody could be recommended."""


@dataclass(frozen=True, slots=True)
class Agreement:
    seekers: int
    ndcg_at_5: float
    ndcg_of_found: float | None
    """What the best order of the people the model was shown would reach: the rest was lost by the
    retrieval. None when no model was asked."""
    kendall_tau: float
    """Of the scores shown with the labelled appeal, mean over seekers."""


@dataclass(frozen=True, slots=True)
class Stability:
    """Shares of seekers who got the same five in the same order every time."""

    times: int
    over_repeats: float | None
    """None when money did not last."""
    over_orders: float | None
    """The same people, shown to the model in other orders; None where that cannot be arranged."""


@dataclass(frozen=True, slots=True)
class Injection:
    attacks: int
    own_score_change: float
    """Points an attacked profile won or lost by the attack, mean of absolute values."""
    most_won_when_obeyed: int
    """Points won at most with a model that obeys; the judged parts bound it."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one recommendation, mean over the seekers; corrections and failed answers included."""

    model_id: str
    input_tokens: float
    output_tokens: float
    counted: bool
    """False: tokens are estimated from the texts (match_worker.model.token_usage)."""
    usd_per_match: float
    """Tokens of the model, and of embedding the query."""

    @property
    def usd_per_1000(self) -> float:
        return 1000 * self.usd_per_match


@dataclass(frozen=True, slots=True)
class Milliseconds:
    p50: float
    p95: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Milliseconds":
        p50, p95 = (round(1000 * percentile(seconds, share), 2) for share in (0.50, 0.95))
        return cls(p50, p95)


@dataclass(frozen=True, slots=True)
class Figures:
    matcher: str
    prompt_version: str
    prompt_hash: str
    agreement: Agreement
    rungs: Mapping[str, int]
    """Runs by rung."""
    broken_rungs: Mapping[str, int]
    """The same when answers are broken on purpose; empty without a stand-in."""
    stability: Stability
    injection: Injection | None
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
    others: Sequence[Bench] = (),
) -> Figures:
    """Figures of `runs`, made on `bench`; `others` count for what must be zero, and the runs
    `broken` on purpose for nothing but their rungs.

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
        agreement=_agreement(runs),
        rungs=_rungs(runs, setup.prompt),
        broken_rungs=_rungs(broken, setup.prompt) if broken else {},
        stability=stability,
        injection=injection,
        must_be_zero={name: zeroes[name] for name in contract.MUST_BE_ZERO},
        crashes=[crash for one in benches for crash in one.crashes],
        cost=_cost(runs, setup, live=live),
        overhead_ms=Milliseconds.of([run.seconds for run in runs]),
        model_ms=Milliseconds.of([run.model_seconds for run in runs]) if live else None,
    )


def _agreement(runs: Sequence[Run]) -> Agreement:
    gains = [ndcg(run.ranked, run.seeker.grade, MAX_RANKED) for run in runs]
    taus = [_tau(run) for run in runs]
    return Agreement(
        seekers=len(runs),
        ndcg_at_5=_mean_of_known(gains) or 0.0,
        ndcg_of_found=_mean_of_known([_best_of_found(run) for run in runs]),
        kendall_tau=_mean_of_known(taus) or 0.0,
    )


def _mean_of_known(values: Sequence[float | None]) -> float | None:
    known = [one for one in values if one is not None]
    return round(fmean(known), 4) if known else None


def _best_of_found(run: Run) -> float | None:
    if not run.replies:
        return None
    judged = _judged_in(run.replies[-1], run.seeker.appeal)
    best = sorted(judged, key=lambda one: -run.seeker.grade.get(one, 0))
    return ndcg(best, run.seeker.grade, MAX_RANKED)


def _judged_in(reply: ModelReply, people: Iterable[str]) -> list[str]:
    """Who of the people is judged; a reply that judges all whom the model was shown tells them
    all."""
    named = set(_ID.findall(reply.text))
    return sorted(one for one in people if alias_of(one) in named)


def _tau(run: Run) -> float | None:
    shown = run.result.candidates if run.result else []
    known = [one for one in shown if one.candidate_id in run.seeker.appeal]
    appeals = [run.seeker.appeal[one.candidate_id] for one in known]
    return kendall_tau([one.score for one in known], appeals)


def _rungs(runs: Sequence[Run], prompt: Prompt) -> dict[str, int]:
    counted = Counter(_rung(run, prompt) for run in runs)
    return {rung: counted[rung] for rung in RUNGS}


def _rung(run: Run, prompt: Prompt) -> str:
    if run.status is RecommendationStatus.FAILED:
        return "failed"
    if run.status is RecommendationStatus.DEGRADED or not run.replies:
        return "rules"
    if len(run.replies) > 1:
        return "corrected"
    return read_answer(run.replies[0].text, prompt.rubric).rung


def _cost(runs: Sequence[Run], setup: Setup, *, live: bool) -> Cost | None:
    """None when no model was asked. What a stand-in calls counted is estimated all the same."""
    replies = [(run, reply) for run in runs for reply in run.replies]
    if not replies:
        return None
    model_id = setup.settings.model_id
    used = TokenUsage(
        input_tokens=sum(reply.usage.input_tokens for _, reply in replies),
        output_tokens=sum(reply.usage.output_tokens for _, reply in replies),
        counted=live and all(reply.usage.counted for _, reply in replies),
    )
    embedded = TokenUsage(
        input_tokens=sum(estimated_tokens(_query(run)) for run, _ in replies),
        output_tokens=0,
        counted=False,
    )
    usd = price_of(model_id).usd(used) + price_of(setup.embedding_model_id).usd(embedded)
    return Cost(
        model_id=model_id,
        input_tokens=round(used.input_tokens / len(runs), 1),
        output_tokens=round(used.output_tokens / len(runs), 1),
        counted=used.counted,
        usd_per_match=round(float(usd) / len(runs), 7),
    )


def _query(run: Run) -> str:
    return seeker_query(run.seeker.profile, "rec_golden", NOW)


def price_of(model_id: str) -> ModelPrice:
    """Raises: ValueError when the table has none."""
    prices = model_prices()
    if model_id not in prices:
        raise ValueError(
            f"no price of {model_id} in lambdas/match_worker/model/model_prices.toml;"
            f" it has {', '.join(prices)}"
        )
    return prices[model_id]
