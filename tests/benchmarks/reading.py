"""What a shortlist reads of the index by_place, and what it misses.

    .venv/bin/python -m tests.benchmarks.reading [PEOPLE]

What an item weighs, with and without a wish in words. Then, for seekers in 서울, 제주 and
elsewhere, with narrow and wide wishes for age: items and queries
of the index, points of the best 20 beside those of a full scan, and processor time without the
reads, which are made in memory. Prints and judges nothing.
"""

import gc
import heapq
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from statistics import mean, median

from rich.console import Console
from rich.table import Table

from cufit_contracts.attention import amount
from cufit_contracts.profile import Range
from cufit_contracts.vocabulary import AgePreference, Gender
from cufit_ops.evaluation.place_index import PlaceIndex
from match_worker.model.prompt import load_prompt
from match_worker.ports import Residents, Search
from match_worker.profile import Profile
from match_worker.scoring.fact_scores import FactScores
from match_worker.scoring.hard_rules import eligibility
from match_worker.scoring.reach import MOST_READ, best_first
from match_worker.scoring.rubric import Rubric
from tests.benchmarks.item_size import placed_bytes, read_units
from tests.benchmarks.residents import people

NOW = datetime(2026, 11, 28, tzinfo=UTC)
BEST = 20
PEOPLE = 100_000
VERSIONS = ("v1", "v2")
"""Of the rubric: without answers, and with."""
LONGEST_WISH = 200
"""Letters of Korean, 3 bytes each (cufit_contracts.profile, IdealType.free_text)."""
SEEKERS = 40
"""Of each kind."""

WISHES: Mapping[str, tuple[int, int] | None] = {"same age": None, "±4": (4, 4), "any": (99, 99)}
"""Years younger and older."""


@dataclass
class CountedIndex:
    """The index, and what was asked of it."""

    index: PlaceIndex
    queries: int = 0
    read: int = 0
    seconds: float = 0.0

    def living_in(
        self, gender: Gender, province: str, first: str, last: str, limit: int
    ) -> Residents:
        started = time.process_time()
        page = self.index.living_in(gender, province, first, last, limit)
        self.queries += 1
        self.read += page.read
        self.seconds += time.process_time() - started
        return page

    def get(self, candidate_id: str) -> Profile | None:
        raise AssertionError(candidate_id)

    def get_many(self, candidate_ids: object) -> Mapping[str, Profile]:
        raise AssertionError(candidate_ids)


@dataclass(frozen=True, slots=True)
class Reading:
    """One search for the BEST."""

    queries: int
    read: int
    seconds: float
    """Of the processor, without the index."""
    points: Sequence[int]
    full_scan: Sequence[int]
    """Points of the best of everybody."""

    @property
    def loss(self) -> float:
        """Share of the full scan's points that is missing."""
        return 1 - sum(self.points) / sum(self.full_scan) if self.full_scan else 0.0

    @property
    def reached(self) -> float:
        """Share of the full scan's best whose points somebody found has as well."""
        pairs = zip(self.points, self.full_scan, strict=False)
        there = len(self.full_scan)
        return sum(one >= other for one, other in pairs) / there if there else 1.0


def reading(
    index: PlaceIndex, everybody: Sequence[Profile], who: Profile, rubric: Rubric
) -> Reading:
    search = Search("rec_reading", who, NOW, lambda: 60.0)
    facts = FactScores(rubric, who, NOW)
    counted = CountedIndex(index)
    started = time.process_time()
    best = list(islice(best_first(counted, search, rubric), BEST))
    seconds = time.process_time() - started - counted.seconds
    points = [facts.total(one) for one in best]
    eligible = filter(eligibility(who, NOW), everybody)
    full_scan = heapq.nlargest(BEST, (facts.total(one) for one in eligible))
    return Reading(counted.queries, counted.read, seconds, points, full_scan)


def seekers(everybody: Sequence[Profile], count: int) -> Iterator[tuple[str, Profile]]:
    """`count` of each kind, by what the kind is called."""
    groups = {
        "서울": [one for one in everybody if one.city == "서울"],
        "제주": [one for one in everybody if one.city == "제주"],
        "elsewhere": [one for one in everybody if one.city not in ("서울", "제주")],
    }
    for home, group in groups.items():
        for wish, ages in WISHES.items():
            for one in group[:count]:
                yield f"{home}, {wish}", _wishing(one, ages)


def _wishing(one: Profile, ages: tuple[int, int] | None) -> Profile:
    ideal, age = one.ideal_type, NOW.year - one.birth_year
    if ages is None:
        same = replace(ideal, age_range=None, age_preference=AgePreference.SAME)
        return replace(one, ideal_type=same)
    younger, older = ages
    years = Range(max(19, age - younger), min(99, age + older))
    return replace(one, ideal_type=replace(ideal, age_range=years, age_preference=None))


def main(count: int) -> None:
    everybody = list(people(count))
    index = PlaceIndex(everybody)
    gc.freeze()  # going through them all again would count as time of the search
    others = {gender: [one for one in everybody if one.gender is gender] for gender in Gender}
    for wishes in (0, LONGEST_WISH):
        Console().print(_sizes(everybody[:1000], wishes))
    for version in VERSIONS:
        kinds: dict[str, list[Reading]] = {}
        rubric = load_prompt(version).rubric
        for kind, who in seekers(everybody, SEEKERS):
            found = reading(index, others[who.gender.other], who, rubric)
            kinds.setdefault(kind, []).append(found)
        Console().print(_table(f"{count:,} people, rubric of {version}", kinds))


def _sizes(some: Sequence[Profile], wishes: int) -> str:
    """What an item weighs and MOST_READ of them cost, of people who wish in so many letters."""
    written = [
        replace(
            one,
            ideal_type=replace(one.ideal_type, free_text="가" * wishes),
            maker_id=one.candidate_id,
            joined_at=NOW,
            attention=amount(3, NOW),
        )
        for one in some
    ]
    size = mean(map(placed_bytes, written))
    units = read_units(MOST_READ, size)
    return f"wishes of {wishes} letters: {size:.0f} bytes an item, {units:.0f} units a search"


def _table(title: str, kinds: Mapping[str, Sequence[Reading]]) -> Table:
    table = Table(title=title)
    columns = ("seekers", "n", "read: median", "most", "queries: median", "most")
    for name in (*columns, "loss: mean", "p95", "most", "reached", "ms: median", "most"):
        table.add_column(name)
    everyone = [one for found in kinds.values() for one in found]
    for kind, found in (*kinds.items(), ("all", everyone)):
        read, queries = [one.read for one in found], [one.queries for one in found]
        losses, ms = sorted(one.loss for one in found), [one.seconds * 1000 for one in found]
        table.add_row(
            *(kind, f"{len(found)}", f"{median(read):.0f}", f"{max(read):,}"),
            *(f"{median(queries):.0f}", f"{max(queries)}"),
            *(f"{mean(losses):.2%}", f"{losses[int(0.95 * len(losses))]:.2%}", f"{losses[-1]:.2%}"),
            *(f"{mean(one.reached for one in found):.1%}", f"{median(ms):.1f}", f"{max(ms):.1f}"),
        )
    return table


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE)
