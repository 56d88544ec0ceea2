"""The sentences about money, in both languages."""

from collections.abc import Sequence
from datetime import date

from cufit_ops.costs.bill import HALF_A_CENT
from cufit_ops.costs.prices import Group, regions
from cufit_ops.costs.unpriced import Unpriced
from cufit_ops.costs.use import EXPECTED
from cufit_ops.review.findings import Sentence
from cufit_ops.review.money.korean import SETTINGS
from cufit_ops.review.money.version import Version

SHOWN_LINES = 2
"""Of what changed, in the sentence; the rest is its evidence."""

Lines = Sequence[tuple[Group, float]]


def total(before: Version, after: Version, today: date) -> Sentence:
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
        _runway(before, after, today),
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


def limit(old: float, new: float | None, usd: float) -> Sentence:
    """`usd` is what the account costs after the change."""
    english, korean = (f"${new:g}", f"${new:g}로") if new is not None else ("none", "없음으로")
    below = new is not None and usd > new
    return Sentence(
        f"Changes what the account may cost a month: ${old:g} → {english}"
        + (f", and it costs ${usd:.2f}" if below else ""),
        f"한 달 비용 한도가 ${old:g}에서 {korean} 바뀝니다"
        + (f". 실제로는 ${usd:.2f}가 듭니다" if below else ""),
    )


def vat(old: float, new: float, counted: float) -> Sentence:
    return Sentence(
        f"Changes the VAT that costs are counted with: {old:g} → {new:g} %; here both sides have "
        f"{counted:g} %",
        f"비용을 계산할 때 넣는 부가세가 {old:g} %에서 {new:g} %로 바뀝니다. 여기서는 앞뒤 모두 "
        f"{counted:g} %로 계산했습니다",
    )


def unpriced(name: str, one: Unpriced) -> Sentence:
    rest = f" 외 {one.more}개" if one.more else ""
    setting = f", {SETTINGS[one.setting]}" if one.setting else ""
    return Sentence(
        f"Unpriced, and so in no sum here: {one} of {name}",
        f"가격을 몰라 어떤 합계에도 넣지 못했습니다: {name}의 {one.kind}{setting} "
        f"({one.named}{rest})",
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


def without_prices(name: str, region: str) -> Sentence:
    file = f"ops/prices/{region}.json"
    return Sentence(
        f"Cannot say what {name} costs: no prices of region {region}: ops/prices has those of "
        f"{', '.join(regions())}; write {file} after one of them, each row with its source and the "
        "day",
        f"{name}의 비용을 계산할 수 없습니다. 리전 {region}의 가격표가 없습니다. ops/prices에는 "
        f"{', '.join(regions())}의 것만 있으니, 그것을 본떠 행마다 출처와 읽은 날짜를 적은 "
        f"{file}을 만들어 주세요",
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
    changed = [(group, more) for group, more in found if abs(more) >= HALF_A_CENT]
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


def _runway(before: Version, after: Version, today: date) -> Sentence | None:
    old, new = before.runway, after.runway
    if not old or not new:
        return None
    if old.until < today:
        return Sentence(
            f"no credits are left since {old.until}, as far as [budget] knows: renew credits_usd "
            "and credits_from",
            f"[budget]에 적힌 크레딧은 {old.until}에 다 썼습니다. credits_usd와 credits_from을 "
            "새로 적어 주세요",
        )
    return Sentence(
        f"runway {old.months:.1f} → {new.months:.1f} months, until {new.until}",
        f"크레딧은 {old.months:.1f} → {new.months:.1f}개월, {new.until}까지 갑니다",
    )


def _against(version: Version) -> Sentence:
    """Above the limit, and what the change does to it besides."""
    limit, own = version.limit_usd, version.purse.monthly_usd
    if limit is None or not version.is_above_limit:
        return Sentence("", "")
    english, korean = f", above the limit of ${limit:g}", f". 한도 ${limit:g}를 넘습니다"
    if own is None:
        return Sentence(
            f"{english}, which this change takes away", f"{korean}. 이 변경은 그 한도도 없앱니다"
        )
    if own > limit:
        return Sentence(
            f"{english}, which this change raises to ${own:g}",
            f"{korean}. 이 변경은 그 한도도 ${own:g}로 올립니다",
        )
    return Sentence(english, korean)


def _joined(*parts: Sentence | None) -> Sentence:
    said = [part for part in parts if part]
    return Sentence(
        "; ".join(part.english for part in said), ". ".join(part.korean for part in said)
    )
