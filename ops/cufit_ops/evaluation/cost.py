"""What recommendations cost: tokens of the real prompts and documents, by the price table."""

from collections.abc import Sequence
from dataclasses import dataclass

from cufit_contracts.results import TokenUsage
from cufit_ops.evaluation.golden_set import NOW
from cufit_ops.evaluation.intervals import Interval, mean_interval
from cufit_ops.evaluation.run import Run
from cufit_ops.evaluation.subject import Setup
from match_worker.model.model_prices import ModelPrice, model_prices
from match_worker.model.seeker_query import seeker_query
from match_worker.model.token_usage import estimated_tokens


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one recommendation, mean over the seekers; corrections and failed answers included."""

    model_id: str
    input_tokens: Interval
    output_tokens: Interval
    counted: bool
    """False: tokens are estimated from the texts (match_worker.model.token_usage)."""
    usd_per_match: Interval
    """Tokens of the model, and of embedding the query."""

    @property
    def usd_per_1000(self) -> float:
        return 1000 * self.usd_per_match.mean


def cost_of(runs: Sequence[Run], setup: Setup, *, live: bool) -> Cost | None:
    """None when no model was asked. What a stand-in calls counted is estimated all the same.

    Raises:
        ValueError: a price is not known.
    """
    replies = [reply for run in runs for reply in run.replies]
    if not replies:
        return None
    return Cost(
        model_id=setup.settings.model_id,
        input_tokens=mean_interval([float(_used(run).input_tokens) for run in runs]),
        output_tokens=mean_interval([float(_used(run).output_tokens) for run in runs]),
        counted=live and all(reply.usage.counted for reply in replies),
        usd_per_match=mean_interval([_usd(run, setup) for run in runs]),
    )


def _used(run: Run) -> TokenUsage:
    return TokenUsage(
        input_tokens=sum(reply.usage.input_tokens for reply in run.replies),
        output_tokens=sum(reply.usage.output_tokens for reply in run.replies),
        counted=False,
    )


def _usd(run: Run, setup: Setup) -> float:
    query = estimated_tokens(seeker_query(run.seeker.profile, "rec_golden", NOW))
    embedded = TokenUsage(input_tokens=query * len(run.replies), output_tokens=0, counted=False)
    usd = price_of(setup.settings.model_id).usd(_used(run))
    return float(usd + price_of(setup.embedding_model_id).usd(embedded))


def price_of(model_id: str) -> ModelPrice:
    """Raises: ValueError when the table has none."""
    prices = model_prices()
    if model_id not in prices:
        raise ValueError(
            f"no price of {model_id} in lambdas/match_worker/model/model_prices.toml;"
            f" it has {', '.join(prices)}"
        )
    return prices[model_id]
