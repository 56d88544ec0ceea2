"""An account's bill: its environments together, what is free taken off once, VAT added."""

from collections.abc import Mapping
from dataclasses import dataclass

from cufit_contracts.results import TokenUsage
from cufit_ops.costs import use as of
from cufit_ops.costs.prices import price_list
from cufit_ops.costs.quantities import Quantities, by_use, of_shape, of_templates, total
from cufit_ops.costs.use import OF_OTHERS, Use
from cufit_ops.template_graph import Account
from match_worker.model.model_prices import spent_usd
from stacks.settings import Environment

CREDITS_USD = 225
"""What the team has of credits. VAT is counted as if they paid it too, which is the worst case."""
EMBEDDING_USD_PER_CHANGE = 1_000 * 0.02 / 1e6
"""1,000 tokens of a profile by Titan Text Embeddings v2 (match_worker's model_prices.toml)."""


@dataclass(frozen=True)
class Built:
    """An environment and its templates."""

    settings: Environment
    account: Account


@dataclass(frozen=True)
class Line:
    meter: str
    unit: str
    units: Mapping[str, float]
    """By environment."""
    free: float
    """Units of them that cost nothing."""
    usd: float

    @property
    def list_usd(self) -> dict[str, float]:
        """By environment, as if nothing were free."""
        price = price_list().price[self.meter].usd
        return {name: units * price for name, units in self.units.items()}


@dataclass(frozen=True)
class Bill:
    lines: list[Line]
    models_usd: Mapping[str, float]
    """By environment."""
    vat_percent: float

    @property
    def usage_usd(self) -> float:
        return sum(line.usd for line in self.lines) + sum(self.models_usd.values())

    @property
    def usd(self) -> float:
        """With VAT."""
        return self.usage_usd * (1 + self.vat_percent / 100)

    def list_usd(self, name: str) -> float:
        """An environment alone, before what is free and VAT."""
        return sum(line.list_usd[name] for line in self.lines) + self.models_usd[name]


def bill_of(environments: list[Built], use: Use | None = None) -> Bill:
    """Of all environments of one account, with `use` of the one that people use; None: nobody.

    That is the one whose name begins with prod, or else the first.
    """
    used = {built.settings.name: _use_of(built, environments, use) for built in environments}
    quantities = {
        built.settings.name: total(
            of_shape(built.settings),
            of_templates(built.account),
            by_use(built.settings, built.account, used[built.settings.name]),
        )
        for built in environments
    }
    models = {
        built.settings.name: _models(built.settings, used[built.settings.name])
        for built in environments
    }
    vat = next((b.settings.budget.vat_percent for b in environments if b.settings.budget), 10.0)
    return Bill(_lines(quantities), models, vat)


def _use_of(built: Built, environments: list[Built], use: Use | None) -> Use:
    if use is None:
        return Use(members=0, recommendations=0)
    names = [one.settings.name for one in environments]
    peoples = next((name for name in names if name.startswith("prod")), names[0])
    return use if built.settings.name == peoples else use.part(OF_OTHERS)


def _models(environment: Environment, use: Use) -> float:
    if environment.matching.matchmaker == "rules":
        return 0.0
    tokens = TokenUsage(of.INPUT_TOKENS, of.OUTPUT_TOKENS, counted=False)
    answer = float(spent_usd(tokens, environment.matching.model_id))
    changes = use.members * of.CHANGES_PER_MEMBER
    return use.recommendations * answer + changes * EMBEDDING_USD_PER_CHANGE


def _lines(quantities: Mapping[str, Quantities]) -> list[Line]:
    prices = price_list()
    lines = []
    for meter, price in prices.price.items():
        units = {name: of_one.get(meter, 0.0) for name, of_one in quantities.items()}
        used = sum(units.values())
        free = min(used, prices.free[meter].amount) if meter in prices.free else 0.0
        lines.append(Line(meter, price.unit, units, free, (used - free) * price.usd))
    return lines
