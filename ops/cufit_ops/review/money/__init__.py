"""What a change costs a month: each account's environments together, against limit and credits."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from cufit_ops.costs.bill import bill_of, region_of
from cufit_ops.costs.credits import Purse
from cufit_ops.costs.prices import NoPricesError, price_list
from cufit_ops.costs.use import EXPECTED
from cufit_ops.review.change import Change, Side
from cufit_ops.review.findings import Finding, Gate, Rank, Topic
from cufit_ops.review.money import words
from cufit_ops.review.money.version import Version
from stacks.settings import LOCAL

A_FEW_CENTS = 0.05
"""US dollars a month: what changes less is folded."""
NOTHING = 0.005


def findings(changes: Sequence[Change]) -> Iterator[Finding]:
    """Of all environments of each AWS account together; what runs on a laptop costs nothing."""
    paid = [change for change in changes if change.environment != LOCAL]
    for names in _by_account(paid).values():
        yield from _of_account([change for change in paid if change.environment in names])


def _by_account(changes: Sequence[Change]) -> Mapping[Any, list[str]]:
    found: dict[Any, list[str]] = {}
    for change in changes:
        side = change.head or change.base
        configuration = (side.configuration if side else None) or {}
        found.setdefault(configuration.get("account"), []).append(change.environment)
    return found


def _of_account(changes: Sequence[Change]) -> Iterator[Finding]:
    try:
        # What is deployed of an environment whose file is gone stays, and costs.
        after = _version({one.environment: one.head or one.base for one in changes})
        before = _version({one.environment: one.base for one in changes}, after.purse)
    except NoPricesError as error:
        names = " + ".join(change.environment for change in changes)
        yield Finding(Topic.MONEY, Rank.NOTICE, names, words.without_prices(names, error))
        return
    yield from _total(before, after)
    yield from _by_environment(before, after)
    yield from _limit(before, after)
    yield from _gaps(before, after)


def _version(sides: Mapping[str, Side | None], other: Purse | None = None) -> Version:
    """`other` has the credits that this version's configuration says nothing of."""
    there = {name: side for name, side in sides.items() if side}
    purse = Purse.read(side.configuration for side in there.values())
    if other and not purse.credits_usd:
        purse = purse.with_credits_of(other)
    accounts = {name: side.account for name, side in there.items()}
    return Version(accounts, bill_of(accounts, EXPECTED, purse.vat_percent), purse)


def _total(before: Version, after: Version) -> Iterator[Finding]:
    more = after.bill.usd - before.bill.usd
    if abs(more) < NOTHING:
        return
    above = after.is_above_limit and more > 0
    yield Finding(
        Topic.MONEY,
        Rank.DANGER if above else Rank.NOTICE if abs(more) >= A_FEW_CENTS else Rank.DETAIL,
        after.names,
        words.total(before, after) if before.accounts else words.new(after),
        words.evidence(before, after),
        Gate.MONTHLY_LIMIT if above else None,
    )


def _by_environment(before: Version, after: Version) -> Iterator[Finding]:
    for name in after.accounts:
        new = after.bill.usd_of(name)
        old = before.bill.usd_of(name) if name in before.accounts else 0.0
        if before.accounts and len(after.accounts) > 1 and abs(new - old) >= A_FEW_CENTS:
            yield Finding(Topic.MONEY, Rank.DETAIL, name, words.part(name, old, new))


def _limit(before: Version, after: Version) -> Iterator[Finding]:
    old, new = before.purse.monthly_usd, after.purse.monthly_usd
    if old is not None and new != old:
        yield Finding(Topic.MONEY, Rank.NOTICE, "budget.monthly_usd", words.limit(old, new))


def _gaps(before: Version, after: Version) -> Iterator[Finding]:
    """What is not in the sums, never silently."""
    known = {(name, one) for name, some in before.bill.unpriced.items() for one in some}
    for name, some in after.bill.unpriced.items():
        for one in some:
            rank = Rank.DETAIL if (name, one) in known else Rank.NOTICE
            yield Finding(Topic.MONEY, rank, "/".join(one.address), words.unpriced(name, one))
    for model in after.bill.models_without_price:
        rank = Rank.DETAIL if model in before.bill.models_without_price else Rank.NOTICE
        yield Finding(Topic.MONEY, rank, model, words.model_without_price(model))
    prices = price_list(region_of(next(iter(after.accounts.values()))))
    if old := prices.old(datetime.now(UTC).date()):
        file = f"ops/prices/{prices.region}.json"
        yield Finding(Topic.MONEY, Rank.DETAIL, file, words.old_prices(file, len(old)))
