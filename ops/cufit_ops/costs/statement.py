"""What `cufit cost` says of an account: its bill by line and environment, beside the one before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cufit_ops.costs.bill import HALF_A_CENT, Bill, Line, bill_of, region_of
from cufit_ops.costs.credits import Purse, Runway
from cufit_ops.costs.prices import Group, PriceList, price_list
from cufit_ops.costs.rules import BY_USE, COUNTED, FREE
from cufit_ops.costs.use import USAGES, Use
from cufit_ops.template_graph import Account


@dataclass(frozen=True)
class Row:
    """A line of the bill, US dollars a month before VAT."""

    name: str
    fixed: float
    used: float
    by_environment: Mapping[str, float]
    before: float | None
    """Of the other assembly."""

    @property
    def usd(self) -> float:
        return self.fixed + self.used


@dataclass(frozen=True)
class Statement:
    accounts: Mapping[str, Account]
    usage: str
    bill: Bill
    before: Bill | None
    """Of the assembly that is compared with."""
    purse: Purse
    today: date

    @classmethod
    def of(
        cls,
        accounts: Mapping[str, Account],
        usage: str,
        purse: Purse,
        today: date,
        other: Mapping[str, Account] | None = None,
    ) -> "Statement":
        """Raises:
        NoPricesError: nobody has read the prices of a region.
        """
        use = USAGES[usage]
        before = bill_of(other, use, purse.vat_percent) if other else None
        bill = bill_of(accounts, use, purse.vat_percent)
        return cls(accounts, usage, bill, before, purse, today)

    @property
    def use(self) -> Use:
        return USAGES[self.usage]

    @property
    def prices(self) -> PriceList:
        return price_list(region_of(next(iter(self.accounts.values()))))

    @property
    def runway(self) -> Runway | None:
        return self.purse.runway(self.bill.usd)

    def by_group(self) -> Iterator[Row]:
        """Those that cost something; the others are in --all alone."""
        for group in Group:
            row = self._row(group.english, {one.meter for one in self._lines if one.group is group})
            if max(row.usd, row.before or 0) >= HALF_A_CENT:
                yield row

    def by_meter(self) -> Iterator[Row]:
        """Every row of the price list that counts, also what is free."""
        counting = {one.meter: one.unit for one in self._lines if sum(one.units.values())}
        for meter, unit in counting.items():
            yield self._row(unit, {meter})

    @property
    def _lines(self) -> list[Line]:
        return [*self.bill.lines, *(self.before.lines if self.before else ())]

    def _row(self, name: str, meters: set[str]) -> Row:
        lines = [line for line in self.bill.lines if line.meter in meters]
        before = None
        if self.before:
            before = sum(line.usd for line in self.before.lines if line.meter in meters)
        return Row(
            name,
            sum(line.fixed_usd for line in lines),
            sum(line.used_usd for line in lines),
            {one: sum(line.usd_of(one) for line in lines) for one in self.accounts},
            before,
        )

    def kinds(self) -> dict[str, str]:
        """Every type that is in the templates, and how it is priced or why it is free."""
        found = {
            kind
            for account in self.accounts.values()
            for stack in account.stacks
            for _, kind, _ in account.stack(stack)
        }
        return {
            kind: "priced" if kind in COUNTED else (BY_USE | FREE).get(kind, "UNPRICED")
            for kind in sorted(found)
        }

    def document(self) -> dict[str, Any]:
        """For programs. `usd` of lines and meters is before VAT, everything else with it."""
        return {
            "version": 1,
            "region": self.prices.region,
            "usage": {
                "name": self.usage,
                "members": self.use.members,
                "recommendations": self.use.recommendations,
            },
            **_totals(self.bill, self.purse),
            "vatPercent": self.bill.vat_percent,
            "limitUsd": self.purse.monthly_usd,
            "creditsUsd": self.purse.credits_usd,
            "before": _totals(self.before, self.purse) if self.before else None,
            "lines": [_line(row) for row in self.by_group()],
            "meters": [_meter(line) for line in self.bill.lines if sum(line.units.values())],
            "unpriced": {
                name: [str(one) for one in some] for name, some in self.bill.unpriced.items()
            },
            "modelsWithoutPrice": self.bill.models_without_price,
            "oldPrices": self.prices.old(self.today),
            "kinds": self.kinds(),
        }


def _totals(bill: Bill, purse: Purse) -> dict[str, Any]:
    runway = purse.runway(bill.usd)
    return {
        "usd": round(bill.usd, 2),
        "fixedUsd": round(bill.fixed_usd, 2),
        "environments": {name: round(bill.usd_of(name), 2) for name in bill.unpriced},
        "creditsLastMonths": round(runway.months, 1) if runway else None,
        "creditsEnd": runway.until.isoformat() if runway else None,
    }


def _line(row: Row) -> dict[str, Any]:
    return {
        "line": row.name,
        "fixedUsd": round(row.fixed, 4),
        "usedUsd": round(row.used, 4),
        "usd": round(row.usd, 4),
        "environments": {name: round(usd, 4) for name, usd in row.by_environment.items()},
        "beforeUsd": None if row.before is None else round(row.before, 4),
    }


def _meter(line: Line) -> dict[str, Any]:
    return {
        "meter": line.meter,
        "line": line.group.english,
        "unit": line.unit,
        "units": dict(line.units),
        "freeUnits": line.free,
        "usd": round(line.usd, 6),
    }
