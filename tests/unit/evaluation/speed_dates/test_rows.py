"""Reading the file as people get it."""

from pathlib import Path

import pytest

from cufit_ops.evaluation.speed_dates.rows import read
from tests.unit.evaluation.speed_dates import made_up


def test_columns_nobody_reads_and_latin_1_are_fine(tmp_path: Path) -> None:
    rows = made_up.evenings(waves=2, of_each=3)
    more = {
        "field": "Français",
        "undergra": "",
        "income": "69,487.00",
        "career": "law\x85",
        "from": "a\nb",
    }
    evenings = read(made_up.written(rows, tmp_path / "a.csv", "latin-1", **more))
    assert len(evenings.scored) == len(rows) == 36
    assert not evenings.left_out


@pytest.mark.parametrize("nothing", ["", "NA", "NaN", "?"])
def test_what_cannot_be_compared_is_left_out_and_counted(nothing: str, tmp_path: Path) -> None:
    rows = made_up.evenings(waves=1, of_each=4)
    for row in rows:
        if row["iid"] == "100":
            row["age"] = nothing
        if row["iid"] == "101":
            row["yoga"] = nothing
        if row["iid"] == "102" and row["order"] == "1":
            row["pid"] = nothing
    rows = [row for row in rows if row["iid"] != "107"]
    evenings = read(made_up.written(rows, tmp_path / "a.csv"))
    assert evenings.left_out == {
        "an age is missing": 6,  # with three people whose rows are whole, and theirs with 100
        "interests are missing": 6,
        "no row of the partner": 5,  # those with 107, and with the one whom 102 does not name
        "no partner named": 1,
    }
    assert len(evenings.scored) + sum(evenings.left_out.values()) == len(rows)
    assert len(evenings.dates) == len(rows)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("dec", "2", "row 3, column dec: 2 is neither 0 nor 1"),
        ("match", "", "row 3, column match: '' is not a number"),
        ("order", "soon", "row 3, column order: 'soon' is not a number"),
        ("order", "1.5", "row 3, column order: 1.5 is not a whole number"),
        ("iid", "inf", "row 3, column iid: 'inf' is not a number"),
        ("pid", "103", "row 3: iid 103 meets pid 103 a second time"),
    ],
)
def test_a_cell_that_is_wrong_is_named(column: str, value: str, said: str, tmp_path: Path) -> None:
    rows = made_up.evenings(waves=1, of_each=3)
    if column == "pid":
        rows[0] = {**rows[1], "pid": "103"}
    rows[1][column] = value
    with pytest.raises(ValueError, match=said):
        read(made_up.written(rows, tmp_path / "a.csv"))


def test_another_file_is_refused_by_the_columns_it_lacks(tmp_path: Path) -> None:
    file = tmp_path / "other.csv"
    file.write_text("wave,gender,age\n1,0,22\n")
    with pytest.raises(
        ValueError, match=r"other\.csv: its first row has no column iid, pid, order"
    ):
        read(file)


def test_a_file_that_holds_or_is_nothing_is_refused(tmp_path: Path) -> None:
    rows = made_up.evenings(waves=1, of_each=3)
    head = made_up.written(rows, tmp_path / "a.csv").read_text().splitlines()[0]
    (tmp_path / "head.csv").write_text(head + "\n")
    with pytest.raises(ValueError, match="holds no row"):
        read(tmp_path / "head.csv")
    with pytest.raises(ValueError, match="No such file"):
        read(tmp_path / "none.csv")
