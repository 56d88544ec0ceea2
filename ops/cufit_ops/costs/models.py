"""What an environment's models are asked in a month, by its templates."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cufit_contracts.results import SIMULATED_MODEL_PREFIX
from cufit_ops.costs import use as of
from cufit_ops.costs.tasks import whole
from cufit_ops.costs.use import Use
from cufit_ops.template_graph import Account
from match_worker.model.model_prices import model_prices

MILLION = Decimal(1_000_000)


@dataclass(frozen=True)
class Tokens:
    """Of one model in one direction, a month."""

    model_id: str
    written: bool
    count: float

    @property
    def meter(self) -> str:
        return f"{self.model_id} {'written' if self.written else 'read'}"

    @property
    def each(self) -> float:
        """US dollars of one token. A model without a price is taken for the dearest known one."""
        prices = model_prices()
        known = [prices[self.model_id]] if self.model_id in prices else [*prices.values()]
        return float(max(one.output if self.written else one.input for one in known) / MILLION)

    @property
    def is_priced(self) -> bool:
        return self.model_id in model_prices()


def tokens(account: Account, use: Use) -> list[Tokens]:
    """Read and written by the model that judges, and read by the one that embeds."""
    return [*_judging(account, use), *_embedding(account, use)]


def _judging(account: Account, use: Use) -> list[Tokens]:
    worker = _worker(account)
    model_id = str(worker.get("CUFIT_MODEL_ID", ""))
    if worker.get("CUFIT_MATCHMAKER", "rules") == "rules" or not model_id:
        return []
    if model_id.startswith(SIMULATED_MODEL_PREFIX):
        return []
    asked = float(use.recommendations)
    if worker.get("CUFIT_SHADOW_PROMPT_VERSION"):
        asked *= 1 + of.SHADOWED
    asked *= (whole(worker.get("CUFIT_SHORTLIST")) or of.SHORTLIST) / of.SHORTLIST
    return [
        Tokens(model_id, False, asked * of.INPUT_TOKENS),
        Tokens(model_id, True, asked * of.OUTPUT_TOKENS),
    ]


def _embedding(account: Account, use: Use) -> list[Tokens]:
    read = use.members * of.CHANGES_PER_MEMBER * of.EMBEDDED_TOKENS
    read += use.recommendations * 2 * of.SEARCHED_TOKENS
    for _, knowledge_base in account.of("AWS::Bedrock::KnowledgeBase"):
        configuration = knowledge_base.get("KnowledgeBaseConfiguration", {})
        vectors = configuration.get("VectorKnowledgeBaseConfiguration", {})
        arn = vectors.get("EmbeddingModelArn")
        if isinstance(arn, str):
            return [Tokens(arn.rpartition("/")[2], False, read)]
    return []


def _worker(account: Account) -> Mapping[str, Any]:
    for _, function in account.of("AWS::Lambda::Function"):
        if function.get("Handler") == "match_worker.handler.handler":
            variables: Mapping[str, Any] = function.get("Environment", {}).get("Variables", {})
            return variables
    return {}
