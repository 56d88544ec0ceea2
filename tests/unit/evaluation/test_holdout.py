"""Sets nobody tuned on: other people for another seed, and all of their seekers together."""

from statistics import fmean

import pytest

from cufit_ops.evaluation import synthesis
from cufit_ops.evaluation.holdout import drawn, held, report


def test_another_seed_draws_other_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(synthesis, "PEOPLE_DRAWN", 40)
    assert drawn(11).content_hash == drawn(11).content_hash != drawn(12).content_hash


def test_seekers_of_all_sets_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(synthesis, "PEOPLE_DRAWN", 40)
    sets = {seed: held(drawn(seed), turns=1) for seed in (11, 12)}
    lines = list(report(sets))
    figures = [
        case.ndcg
        for one in sets.values()
        for case in one.honest.cases.values()
        if case.ndcg is not None
    ]
    rows = [line.split("|")[1:3] for line in lines if line.startswith("|")]
    assert [name.strip() for name, _ in rows[2:]] == ["11", "12", "all"]
    assert rows[-1][1].strip().startswith(f"{fmean(figures):.3f} [")
