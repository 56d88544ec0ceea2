"""The sentences about money, in both languages."""

from collections.abc import Sequence

from cufit_ops.costs.prices import Group
from cufit_ops.costs.rules import Unpriced
from cufit_ops.costs.use import EXPECTED
from cufit_ops.review.findings import Sentence
from cufit_ops.review.money.version import Version

NOTHING = 0.005
SHOWN_LINES = 2
"""Of what changed, in the sentence; the rest is its evidence."""

Lines = Sequence[tuple[Group, float]]


def total(before: Version, after: Version) -> Sentence:
    """Before → after, the lines that changed most, and how long credits last."""
    old, new = before.bill, after.bill
    more = new.usd - old.usd
    lines = _changed(before, after)
    above = _against(after) if more > 0 else Sentence("", "")
    turns = "늘어납니다" if more > 0 else "줄어듭니다"
    return _joined(
        Sentence(
            f"Costs ${old.usd:.2f} → ${new.usd:.2f} a month for {after.names} "
            f"({_listed(more, lines, 'english')}){above.english}",
            f"한 달 비용이 ${old.usd:.2f} → ${new.usd:.2f}로 {turns}({after.names}, "
            f"{_listed(more, lines, 'korean')}){above.korean}",
        ),
        _runway(before, after),
        Sentence(
            f"with {new.vat_percent:g} % VAT, ${old.fixed_usd:.2f} → ${new.fixed_usd:.2f} of it "
            "when nobody comes",
            f"부가세 {new.vat_percent:g} %를 넣은 값이고, 그중 아무도 쓰지 않아도 드는 돈은 "
            f"${old.fixed_usd:.2f} → ${new.fixed_usd:.2f}입니다",
        ),
    )


def new(after: Version) -> Sentence:
    """When nothing was there before."""
    bill, runway = after.bill, after.runway
    lasting = None
    if runway:
        lasting = Sentence(
            f"runway {runway.months:.1f} months, until {runway.until}",
            f"크레딧은 {runway.months:.1f}개월, {runway.until}까지 갑니다",
        )
    above = _against(after)
    return _joined(
        Sentence(
            f"Costs ${bill.usd:.2f} a month for {after.names}, with {bill.vat_percent:g} % VAT"
            f"{above.english}",
            f"부가세 {bill.vat_percent:g} %를 넣어 한 달 ${bill.usd:.2f}가 듭니다({after.names})"
            f"{above.korean}",
        ),
        lasting,
    )


def part(name: str, old: float, new: float) -> Sentence:
    """Of one environment."""
    return Sentence(
        f"Costs ${old:.2f} → ${new:.2f} a month for {name} alone, its part of what is free taken "
        "off",
        f"그 가운데 {name}의 몫은 무료 한도를 나누어 빼고 한 달 ${old:.2f} → ${new:.2f}입니다",
    )


def limit(old: float, new: float | None) -> Sentence:
    english, korean = (f"${new:g}", f"${new:g}로") if new is not None else ("none", "없음으로")
    return Sentence(
        f"Changes what the account may cost a month: ${old:g} → {english}",
        f"한 달 비용 한도가 ${old:g}에서 {korean} 바뀝니다",
    )


def unpriced(name: str, one: Unpriced) -> Sentence:
    return Sentence(
        f"Unpriced, and so in no sum here: {one} of {name}",
        f"가격을 몰라 어떤 합계에도 넣지 못했습니다: {name}의 {one}",
    )


def model_without_price(model: str) -> Sentence:
    return Sentence(
        f"Counts {model} as the dearest model whose price is known: its own is not",
        f"{model}의 가격을 몰라, 가격을 아는 모델 가운데 가장 비싼 것으로 계산했습니다",
    )


def old_prices(file: str, count: int) -> Sentence:
    return Sentence(
        f"Counts with {count} prices of {file} that were read more than 6 months ago; renew them "
        "by `cufit cost --refresh-prices`",
        f"{file}의 가격 {count}개는 읽은 지 6개월이 넘었습니다. `cufit cost --refresh-prices`로 "
        "새로 읽으세요",
    )  # fmt: skip


def without_prices(names: str, error: Exception) -> Sentence:
    return Sentence(
        f"Cannot say what {names} cost: {error}",
        f"{names}의 비용을 계산할 수 없습니다: {error}",
    )


def evidence(before: Version, after: Version) -> str:
    """Every line that changed, with VAT."""
    old, new = before.bill, after.bill
    olds, news = old.by_group(), new.by_group()
    rows = [
        f"{group.english}: {old.with_vat(olds[group]):.2f} → {new.with_vat(news[group]):.2f} "
        f"({more:+.2f})"
        for group, more in _changed(before, after)
    ]
    use = f"{EXPECTED.members} members and {EXPECTED.recommendations:,} recommendations a month"
    rows.append(f"US dollars a month, VAT included, at {use}; what is free is taken off once")
    return "\n".join(rows)


def _changed(before: Version, after: Version) -> Lines:
    """With VAT, the largest first."""
    old, new = before.bill, after.bill
    olds, news = old.by_group(), new.by_group()
    found = [(group, new.with_vat(news[group]) - old.with_vat(olds[group])) for group in Group]
    changed = [(group, more) for group, more in found if abs(more) >= NOTHING]
    return sorted(changed, key=lambda one: -abs(one[1]))


def _listed(more: float, lines: Lines, language: str) -> str:
    """`+$22.34: Fargate tasks +$18.28, …`; the sum is left out where one line is all of it."""
    shown = [f"{getattr(group, language)} {_signed(part)}" for group, part in lines[:SHOWN_LINES]]
    if len(lines) == 1:
        return shown[0]
    said = ", ".join([*shown, "…"] if len(lines) > SHOWN_LINES else shown)
    return f"{_signed(more)}: {said}" if said else _signed(more)


def _signed(usd: float) -> str:
    return f"{'+' if usd > 0 else '-'}${abs(usd):.2f}"


def _runway(before: Version, after: Version) -> Sentence | None:
    old, new = before.runway, after.runway
    if not old or not new:
        return None
    return Sentence(
        f"runway {old.months:.1f} → {new.months:.1f} months, until {new.until}",
        f"크레딧은 {old.months:.1f} → {new.months:.1f}개월, {new.until}까지 갑니다",
    )


def _against(version: Version) -> Sentence:
    if not version.is_above_limit:
        return Sentence("", "")
    return Sentence(
        f", above the limit of ${version.purse.monthly_usd:g}",
        f". 한도 ${version.purse.monthly_usd:g}를 넘습니다",
    )


def _joined(*parts: Sentence | None) -> Sentence:
    said = [part for part in parts if part]
    return Sentence(
        "; ".join(part.english for part in said), ". ".join(part.korean for part in said)
    )
