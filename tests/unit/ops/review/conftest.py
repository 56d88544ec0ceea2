"""Reports without Node and without our analysers."""

from collections.abc import Sequence

import pytest

from cufit_ops.review import analysers
from cufit_ops.review.analysers import Analyser
from cufit_ops.review.change import Change, StackText
from cufit_ops.review.comparison import Pair
from cufit_ops.review.findings import Finding, Topic


@pytest.fixture
def found(compared: None, monkeypatch: pytest.MonkeyPatch) -> list[Finding]:
    """What the analysers find of each environment; to be filled."""
    findings: list[Finding] = []

    def of(topic: Topic) -> Analyser:
        return Analyser(topic, lambda _: iter([f for f in findings if f.topic is topic]))

    monkeypatch.setattr(analysers, "ANALYSERS", tuple(of(topic) for topic in Topic))
    return findings


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Node, which takes most of a second each time; test_comparison.py asks it. These
    templates have no price."""

    def compare(pairs: Sequence[Pair]) -> list[Change]:
        return [
            Change(
                pair.environment, pair.base, pair.head, [],
                [StackText(stack, f"[-] of {stack}", False) for stack, *_ in pair.templates()],
            )
            for pair in pairs
        ]  # fmt: skip

    monkeypatch.setattr("cufit_ops.review.report.compare", compare)
    monkeypatch.setattr(analysers, "of_all", lambda _: iter(()))
