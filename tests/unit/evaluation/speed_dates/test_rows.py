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
        ("age", "15", "row 3, column age: 15 is not 16 to 99"),
        ("age", "250", "row 3, column age: 250 is not 16 to 99"),
        ("match", "", "row 3, column match: '' is not a number"),
        ("order", "soon", "row 3, column order: 'soon' is not a number"),
        ("order", "1.5", "row 3, column order: 1.5 is not a whole number"),
        ("iid", "inf", "row 3, column iid: 'inf' is not a number"),
        ("pid", "104", "row 3: iid 103 meets pid 104 a second time"),
    ],
)
def test_a_cell_that_is_wrong_is_named(column: str, value: str, said: str, tmp_path: Path) -> None:
    rows = made_up.evenings(waves=1, of_each=3)
    if column == "pid":
        rows[0] = {**rows[1], "pid": "104"}
    rows[1][column] = value
    with pytest.raises(ValueError, match=said):
        read(made_up.written(rows, tmp_path / "a.csv"))


def row_of(iid: int, pid: int, order: int, dec: int, dec_o: int) -> made_up.Row:
    about = made_up.evenings(waves=1, of_each=1)[0]
    of_it = {"iid": iid, "pid": pid, "order": order, "dec": dec, "dec_o": dec_o}
    return {**about, **{k: str(v) for k, v in of_it.items()}, "match": str(dec * dec_o)}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([row_of(1, 2, 1, 1, 1) | {"match": "0"}], "row 2, column match: 0, but dec is 1"),
        ([row_of(1, 2, 1, 1, 0) | {"match": "1"}], "row 2, column match: 1, but dec is 1"),
        ([row_of(1, 2, 1, 1, 0), row_of(2, 1, 1, 1, 1)], "row 3, column dec: 1, but dec_o of iid"),
        ([row_of(1, 2, 1, 1, 0), row_of(2, 1, 1, 1, 0)], "row 3, column dec_o: 0, but dec of iid"),
        ([row_of(1, 2, 1, 1, 0), row_of(1, 3, 1, 1, 0)], "row 3, column order: iid 1 has 1 a sec"),
        ([row_of(1, 1, 1, 1, 0)], "row 2, column pid: iid 1 meets itself"),
    ],
)
def test_rows_that_contradict_are_named(rows: list[made_up.Row], said: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=said):
        read(made_up.written(rows, tmp_path / "a.csv"))


def test_what_is_not_this_table_is_refused_in_words(tmp_path: Path) -> None:
    file = made_up.written(made_up.evenings(waves=1, of_each=3), tmp_path / "a.csv")
    text = file.read_text()
    head, first, *rest = text.splitlines()
    broken = {
        "row 2: 27 cells, and the head has 26": "\n".join([head, first + ",1", *rest]),
        "names a column twice: iid": "\n".join([head + ",iid", first + ",1"]),
        "row 2: field larger than field limit": f"{head}\n{'1' * 131_073}{first}",
        "is a quote left open": f'{head}\n"{first}',
        "separated by commas": text.replace(",", ";"),
    }
    for said, content in broken.items():
        file.write_text(content)
        with pytest.raises(ValueError, match=said):
            read(file)
    file.write_text(text, "utf-16")
    with pytest.raises(ValueError, match="is in UTF-16; save it in UTF-8"):
        read(file)


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
