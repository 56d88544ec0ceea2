"""What tokens cost: the price table model_prices.toml, and the estimate kept with each result."""

import tomllib
from datetime import date
from decimal import ROUND_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from cufit_contracts.results import SIMULATED_MODEL_PREFIX, TokenUsage

_MICRO = Decimal(1_000_000)

Usd = Annotated[Decimal, Field(ge=0)]


class ModelPrice(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    input: Usd
    """US dollars per million tokens read."""
    output: Usd
    """US dollars per million tokens written."""
    source: Annotated[str, Field(min_length=1)]
    checked: date

    def micro_usd(self, usage: TokenUsage) -> Decimal:
        """Dollars per million tokens are millionths of a dollar per token."""
        return self.input * usage.input_tokens + self.output * usage.output_tokens

    def usd(self, usage: TokenUsage) -> Decimal:
        return self.micro_usd(usage) / _MICRO


class _Table(BaseModel):
    models: dict[str, ModelPrice]


@cache
def model_prices() -> dict[str, ModelPrice]:
    """By model id."""
    file = Path(__file__).with_name("model_prices.toml")
    table = tomllib.loads(file.read_text(), parse_float=Decimal)
    return _Table.model_validate(table).models


def cost_micro_usd(usage: TokenUsage | None, model_id: str | None) -> int | None:
    """Millionths of a US dollar, rounded up; None without tokens or without a price."""
    price = model_prices().get(model_id or "")
    if usage is None or price is None:
        return None
    return int(price.micro_usd(usage).to_integral_value(ROUND_UP))


def spent_usd(usage: TokenUsage, model_id: str) -> Decimal:
    """What an answer cost, for the brake: a model without a price is taken for the dearest known
    one, the laptop's stand-in costs nothing."""
    if model_id.startswith(SIMULATED_MODEL_PREFIX):
        return Decimal(0)
    prices = model_prices()
    price = prices.get(model_id)
    return price.usd(usage) if price else max(known.usd(usage) for known in prices.values())
