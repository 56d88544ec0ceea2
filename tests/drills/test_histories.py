"""Whatever happens in whichever order, the invariants hold after every step and at the end."""

from pathlib import Path

import pytest

from tests.drills.enumeration import Stages
from tests.drills.histories import History
from tests.drills.machine import search

KEPT = sorted((Path(__file__).parent / "kept_histories").glob("*.json"))
"""Histories that broke an invariant once; each file is named after which."""

SEED = 2026

HISTORIES = 60
"""Of `make test`. `make check` and `make drills` play 1,000, `make drills-long` 100,000."""


def test_histories_hold(stages: Stages) -> None:
    search(stages, HISTORIES, SEED)


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.stem)
def test_a_history_that_broke_an_invariant_holds(kept: Path, stages: Stages) -> None:
    History.replay(kept.read_text(), stages.world, stages.town_at_rest)
