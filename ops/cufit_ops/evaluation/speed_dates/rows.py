"""Who met whom, read from the file as it is passed around: in UTF-8 or Latin-1, with some twenty
columns or with all 195, with cells that are empty."""

import csv
import io
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
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


LEAST_AGE, GREATEST_AGE = 16, 99

HINT = (
    '"Speed Dating Data.csv" of Fisman and Iyengar has them, separated by commas (not by ";"), in'
    " UTF-8 or Latin-1"
)


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
    turns: set[tuple[int, int]] = set()
    for cells in _rows(file):
        date = _date(cells)
        met = (date.iid, date.pid, date.order if date.pid is None else 0)
        if met in dates:
            raise ValueError(f"{cells.place}: iid {date.iid} meets pid {date.pid} a second time")
        _check(date, dates, cells)
        dates[met] = date
        turn = (date.iid, date.order)
        if turn in turns:
            raise ValueError(
                f"{cells.place}, column order: iid {date.iid} has {date.order} a second time"
            )
        turns.add(turn)
        if date.iid not in people:
            people[date.iid] = _person(cells)
    if not dates:
        raise ValueError(f"{file}: holds no row below its head")
    both = {(date.iid, date.pid) for date in dates.values()}
    tried = [_meeting(date, people, both) for date in dates.values()]
    scored = [one for one in tried if isinstance(one, Meeting)]
    left_out = Counter(one for one in tried if isinstance(one, str))
    return Evenings(list(dates.values()), scored, dict(left_out))


def _check(
    date: SpeedDate, before: Mapping[tuple[int, int | None, int], SpeedDate], cells: "_Cells"
) -> None:
    """Raises: ValueError, when the row contradicts itself or an earlier one of the partner."""
    if date.pid == date.iid:
        raise ValueError(f"{cells.place}, column pid: iid {date.iid} meets itself")
    if date.match != (date.said_yes and date.was_wanted):
        raise ValueError(
            f"{cells.place}, column match: {date.match:d}, but dec is {date.said_yes:d} and dec_o"
            f" {date.was_wanted:d}"
        )
    partner = None if date.pid is None else before.get((date.pid, date.iid, 0))
    if partner is None:
        return
    if date.was_wanted != partner.said_yes:
        raise ValueError(
            f"{cells.place}, column dec_o: {date.was_wanted:d}, but dec of iid {date.pid} is"
            f" {partner.said_yes:d}"
        )
    if date.said_yes != partner.was_wanted:
        raise ValueError(
            f"{cells.place}, column dec: {date.said_yes:d}, but dec_o of iid {date.pid} is"
            f" {partner.was_wanted:d}"
        )


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
    age = cells.number("age")
    if not LEAST_AGE <= age <= GREATEST_AGE:
        raise ValueError(f"{cells.place}, column age: {age:g} is not {LEAST_AGE} to {GREATEST_AGE}")
    return Person(
        iid=cells.whole("iid"),
        wave=cells.whole("wave"),
        male=cells.flag("gender"),
        age=round(age),
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
    text = _text(file)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        head = next(reader, [])
        _check_head(head, file)
        for cells in reader:
            place = f"{file}, row {reader.line_num}"
            if not cells:
                continue
            if len(cells) > len(head):
                raise ValueError(f"{place}: {len(cells)} cells, and the head has {len(head)}")
            yield _Cells(place, dict(zip_longest(head, cells)))
    except csv.Error as error:
        raise ValueError(
            f"{file}, row {reader.line_num}: {error}; is a quote left open?"
        ) from error


def _check_head(head: Sequence[str], file: Path) -> None:
    missing = [one for one in COLUMNS if one not in head]
    if missing:
        raise ValueError(f"{file}: its first row has no column {', '.join(missing)}; {HINT}")
    twice = [one for one in COLUMNS if head.count(one) > 1]
    if twice:
        raise ValueError(f"{file}: its first row names a column twice: {', '.join(twice)}")


def _text(file: Path) -> str:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ValueError(f"{file}: {error.strerror}") from error
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        raise ValueError(f"{file}: is in UTF-16; save it in UTF-8, separated by commas")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")
