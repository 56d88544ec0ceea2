"""An account's bill: its environments together, what is free taken off once, VAT added."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from cufit_ops.costs.models import tokens
from cufit_ops.costs.prices import Group, PriceList, price_list
from cufit_ops.costs.quantities import fixed, used
from cufit_ops.costs.readable import readable
from cufit_ops.costs.unpriced import Unpriced, unpriced
from cufit_ops.costs.use import NOBODY, OF_OTHERS, Use
from cufit_ops.template_graph import Account
from stacks.settings import is_production

VAT_PERCENT = 10.0
"""Of Korean accounts. Counted as if credits paid it too, which is the worst case."""
DEFAULT_REGION = "ap-northeast-2"
HALF_A_CENT = 0.005
"""US dollars a month: what is less is 0.00 in a bill."""

Units = Mapping[str, float]
"""By environment, a month."""


@dataclass(frozen=True)
class Line:
    meter: str
    """A row of the price list, or a model with the direction of its tokens."""
    group: Group
    unit: str
    each: Units
    """US dollars of one unit, before VAT."""
    fixed: Units
    """Used by nobody."""
    used: Units
    """What comes with people."""
    allowance: float = 0
    """Units of all environments together that cost nothing."""

    @cached_property
    def units(self) -> Units:
        return {name: self.fixed[name] + self.used[name] for name in self.fixed}

    @property
    def free(self) -> float:
        """Units of them that cost nothing."""
        return min(sum(self.units.values()), self.allowance)

    @property
    def usd(self) -> float:
        return sum(self.usd_of(name) for name in self.units)

    @property
    def fixed_usd(self) -> float:
        return _paid(self.fixed, self.each, self.allowance)

    @property
    def used_usd(self) -> float:
        return self.usd - self.fixed_usd

    def usd_of(self, name: str) -> float:
        """An environment's part: what is free is shared by what each uses."""
        return _paid_of(name, self.units, self.each, self.allowance)


def _paid(units: Units, each: Units, allowance: float) -> float:
    return sum(_paid_of(name, units, each, allowance) for name in units)


def _paid_of(name: str, units: Units, each: Units, allowance: float) -> float:
    whole = sum(units.values())
    return units[name] * each[name] * max(1 - allowance / whole, 0) if whole else 0.0


@dataclass(frozen=True)
class Bill:
    lines: list[Line]
    vat_percent: float
    unpriced: Mapping[str, list[Unpriced]]
    """By environment."""
    models_without_price: list[str]
    """Counted as the dearest known one."""

    @cached_property
    def usage_usd(self) -> float:
        return sum(line.usd for line in self.lines)

    @property
    def usd(self) -> float:
        """With VAT."""
        return self.with_vat(self.usage_usd)

    @property
    def fixed_usd(self) -> float:
        """Of a month that nobody uses, with VAT."""
        return self.with_vat(sum(line.fixed_usd for line in self.lines))

    def usd_of(self, name: str) -> float:
        """An environment's part of it, with VAT."""
        return self.with_vat(sum(line.usd_of(name) for line in self.lines))

    def by_group(self) -> dict[Group, float]:
        """Before VAT, in the order of a bill."""
        found = dict.fromkeys(Group, 0.0)
        for line in self.lines:
            found[line.group] += line.usd
        return found

    def with_vat(self, usd: float) -> float:
        return usd * (1 + self.vat_percent / 100)


def bill_of(
    environments: Mapping[str, Account],
    use: Use | None = None,
    vat_percent: float = VAT_PERCENT,
) -> Bill:
    """Of all environments of one account by name, from their templates alone, with `use` of the one
    that people use; None: nobody.

    That is production, or else the first.

    Raises:
        NoPricesError: an environment is in a region whose prices nobody has read.
    """
    if not environments:
        return Bill([], vat_percent, {}, [])
    read = {name: readable(account) for name, account in environments.items()}
    told = {name: unpriced(one) for name, one in read.items()}
    environments = {name: one.account for name, one in read.items()}
    lists = {name: price_list(region_of(account)) for name, account in environments.items()}
    using = {name: _use_of(name, [*environments], use or NOBODY) for name in environments}
    return Bill(
        [*_lines(environments, using, lists), *_model_lines(environments, using)],
        vat_percent,
        told,
        _models_without_price(environments),
    )


def region_of(account: Account) -> str:
    """By the replicas of its tables or the zones of its subnets; Seoul where there is neither."""
    for _, table in account.of("AWS::DynamoDB::GlobalTable"):
        replicas = table.get("Replicas")
        for replica in replicas if isinstance(replicas, list) else ():
            if isinstance(replica, dict) and isinstance(replica.get("Region"), str):
                return str(replica["Region"])
    for _, subnet in account.of("AWS::EC2::Subnet"):
        if isinstance(zone := subnet.get("AvailabilityZone"), str):
            return zone[:-1]
    return DEFAULT_REGION


def _use_of(name: str, names: list[str], use: Use) -> Use:
    peoples = next((one for one in names if is_production(one)), names[0])
    return use if name == peoples else use.part(OF_OTHERS)


def _lines(
    environments: Mapping[str, Account], using: Mapping[str, Use], lists: Mapping[str, PriceList]
) -> Iterator[Line]:
    standing = {name: fixed(account) for name, account in environments.items()}
    coming = {name: used(account, using[name]) for name, account in environments.items()}
    prices = next(iter(lists.values()))
    for meter, price in prices.prices.items():
        yield Line(
            meter,
            price.group,
            price.unit,
            {name: lists[name].prices[meter].each for name in environments},
            {name: standing[name].get(meter, 0.0) for name in environments},
            {name: coming[name].get(meter, 0.0) for name in environments},
            prices.free[meter].amount if meter in prices.free else 0,
        )


def _model_lines(environments: Mapping[str, Account], using: Mapping[str, Use]) -> Iterator[Line]:
    nobody = dict.fromkeys(environments, 0.0)
    read = {
        name: {one.meter: one for one in tokens(account, using[name])}
        for name, account in environments.items()
    }
    for meter, some in {
        meter: one for of_one in read.values() for meter, one in of_one.items()
    }.items():
        yield Line(
            meter,
            Group.MODELS,
            f"token {meter.rpartition(' ')[2]} by {some.model_id}",
            dict.fromkeys(environments, some.each),
            nobody,
            {name: of_one[meter].count if meter in of_one else 0.0
             for name, of_one in read.items()},
        )  # fmt: skip


def _models_without_price(environments: Mapping[str, Account]) -> list[str]:
    asked = (one for account in environments.values() for one in tokens(account, NOBODY))
    return sorted({one.model_id for one in asked if not one.is_priced})
