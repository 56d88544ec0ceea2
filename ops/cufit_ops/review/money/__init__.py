"""What a change costs a month: each account's environments together, against limit and credits."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from cufit_ops.costs.bill import HALF_A_CENT, bill_of, region_of
from cufit_ops.costs.credits import Purse
from cufit_ops.costs.prices import NoPricesError, price_list
from cufit_ops.costs.unpriced import together
from cufit_ops.costs.use import EXPECTED
from cufit_ops.review.change import Change, Side
from cufit_ops.review.findings import Finding, Gate, Rank, Topic
from cufit_ops.review.money import words
from cufit_ops.review.money.version import Version
from stacks.settings import LOCAL

A_FEW_CENTS = 0.05
"""US dollars a month: what changes less is folded."""


def findings(changes: Sequence[Change]) -> Iterator[Finding]:
    """Of all environments of each AWS account together; what runs on a laptop costs nothing."""
    paid = [change for change in changes if change.environment != LOCAL]
    for of_account in _by_account(paid):
        yield from _of_account(of_account, datetime.now(UTC).date())


def _by_account(changes: Sequence[Change]) -> list[list[Change]]:
    """Together what shares an account before or after the change, or else naming one would leave
    the limit behind."""
    groups: list[tuple[set[Any], list[Change]]] = []
    for change in changes:
        sides = (side for side in (change.base, change.head) if side)
        accounts = {(side.configuration or {}).get("account") for side in sides}
        shared = [group for group in groups if group[0] & accounts]
        groups = [group for group in groups if not group[0] & accounts]
        joined = [one for _, some in shared for one in some]
        groups.append((accounts.union(*(names for names, _ in shared)), [*joined, change]))
    return [some for _, some in groups]


def _of_account(changes: Sequence[Change], today: date) -> Iterator[Finding]:
    # What is deployed of an environment whose file is gone stays, and costs.
    heads = {one.environment: one.head or one.base for one in changes}
    bases = {one.environment: one.base for one in changes}
    new, old = _purse(heads), _purse(bases)
    # A change is held against the limit and the VAT that it finds, or sets lower or higher itself.
    strict = new.stricter(old)
    priced = {name: side for name, side in heads.items() if side and _has_prices(side)}
    if priced:
        after = _version(priced, new if new.credits_usd else new.with_credits_of(old), strict)
        known = old if old.credits_usd else old.with_credits_of(new)
        before = _version({name: bases[name] for name in priced}, known, strict)
        found = [
            *_total(before, after, today),
            *_by_environment(before, after),
            *_limit(before, after),
            *_gaps(before, after),
        ]
        yield from found
        yield from _old_prices(after, today) if found else ()
    for name, side in heads.items():
        if side and name not in priced:
            yield _without_prices(name, side, bases[name])


def _has_prices(side: Side) -> bool:
    try:
        price_list(region_of(side.account))
    except NoPricesError:
        return False
    return True


def _without_prices(name: str, head: Side, base: Side | None) -> Finding:
    """The gate shuts when an environment comes there: whether the limit holds is not known."""
    comes = base is None or _has_prices(base)
    return Finding(
        Topic.MONEY,
        Rank.DANGER if comes else Rank.NOTICE,
        name,
        words.without_prices(name, region_of(head.account)),
        gate=Gate.MONTHLY_LIMIT if comes else None,
    )


def _purse(sides: Mapping[str, Side | None]) -> Purse:
    return Purse.read(side.configuration for side in sides.values() if side)


def _version(sides: Mapping[str, Side | None], purse: Purse, strict: Purse) -> Version:
    accounts = {name: one.account for name, one in sides.items() if one and _has_prices(one)}
    bill = bill_of(accounts, EXPECTED, strict.vat_percent)
    return Version(accounts, bill, purse, strict.monthly_usd)


def _total(before: Version, after: Version, today: date) -> Iterator[Finding]:
    more = after.bill.usd - before.bill.usd
    if abs(more) < HALF_A_CENT:
        return
    breaks = not before.is_above_limit or more >= A_FEW_CENTS
    above = after.is_above_limit and more > 0 and breaks
    yield Finding(
        Topic.MONEY,
        Rank.DANGER if above else Rank.NOTICE if abs(more) >= A_FEW_CENTS else Rank.DETAIL,
        after.names,
        words.total(before, after, today) if before.accounts else words.new(after),
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
    old, new = before.purse, after.purse
    if old.monthly_usd is None:
        return
    if new.monthly_usd != old.monthly_usd:
        said = words.limit(old.monthly_usd, new.monthly_usd, after.bill.usd)
        yield Finding(Topic.MONEY, Rank.NOTICE, "budget.monthly_usd", said)
    if new.monthly_usd is not None and new.vat_percent != old.vat_percent:
        said = words.vat(old.vat_percent, new.vat_percent, after.bill.vat_percent)
        yield Finding(Topic.MONEY, Rank.NOTICE, "budget.vat_percent", said)


def _gaps(before: Version, after: Version) -> Iterator[Finding]:
    """What is not in the sums, never silently."""
    known = {(name, one) for name, some in before.bill.unpriced.items() for one in some}
    for name, some in after.bill.unpriced.items():
        for rank, as_before in ((Rank.NOTICE, False), (Rank.DETAIL, True)):
            for one in together(one for one in some if ((name, one) in known) is as_before):
                subject = "/".join(one.addresses[0])
                yield Finding(Topic.MONEY, rank, subject, words.unpriced(name, one))
    for model in after.bill.models_without_price:
        rank = Rank.DETAIL if model in before.bill.models_without_price else Rank.NOTICE
        yield Finding(Topic.MONEY, rank, model, words.model_without_price(model))


def _old_prices(after: Version, today: date) -> Iterator[Finding]:
    for region in sorted({region_of(account) for account in after.accounts.values()}):
        if old := price_list(region).old(today):
            file = f"ops/prices/{region}.json"
            yield Finding(Topic.MONEY, Rank.DETAIL, file, words.old_prices(file, len(old)))
