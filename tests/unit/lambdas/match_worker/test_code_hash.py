"""Which code a score was made by: whatever decides points is in the hash."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cufit_contracts.attention import lately
from cufit_contracts.places import listed_province, province
from cufit_contracts.profile import IdealType
from cufit_contracts.vocabulary import age_in_korea, birth_years
from match_worker.scoring import code_hash
from match_worker.scoring.answers import answers_points
from match_worker.scoring.code_hash import hashed, scoring_hash
from match_worker.scoring.reach import best_first


@pytest.mark.parametrize(
    "deciding",
    [
        *(answers_points, best_first, province, listed_province),
        *(lately, age_in_korea, birth_years, IdealType.ages),
    ],
)
def test_what_decides_points_is_hashed(deciding: Callable[..., Any]) -> None:
    file = inspect.getsourcefile(inspect.unwrap(deciding))
    assert file is not None
    assert Path(file).resolve() in [one.resolve() for one in code_hash.MODULES]


def test_another_text_or_name_is_another_hash(tmp_path: Path) -> None:
    one, same, other = (tmp_path / name for name in ("a.py", "copy/a.py", "b.py"))
    same.parent.mkdir()
    for file in (one, same, other):
        file.write_text("x = 1")
    assert hashed([one]) == hashed([same]) != hashed([other])
    one.write_text("x = 2")
    assert hashed([one]) != hashed([same])
    assert len(scoring_hash()) == 12
