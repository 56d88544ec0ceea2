"""Money an evaluation may spend. Each question is priced at its worst before it is asked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from cufit_contracts.results import TokenUsage
from cufit_ops.evaluation.bench import Stopped
from cufit_ops.evaluation.figures import price_of
from cufit_ops.evaluation.golden_set import GoldenSet
from match_worker.model.prompt import MAX_TEMPLATE
from match_worker.model.seeker_query import MAX_QUERY
from match_worker.ports import LanguageModel, ModelReply, Search
from match_worker.settings import Settings

WORST_TOKENS_PER_CHARACTER = 2
"""No tokenizer in use takes more for Korean text on average; English takes a quarter."""

TOOL_TOKENS = 1000
"""Of a forced tool's schema and what Bedrock writes around it, at most."""


@dataclass(slots=True)
class Purse:
    limit_usd: Decimal
    spent_usd: Decimal = field(default=Decimal(0))

    def pay(self, worst: Decimal, ask: Callable[[], tuple[ModelReply, Decimal]]) -> ModelReply:
        """Ask if the worst price still fits; a question that fails is taken to have cost it.

        Raises:
            Stopped: it does not fit.
        """
        if self.spent_usd + worst > self.limit_usd:
            raise Stopped(
                f"stopped at {self.spent_usd:.4f} USD: the next question may cost {worst:.4f},"
                f" and the limit is {self.limit_usd}"
            )
        self.spent_usd += worst
        reply, price = ask()
        self.spent_usd += price - worst
        return reply


class PricedModel:
    """A LanguageModel paid from a purse."""

    def __init__(
        self, model: LanguageModel, purse: Purse, settings: Settings, embedding: str, worst: Decimal
    ) -> None:
        self._model, self._purse, self._worst = model, purse, worst
        self._price, self._embedding = price_of(settings.model_id), price_of(embedding)
        self.seconds_at_most = model.seconds_at_most

    def ask(self, search: Search, correction: str | None) -> ModelReply:
        def paid() -> tuple[ModelReply, Decimal]:
            reply = self._model.ask(search, correction)
            return reply, self._price.usd(reply.usage) + self._embedding.usd(_QUERY)

        return self._purse.pay(self._worst, paid)


_QUERY = TokenUsage(
    input_tokens=MAX_QUERY * WORST_TOKENS_PER_CHARACTER, output_tokens=0, counted=False
)


def worst_price(settings: Settings, embedding: str, golden: GoldenSet) -> Decimal:
    """US dollars of one question, whatever is found and written.

    Raises:
        ValueError: a price is not known.
    """
    longest = max(len(document.text) for document in golden.documents.values())
    characters = MAX_TEMPLATE + MAX_QUERY + settings.number_of_results * longest
    usage = TokenUsage(
        input_tokens=characters * WORST_TOKENS_PER_CHARACTER + TOOL_TOKENS,
        output_tokens=settings.max_tokens,
        counted=False,
    )
    return price_of(settings.model_id).usd(usage) + price_of(embedding).usd(_QUERY)
