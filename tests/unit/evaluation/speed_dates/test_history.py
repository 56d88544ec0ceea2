"""Nobody is judged by what was not known yet, nor by the date that is to be told."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cufit_contracts.items import History
from cufit_ops.evaluation.speed_dates.history import Known, histories
from cufit_ops.evaluation.speed_dates.rows import Evenings, read
from tests.unit.evaluation.speed_dates import made_up


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("evenings")


def known_of(evenings: Evenings, known: Known) -> dict[tuple[int, int], History]:
    of_it = histories(evenings, known)
    return {
        (one.seeker.iid, one.candidate.iid): history
        for one, history in zip(evenings.scored, of_it, strict=True)
    }


def from_rows(rows: list[made_up.Row], folder: Path) -> Evenings:
    return read(made_up.written(rows, folder / "dates.csv"))


def turned(row: made_up.Row) -> made_up.Row:
    said, heard = (1 - int(row[name]) for name in ("dec", "dec_o"))
    return {**row, "dec": str(said), "dec_o": str(heard), "match": str(said * heard)}


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), order=st.integers(1, 4))
def test_what_comes_later_changes_nothing_that_was_known(
    seed: int, order: int, folder: Path
) -> None:
    rows = made_up.evenings(waves=1, of_each=4, seed=seed)
    later = [turned(row) if int(row["order"]) >= order else row for row in rows]
    before, after = (known_of(from_rows(one, folder), Known.EARLIER) for one in (rows, later))
    orders = {(int(row["iid"]), int(float(row["pid"]))): int(row["order"]) for row in rows}
    for met, history in before.items():
        if orders[met] <= order:
            assert after[met] == history


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), at=st.integers(0, 31))
@pytest.mark.parametrize("known", [Known.EARLIER, Known.OTHERS])
def test_a_date_is_never_in_its_own_history(known: Known, seed: int, at: int, folder: Path) -> None:
    rows = made_up.evenings(waves=1, of_each=4, seed=seed)
    pair = {rows[at]["iid"], rows[at]["pid"].removesuffix(".0")}
    other = [
        turned(row) if {row["iid"], row["pid"].removesuffix(".0")} == pair else row for row in rows
    ]
    one, two = (int(iid) for iid in pair)
    before, after = (known_of(from_rows(them, folder), known) for them in (rows, other))
    assert before[one, two] == after[one, two]
    assert before[two, one] == after[two, one]


def test_each_counts_the_candidates_own_dates(tmp_path: Path) -> None:
    rows = made_up.evenings(waves=1, of_each=3)
    for row in rows:
        if row["iid"] == "103":  # the two sides of an evening may count differently
            row["order"] = str(4 - int(row["order"]))
    evenings = from_rows(rows, tmp_path)
    own = [row for row in rows if row["iid"] == "103"]
    (now,) = (row for row in own if row["pid"] == "100.0")
    earlier = [row for row in own if int(row["order"]) < int(now["order"])]
    others = [row for row in own if row is not now]

    def counted(dates: list[made_up.Row]) -> History:
        wanted, yes = (sum(int(row[name]) for row in dates) for name in ("dec_o", "dec"))
        return History(asked=len(dates), wanted=wanted, answered=len(dates), said_yes=yes)

    assert known_of(evenings, Known.NOTHING)[100, 103] == History()
    assert known_of(evenings, Known.EARLIER)[100, 103] == counted(earlier)
    assert known_of(evenings, Known.OTHERS)[100, 103] == counted(others)
