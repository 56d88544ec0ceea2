"""Money an evaluation may spend. Each question is priced at its worst before it is asked."""

from dataclasses import dataclass, field
from decimal import Decimal

from cufit_contracts.results import TokenUsage
from cufit_ops.evaluation.bench import Stopped
from cufit_ops.evaluation.cost import price_of
from cufit_ops.evaluation.golden_set import GoldenSet
from cufit_ops.evaluation.subject import Setup
from match_worker.model.prompt import MAX_TEMPLATE
from match_worker.model.seeker_query import MAX_QUERY
from match_worker.ports import Correction, LanguageModel, ModelReply, Search

WORST_TOKENS_PER_CHARACTER = 2
"""No tokenizer in use takes more for Korean text on average; English takes a quarter."""

TOOL_TOKENS = 1000
"""Of a forced tool's schema and what Bedrock writes around it, at most."""

_QUERY = TokenUsage(
    input_tokens=MAX_QUERY * WORST_TOKENS_PER_CHARACTER, output_tokens=0, counted=False
)


@dataclass(slots=True)
class Purse:
    limit_usd: Decimal
    spent_usd: Decimal = field(default=Decimal(0))

    def take(self, usd: Decimal) -> None:
        """Raises: Stopped when it does not hold so much."""
        if self.spent_usd + usd > self.limit_usd:
            raise Stopped(
                f"stopped at {self.spent_usd:.4f} USD: the next question may cost {usd:.4f},"
                f" and the limit is {self.limit_usd}"
            )
        self.spent_usd += usd


class PricedModel:
    """A LanguageModel paid from a purse."""

    def __init__(self, model: LanguageModel, purse: Purse, setup: Setup, golden: GoldenSet) -> None:
        self._model, self._purse = model, purse
        self._worst = worst_price(setup, golden)
        self._price = price_of(setup.settings.model_id)
        self._embedding = price_of(setup.embedding_model_id)

    def ask(self, search: Search, correction: Correction | None) -> ModelReply:
        """A question that fails is taken to have cost its worst.

        Raises:
            Stopped: the worst price does not fit any more.
        """
        self._purse.take(self._worst)
        reply = self._model.ask(search, correction)
        price = self._price.usd(reply.usage) + self._embedding.usd(_QUERY)
        self._purse.spent_usd += price - self._worst
        return reply


def worst_price(setup: Setup, golden: GoldenSet) -> Decimal:
    """US dollars of one question, whatever is found and written.

    Raises:
        ValueError: a price is not known.
    """
    settings = setup.settings
    longest = max(len(document.text) for document in golden.documents.values())
    characters = MAX_TEMPLATE + MAX_QUERY + settings.shortlist * longest
    usage = TokenUsage(
        # A correction by Converse shows the model its first answer again.
        input_tokens=characters * WORST_TOKENS_PER_CHARACTER + TOOL_TOKENS + settings.max_tokens,
        output_tokens=settings.max_tokens,
        counted=False,
    )
    embedding = price_of(setup.embedding_model_id).usd(_QUERY)
    return price_of(settings.model_id).usd(usage) + embedding
