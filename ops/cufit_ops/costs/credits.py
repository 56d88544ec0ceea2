"""What there is to pay with: the limit of a month, and credits with the day they end."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from cufit_ops.costs.bill import VAT_PERCENT
from stacks.settings import Environment

MONTH_DAYS = 365.25 / 12
LONGEST_MONTHS = 120
"""Credits end sooner by their own date (Billing → Credits), so nothing is counted further."""


@dataclass(frozen=True)
class Runway:
    """How long credits last at so much a month."""

    months: float
    until: date


@dataclass(frozen=True)
class Purse:
    """Of an account, by the `[budget]` of one of its environments."""

    monthly_usd: float | None = None
    """The limit, with VAT."""
    vat_percent: float = VAT_PERCENT
    credits_usd: float | None = None
    credits_from: date | None = None
    """The day on which so much was left."""

    def runway(self, monthly_usd: float) -> Runway | None:
        """At `monthly_usd` with VAT, counted as if credits paid VAT too; None without credits."""
        if not self.credits_usd or self.credits_from is None or monthly_usd <= 0:
            return None
        months = min(self.credits_usd / monthly_usd, LONGEST_MONTHS)
        return Runway(months, self.credits_from + timedelta(days=months * MONTH_DAYS))

    def stricter(self, other: "Purse") -> "Purse":
        """The lower limit and the higher VAT of both, as far as there is a limit."""
        there = [one for one in (self, other) if one.monthly_usd is not None] or [self]
        limits = [one.monthly_usd for one in there if one.monthly_usd is not None]
        return replace(
            self,
            monthly_usd=min(limits, default=None),
            vat_percent=max(one.vat_percent for one in there),
        )

    def with_credits_of(self, other: "Purse") -> "Purse":
        return replace(self, credits_usd=other.credits_usd, credits_from=other.credits_from)

    @classmethod
    def of(cls, environments: Iterable[Environment]) -> "Purse":
        """From the settings of an account's environments."""
        for one in environments:
            if one.budget:
                return cls(
                    one.budget.monthly_usd,
                    one.budget.vat_percent,
                    one.budget.credits_usd,
                    one.budget.credits_from,
                )
        return cls()

    @classmethod
    def read(cls, configurations: Iterable[Mapping[str, Any] | None]) -> "Purse":
        """From environments' TOML as it was read, of any version: what is not there or of another
        type is left out."""
        for configuration in configurations:
            budget = (configuration or {}).get("budget")
            if isinstance(budget, Mapping):
                day = budget.get("credits_from")
                vat = _number(budget.get("vat_percent"))
                return cls(
                    _number(budget.get("monthly_usd")),
                    VAT_PERCENT if vat is None else vat,
                    _number(budget.get("credits_usd")),
                    day if isinstance(day, date) else None,
                )
        return cls()


def _number(value: object) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return None
