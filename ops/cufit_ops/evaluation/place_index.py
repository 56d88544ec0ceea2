"""The index by_place over people in memory."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable

from cufit_contracts.places import behind, born, listed_province, place
from cufit_contracts.vocabulary import Gender
from match_worker.ports import Residents
from match_worker.profile import Profile


class PlaceIndex:
    """Of everybody it is made of, also who may not be recommended: an index lags."""

    def __init__(self, people: Iterable[Profile]) -> None:
        self._rows: dict[str, list[tuple[str, Profile]]] = defaultdict(list)
        for one in people:
            where = place(one.gender, listed_province(one.city))
            self._rows[where].append((born(one.birth_year, one.candidate_id), one))
        for rows in self._rows.values():
            rows.sort(key=_born)

    def living_in(
        self, gender: Gender, province: str, first: str, last: str, limit: int
    ) -> Residents:
        rows = self._rows.get(place(gender, province), [])
        start = bisect_left(rows, first, key=_born)
        stop = bisect_right(rows, last, key=_born)
        end = min(stop, start + limit)
        after = behind(rows[end - 1][0]) if end < stop else None
        return Residents([one for _, one in rows[start:end]], end - start, after)


def _born(row: tuple[str, Profile]) -> str:
    return row[0]
