"""Every change of tests/changes: what is dangerous stands on the first screen, and nothing else is
called so."""

import json
import pkgutil
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest
import time_machine

import tests.changes as corpus
from cufit_ops.review import analysers
from cufit_ops.review.change import Change, Side
from cufit_ops.review.comparison import compare
from cufit_ops.review.findings import Finding, Gate, Rank
from cufit_ops.template_graph import Account
from tests.changes.case import Case
from tests.changes.policies import BUCKET, EVERY_FILE, statements
from tests.infra.conftest import FIXTURES
from tests.infra.synthesis import Synthesized

CASES: dict[str, Case] = {
    f"{module.name}: {case.name}": case
    for module in pkgutil.iter_modules(corpus.__path__)
    for case in getattr(import_module(f"{corpus.__name__}.{module.name}"), "CASES", ())
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "name" in metafunc.fixturenames:
        in_full = metafunc.config.getoption("in_full")
        names = [name for name, case in CASES.items() if in_full or not case.seldom]
        metafunc.parametrize("name", names)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    """Before the credits of the samples are spent, and while prices are young."""
    with time_machine.travel(datetime(2026, 12, 1, tzinfo=UTC)):
        yield


@pytest.fixture(scope="module")
def files(samples: Mapping[str, Synthesized]) -> dict[str, Any]:
    """Each environment's file as read."""
    return {
        name: tomllib.loads((FIXTURES / f"{name}.toml").read_text(encoding="utf-8"))
        for name in samples
    }


@pytest.fixture(scope="module")
def unchanged(samples: Mapping[str, Synthesized], files: dict[str, Any]) -> dict[str, Change]:
    """The environments as they are."""
    sides = {name: Side(one.account, configuration=files[name]) for name, one in samples.items()}
    return {name: Change(name, side, side, []) for name, side in sides.items()}


@pytest.fixture(scope="module")
def changes(
    samples: Mapping[str, Synthesized], files: dict[str, Any], in_full: bool
) -> dict[str, Change]:
    """By the module and the name of the case."""
    cases = {name: case for name, case in CASES.items() if in_full or not case.seldom}
    pairs = [
        case.pair(samples[case.environment].templates, files[case.environment])
        for case in cases.values()
    ]
    return dict(zip(cases, compare(pairs), strict=True))


def findings(change: Change, unchanged: dict[str, Change]) -> list[Finding]:
    """Money is counted of the whole account, so beside the environment that stays as it is."""
    everything = {**unchanged, change.environment: change}
    return [*analysers.of_one(change), *analysers.of_all([*everything.values()])]


def said(found: list[Finding]) -> str:
    return "\n".join(
        f"{f.rank.name} {f.topic} [{f.subject}] {f.sentence.english} {f.gate or ''}" for f in found
    )


def test_what_is_dangerous_is_on_the_first_screen_and_nothing_else(
    name: str, changes: dict[str, Change], unchanged: dict[str, Change]
) -> None:
    case, found = CASES[name], findings(changes[name], unchanged)
    dangers = [finding for finding in found if finding.rank is Rank.DANGER]
    assert bool(dangers) is case.dangerous, said(dangers or found)
    shown = [finding for finding in found if finding.rank in (Rank.DANGER, Rank.NOTICE)]
    for topic, words in case.first_screen:
        assert any(
            finding.topic is topic and re.search(words, finding.sentence.english)
            for finding in shown
        ), f"no {topic} sentence says /{words}/ at first glance:\n{said(found)}"
    for finding in found:
        assert "could not be worked out" not in finding.sentence.english, finding.evidence
        assert re.search("[가-힣]", finding.sentence.korean), finding.sentence
        assert finding.gate is None or finding.rank is Rank.DANGER, finding


def test_a_new_environment_is_told_by_what_no_other_opens(
    samples: Mapping[str, Synthesized], files: dict[str, Any], unchanged: dict[str, Change]
) -> None:
    def made(opened: bool) -> list[Finding]:
        """Of prod as it would be under another name."""
        text = json.dumps([samples["prod"].templates, files["prod"]], default=str)
        for old, new in (("-prod", "-shop"), ("cufitprod", "cufitshop"), ("/prod/", "/shop/"),
                         (':prod"', ':shop"'), ("cufit.example", "shop.example")):  # fmt: skip
            text = text.replace(old, new)
        templates, file = json.loads(text)
        if opened:
            everyone = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}
            statements(templates, BUCKET).append({**everyone, "Resource": EVERY_FILE})
        side = Side(Account.made_of(templates), configuration=file)
        change = Change("shop", None, side, [])
        return [*analysers.of_one(change, [*unchanged.values(), change])]

    assert [one.rank for one in made(opened=False)] == [Rank.NOTICE]
    told = {one.sentence.english: one.gate for one in made(opened=True)}
    assert told["anyone on the internet may now read any photo"] is Gate.WIDER_PERMISSION
