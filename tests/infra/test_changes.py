"""Every change of tests/changes: what is dangerous stands on the first screen, and nothing else is
called so."""

import pkgutil
import re
import tomllib
from collections.abc import Mapping
from importlib import import_module

import pytest

import tests.changes as corpus
from cufit_ops import review
from cufit_ops.review import money
from cufit_ops.review.change import Change, Side
from cufit_ops.review.comparison import compare
from cufit_ops.review.findings import Finding, Rank
from tests.changes.case import Case
from tests.infra.conftest import FIXTURES
from tests.infra.synthesis import Synthesized

CASES: tuple[Case, ...] = tuple(
    case
    for module in pkgutil.iter_modules(corpus.__path__)
    for case in getattr(import_module(f"{corpus.__name__}.{module.name}"), "CASES", ())
)
ANALYSERS = [
    module.findings
    for found in pkgutil.iter_modules(review.__path__)
    if found.name != "money"  # of all environments together: below
    for module in [import_module(f"{review.__name__}.{found.name}")]
    if hasattr(module, "findings")
]


@pytest.fixture(scope="module")
def sides(samples: Mapping[str, Synthesized]) -> dict[str, Side]:
    """The environments as they are."""
    return {
        name: Side(
            one.account,
            configuration=tomllib.loads((FIXTURES / f"{name}.toml").read_text(encoding="utf-8")),
        )
        for name, one in samples.items()
    }


@pytest.fixture(scope="module")
def changes(sides: Mapping[str, Side]) -> dict[str, Change]:
    """By the name of the case."""
    pairs = [
        case.pair(side.account.stacks, side.configuration or {})
        for case in CASES
        for side in [sides[case.environment]]
    ]
    return {case.name: change for case, change in zip(CASES, compare(pairs), strict=True)}


def findings(change: Change, sides: Mapping[str, Side]) -> list[Finding]:
    """Also of what the account pays, with the other environment as it was."""
    others = [
        Change(name, side, side, []) for name, side in sides.items() if name != change.environment
    ]
    found = [finding for analyser in ANALYSERS for finding in analyser(change)]
    return [*found, *money.findings([*others, change])]


def said(found: list[Finding]) -> str:
    return "\n".join(
        f"{f.rank.name} {f.topic} [{f.subject}] {f.sentence.english} {f.gate or ''}" for f in found
    )


def test_no_two_cases_have_one_name() -> None:
    names = [case.name for case in CASES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_dangerous_is_on_the_first_screen_and_nothing_else(
    case: Case, changes: dict[str, Change], sides: Mapping[str, Side]
) -> None:
    found = findings(changes[case.name], sides)
    dangers = [finding for finding in found if finding.rank is Rank.DANGER]
    assert bool(dangers) is case.dangerous, said(dangers or found)
    shown = [finding for finding in found if finding.rank in (Rank.DANGER, Rank.NOTICE)]
    for topic, words in case.first_screen:
        assert any(
            finding.topic is topic and re.search(words, finding.sentence.english)
            for finding in shown
        ), f"no {topic} sentence says /{words}/ at first glance:\n{said(found)}"
    for finding in found:
        assert re.search("[가-힣]", finding.sentence.korean), finding.sentence
        assert finding.gate is None or finding.rank is Rank.DANGER, finding
