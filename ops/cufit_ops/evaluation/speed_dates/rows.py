"""Who met whom, read from the file as it is passed around: in UTF-8 or Latin-1, with some twenty
columns or with all 195, with cells that are empty."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

INTERESTS = (
    *("sports", "tvsports", "exercise", "dining", "museums", "art", "hiking", "gaming"),
    *("clubbing", "reading", "tv", "theater", "movies", "concerts", "music", "shopping", "yoga"),
)
"""Rated by everybody, 1 to 10 (a few wrote 0 or 11 and more)."""
COLUMNS = ("iid", "pid", "wave", "gender", "order", "match", "dec", "dec_o", "age", *INTERESTS)
"""What is read: who (`iid`) met whom (`pid`) as the how-manieth of an evening (`wave`, `order`),
and whether both, `iid`, and `pid` said yes (`match`, `dec`, `dec_o`)."""

EMPTY = frozenset({"", "na", "nan", "?"})
"""Cells that say nothing, in any case."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of whom everything is known that is compared."""

    iid: int
    wave: int
    male: bool
    age: int
    interests: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class SpeedDate:
    """One row: `iid` meets `pid`."""

    iid: int
    pid: int | None
    """None where the file does not say who it was."""
    order: int
    """Of the dates of `iid` that evening."""
    match: bool
    said_yes: bool
    was_wanted: bool


@dataclass(frozen=True, slots=True)
class Meeting:
    """A row that is scored: how well does `candidate` suit `seeker`?"""

    seeker: Person
    candidate: Person
    match: bool


@dataclass(frozen=True, slots=True)
class Evenings:
    dates: Sequence[SpeedDate]
    """Every row: also what is not scored counts as history."""
    scored: Sequence[Meeting]
    left_out: Mapping[str, int]
    """Rows that are not scored, by the first reason."""


def read(file: Path) -> Evenings:
    """Raises: ValueError, which names the file and what is wrong by row and column."""
    people: dict[int, Person | str] = {}
    dates: dict[tuple[int, int | None, int], SpeedDate] = {}
    for cells in _rows(file):
        date = _date(cells)
        met = (date.iid, date.pid, date.order if date.pid is None else 0)
        if met in dates:
            raise ValueError(f"{cells.place}: iid {date.iid} meets pid {date.pid} a second time")
        dates[met] = date
        if date.iid not in people:
            people[date.iid] = _person(cells)
    if not dates:
        raise ValueError(f"{file}: holds no row below its head")
    both = {(date.iid, date.pid) for date in dates.values()}
    tried = [_meeting(date, people, both) for date in dates.values()]
    scored = [one for one in tried if isinstance(one, Meeting)]
    left_out = Counter(one for one in tried if isinstance(one, str))
    return Evenings(list(dates.values()), scored, dict(left_out))


def _meeting(
    date: SpeedDate, people: Mapping[int, Person | str], both: set[tuple[int, int | None]]
) -> Meeting | str:
    """Or why it is left out."""
    if date.pid is None:
        return "no partner named"
    if (date.pid, date.iid) not in both:
        return "no row of the partner"
    seeker, candidate = people[date.iid], people[date.pid]
    if isinstance(seeker, str):
        return seeker
    if isinstance(candidate, str):
        return candidate
    return Meeting(seeker, candidate, date.match)


class _Cells:
    def __init__(self, place: str, cells: Mapping[str, str | None]) -> None:
        self.place = place
        self._cells = cells

    def is_empty(self, column: str) -> bool:
        return (self._cells[column] or "").strip().lower() in EMPTY

    def number(self, column: str) -> float:
        text = (self._cells[column] or "").strip()
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not abs(value) < 1e9:  # neither nan nor infinite
            raise ValueError(f"{self.place}, column {column}: {text!r} is not a number")
        return value

    def whole(self, column: str) -> int:
        value = self.number(column)
        if value != int(value):
            raise ValueError(f"{self.place}, column {column}: {value} is not a whole number")
        return int(value)

    def flag(self, column: str) -> bool:
        value = self.number(column)
        if value not in {0, 1}:
            raise ValueError(f"{self.place}, column {column}: {value:g} is neither 0 nor 1")
        return value == 1


def _person(cells: _Cells) -> Person | str:
    """Or what is missing."""
    if cells.is_empty("age"):
        return "an age is missing"
    if any(cells.is_empty(one) for one in INTERESTS):
        return "interests are missing"
    return Person(
        iid=cells.whole("iid"),
        wave=cells.whole("wave"),
        male=cells.flag("gender"),
        age=round(cells.number("age")),
        interests={one: cells.number(one) for one in INTERESTS},
    )


def _date(cells: _Cells) -> SpeedDate:
    return SpeedDate(
        iid=cells.whole("iid"),
        pid=None if cells.is_empty("pid") else cells.whole("pid"),
        order=cells.whole("order"),
        match=cells.flag("match"),
        said_yes=cells.flag("dec"),
        was_wanted=cells.flag("dec_o"),
    )


def _rows(file: Path) -> Iterator[_Cells]:
    reader = csv.DictReader(io.StringIO(_text(file), newline=""))
    missing = [one for one in COLUMNS if one not in (reader.fieldnames or ())]
    if missing:
        raise ValueError(
            f"{file}: its first row has no column {', '.join(missing)};"
            ' "Speed Dating Data.csv" of Fisman and Iyengar has them'
        )
    for cells in reader:
        yield _Cells(f"{file}, row {reader.line_num}", cells)


def _text(file: Path) -> str:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ValueError(f"{file}: {error.strerror}") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")
