"""Writes the READMEs' tables of prices, as the repository ships dev and prod:
`python -m cufit_ops.costs.pages`."""

import importlib
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from cufit_ops.costs.bill import DEFAULT_REGION, HALF_A_CENT, bill_of
from cufit_ops.costs.credits import Purse
from cufit_ops.costs.prices import Group, price_list
from cufit_ops.costs.tasks import HOURS
from cufit_ops.costs.use import EXPECTED, NOBODY, USAGES
from cufit_ops.template_graph import Account
from cufit_ops.workspace import ROOT
from stacks.config_files import load_environment
from stacks.settings import Environment

PAGES = (ROOT / "README.md", ROOT / "README.ko.md")
SHIPPED = tuple(ROOT / f"tests/fixtures/config/{name}.toml" for name in ("dev", "prod"))
"""The shipped values; config/ is the operators'."""
_BLOCK = re.compile(r"(<!-- costs: (\w+)[^\n]*-->\n).*?(\n<!-- /costs -->)", re.DOTALL)
_SIZES = ((256, 512), (256, 1024), (256, 2048), (512, 1024), (512, 2048), (1024, 2048))

Accounts = Mapping[str, Account]


def written(page: str, accounts: Accounts, purse: Purse, *, korean: bool) -> str:
    """`page` with every table between its markers as it is today."""
    tables = {
        "sizes": sizes(korean=korean),
        "use": by_use(accounts, purse, korean=korean),
        "lines": by_line(accounts, korean=korean),
    }
    return _BLOCK.sub(lambda found: f"{found[1]}{tables[found[2]]}{found[3]}", page)


def sizes(*, korean: bool) -> str:
    """What one task costs a month, alone and with its address and each entry, before VAT."""
    each = {meter: price.each for meter, price in price_list(DEFAULT_REGION).prices.items()}
    heads = ("`cpu` / `memory`", "task", 'with `entry = "cloudmap"`', 'with `entry = "alb"`')
    if korean:
        heads = ("`cpu` / `memory`", "태스크", '`entry = "cloudmap"` 포함', '`entry = "alb"` 포함')

    def row(cpu: int, memory: int) -> tuple[str, ...]:
        hour = cpu / 1024 * each["fargate_vcpu_hour"] + memory / 1024 * each["fargate_gb_hour"]
        addressed = HOURS * (hour + each["ipv4_hour"])
        return (
            f"{cpu} / {memory}",
            f"{HOURS * hour:.2f}",
            f"{addressed + each['dns_zone']:.2f}",
            f"{addressed + HOURS * each['load_balancer_hour']:.2f}",
        )

    return _table(heads, (row(*size) for size in _SIZES))


def by_use(accounts: Accounts, purse: Purse, *, korean: bool) -> str:
    """The account's month with VAT, and how long the credits last."""
    bills = [bill_of(accounts, use, purse.vat_percent) for use in (NOBODY, *USAGES.values())]
    members = [f"{use.members:,}" for use in USAGES.values()]
    heads = ["", "nobody comes", *(f"{count} members" for count in members)]
    names = [
        "dev in office hours (weekdays 10:00 to 22:00) and prod",
        f"months that ${purse.credits_usd:g} of credits last",
    ]
    if korean:
        heads = ["", "아무도 안 쓸 때", *(f"회원 {count}명" for count in members)]
        names = [
            "운영 시간(평일 10~22시)의 dev와 prod",
            f"크레딧 ${purse.credits_usd:g}로 버티는 개월",
        ]
    runways = [purse.runway(bill.usd) for bill in bills]
    return _table(
        heads,
        [
            (names[0], *(f"{bill.usd:.2f}" for bill in bills)),
            (names[1], *(f"{runway.months:.1f}" if runway else "–" for runway in runways)),
        ],
    )


def by_line(accounts: Accounts, *, korean: bool) -> str:
    """At expected use, by what each environment has of it."""
    bill = bill_of(accounts, EXPECTED)
    vat = f"{bill.vat_percent:g} %"
    total = ("together", "before VAT", f"with {vat} VAT")
    if korean:
        total = ("합계", "부가세 전", f"부가세 {vat} 포함")

    def rows() -> Iterator[tuple[str, ...]]:
        for group in Group:
            lines = [line for line in bill.lines if line.group is group]
            parts = [sum(line.usd_of(name) for line in lines) for name in accounts]
            if sum(parts) >= HALF_A_CENT:
                name = group.korean if korean else group.english
                yield name, *(f"{usd:.2f}" for usd in (*parts, sum(parts)))
        parts = [sum(line.usd_of(name) for line in bill.lines) for name in accounts]
        yield total[1], *(f"{usd:.2f}" for usd in (*parts, sum(parts)))
        paid = [bill.with_vat(usd) for usd in (*parts, sum(parts))]
        yield total[2], *(f"{usd:.2f}" for usd in paid)

    return _table(("", *accounts, total[0]), rows())


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(row)} |".replace("|  |", "| |") for row in (heads, *rows)]
    return "\n".join([lines[0], "|---" * len(heads) + "|", *lines[1:]])


def main() -> int:
    environments = [load_environment(file) for file in SHIPPED]
    accounts = _synthesized(environments)
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        korean = page.name.endswith(".ko.md")
        page.write_text(
            written(text, accounts, Purse.of(environments), korean=korean), encoding="utf-8"
        )
    return 0


def _synthesized(environments: Sequence[Environment]) -> dict[str, Account]:
    app = importlib.import_module("app")  # starts Node, which tests that only compare need not
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for one in environments:
            out = Path(folder) / one.name
            app.build([one], context={"aws:cdk:bundling-stacks": []}, outdir=str(out)).synth()
            found[one.name] = Account.of_environment(out, one.name)
    return found


if __name__ == "__main__":
    sys.exit(main())
