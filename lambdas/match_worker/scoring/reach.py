"""Whom to read of the index by_place, nearest first: enough for the best, and never everybody.

The points of a place and a year are known before anybody there is read, but for what only a person
tells; that counts at its most. So the best of those read is the best of all as soon as nobody
unread can have more (the threshold algorithm of Fagin, Lotem and Naor, 2003).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from heapq import heappop, heappush
from itertools import count, groupby
from typing import Final
from zlib import crc32

from cufit_contracts.identity import member_id_of
from cufit_contracts.places import ELSEWHERE, LAST_ID, PROVINCES, born
from cufit_contracts.vocabulary import KST
from match_worker.ports import Candidates, Search
from match_worker.profile import Profile
from match_worker.scoring.fact_scores import FactScores
from match_worker.scoring.hard_rules import acceptable_birth_years, eligibility
from match_worker.scoring.ranking import tie_break
from match_worker.scoring.rubric import Rubric

MOST_READ: Final = 2_000
"""Items of the index that one search reads."""
MOST_QUERIES: Final = 200
"""Of the index, for one search: a page may be empty and not the last. 62 were the most for the
seekers of tests/benchmarks/reading.py."""
LOOK: Final = 100
"""Items of the first read of a province: where fewer people live, it is the only one."""
PAGE: Final = 500
"""Items of each further read."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Of the index, unread: who lives in `province` and has a `born` from `first` to `last`."""

    province: str
    first: str
    last: str
    at_most: int
    """Points nobody there goes beyond."""
    turn: int = 0
    """Of parts alike; what is left of one keeps it."""
    is_look: bool = False


def best_first(candidates: Candidates, search: Search, rubric: Rubric) -> Iterator[Profile]:
    """Eligible people by the points code gives them; equals as in `ranking.tie_break`. What is
    read depends on how many are taken.

    They come from the index: without name, job, hobbies and introduction, and perhaps not as they
    are now. Once MOST_READ items are read, or MOST_QUERIES made, the best of these
    come, and nobody else.
    """
    facts = FactScores(rubric, search.seeker, search.now)
    eligible = eligibility(search.seeker, search.now)
    unread = _Unread(search, facts)
    found: list[tuple[int, int, str, Profile]] = []
    known: set[str] = set()
    left, queries = MOST_READ, MOST_QUERIES
    while True:
        while left and queries and unread and not (found and -found[0][0] >= unread.at_most):
            part = unread.pop()
            limit = min(left, LOOK if part.is_look else PAGE)
            gender = search.seeker.gender.other
            page = candidates.living_in(gender, part.province, part.first, part.last, limit)
            left, queries = left - page.read, queries - 1
            if page.after is not None:
                unread.rest_of(part, page.after)
                if part.is_look:
                    continue  # its people are read with their like: nobody's id comes first
            for one in filter(eligible, page.people):
                if one.candidate_id not in known:  # who moves meanwhile is met twice
                    known.add(one.candidate_id)
                    equals = tie_break(search, one.candidate_id)
                    heappush(found, (-facts.total(one), equals, one.candidate_id, one))
        if not found:
            return
        yield heappop(found)[-1]


class _Unread:
    """Parts of the index, those first where the most points are possible."""

    def __init__(self, search: Search, facts: FactScores) -> None:
        self._facts = facts
        self._day = search.now.astimezone(KST).date()
        self._seeker_id = search.seeker.candidate_id
        first, last = acceptable_birth_years(search.seeker, search.now)
        self._years = range(first, last + 1)
        self._parts: list[tuple[tuple[int, ...], _Part]] = []
        self._order = count()
        if self._years:
            for province in (*PROVINCES, ELSEWHERE):
                self._look(province)

    def __bool__(self) -> bool:
        return bool(self._parts)

    @property
    def at_most(self) -> int:
        return self._parts[0][1].at_most

    def pop(self) -> _Part:
        return heappop(self._parts)[1]

    def rest_of(self, part: _Part, after: str) -> None:
        """A read of `part` ended before `after`."""
        if not part.is_look:
            self._push(replace(part, first=after))
            return
        most = partial(self._facts.at_most, part.province)
        for at_most, years in groupby(self._years, most):
            for turn, (first, last) in enumerate(self._from_anywhere(part.province, list(years))):
                self._push(_Part(part.province, first, last, at_most, turn))

    def _look(self, province: str) -> None:
        at_most = max(self._facts.at_most(province, year) for year in self._years)
        first, last = born(self._years[0]), born(self._years[-1], LAST_ID)
        self._push(_Part(province, first, last, at_most, is_look=True))

    def _from_anywhere(self, province: str, years: list[int]) -> list[tuple[str, str]]:
        """Begins at a point that the seeker and the day decide, and ends before it."""
        drawn = member_id_of(self._seeker_id, f"{self._day}|{province}|{years[0]}")
        start = born(years[crc32(drawn.encode()) % len(years)], drawn)
        return [(start, born(years[-1], LAST_ID)), (born(years[0]), start)]

    def _push(self, part: _Part) -> None:
        # Of equals, where reading has begun goes first: a look costs reads and may show nobody.
        province = crc32(f"{self._seeker_id}|{self._day}|{part.province}".encode())
        rank = (-part.at_most, int(part.is_look), province, part.turn, next(self._order))
        heappush(self._parts, (rank, part))
