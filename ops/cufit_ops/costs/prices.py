"""The price list prices.toml: a row per meter, each with its source and the day it was read."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1)]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Text
    checked: date


class Price(_Row):
    usd: Annotated[float, Field(gt=0)]
    """For one `unit`, before VAT."""
    unit: Text
    region: Text


class Free(_Row):
    amount: Annotated[float, Field(gt=0)]
    """Units a month that the account's environments share."""


class PriceList(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    price: dict[str, Price]
    free: dict[str, Free]


@cache
def price_list() -> PriceList:
    file = Path(__file__).with_name("prices.toml")
    return PriceList.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
