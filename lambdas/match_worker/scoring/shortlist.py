"""Who is judged: the best by facts of everybody the hard rules admit, and some who are near in
meaning. Whoever is not here is neither shown to the model nor ranked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from aws_lambda_powertools import Logger

from cufit_contracts.alias import alias_of
from match_worker.errors import ModelUnavailable
from match_worker.ports import Candidates, Nearness, Search
from match_worker.profile import Profile
from match_worker.scoring.ranking import Referee
from match_worker.scoring.reach import best_first
from match_worker.scoring.rubric import Rubric

NEAREST: Final = 100
"""People asked for by meaning, the most a Retrieve returns (botocore's model of
bedrock-agent-runtime): the nearest are soon all met."""

logger = Logger(child=True)


@dataclass(frozen=True, slots=True)
class Shortlist:
    candidates: Candidates
    referee: Referee
    rubric: Rubric
    size: int
    """People at most."""
    near_in_meaning: int = 0
    """Of these, places for whom `nearness` finds; left to the next by facts when it finds nobody
    or does not answer."""
    nearness: Nearness | None = None
    """None: facts alone decide."""

    def __call__(self, search: Search, *, by_facts_alone: bool = False) -> tuple[Profile, ...]:
        """Admitted people, the best by facts first, then those near in meaning; each with an alias
        of their own. Empty when nobody may be recommended."""
        best = list(islice(self._admitted_by_facts(search), self.size))
        if by_facts_alone or self.nearness is None or len(best) < self.size:
            # Fewer than the size: everybody whom the search by facts reads (see reach).
            return _with_own_alias(best)
        kept = best[: self.size - self.near_in_meaning]
        near = self._near(search, self.nearness, kept)
        return _with_own_alias([*kept, *near, *best[len(kept) :]])[: self.size]

    def _admitted_by_facts(self, search: Search) -> Iterator[Profile]:
        order = best_first(self.candidates, search, self.rubric)
        return self._admitted(search, (one.candidate_id for one in order))

    def _admitted(self, search: Search, candidate_ids: Iterator[str]) -> Iterator[Profile]:
        while chunk := list(islice(candidate_ids, self.size)):
            yield from self.referee.admitted(search, chunk)

    def _near(
        self, search: Search, nearness: Nearness, others: Sequence[Profile]
    ) -> Sequence[Profile]:
        """The nearest who are not among the others; the tables say who may be recommended."""
        if self.near_in_meaning == 0:
            return []
        try:
            found = nearness.nearest(search, NEAREST)
        except ModelUnavailable as error:
            logger.warning("nobody near in meaning", extra={"code": error.code})
            return []
        listed = {one.candidate_id for one in others}
        new = (one for one in dict.fromkeys(found) if one not in listed)
        return list(islice(self._admitted(search, new), self.near_in_meaning))


def _with_own_alias(people: Sequence[Profile]) -> tuple[Profile, ...]:
    """Each once; the second of two with one alias is left out, because an answer could mean
    either."""
    found: dict[str, Profile] = {}
    for person in people:
        found.setdefault(alias_of(person.candidate_id), person)
    return tuple(found.values())
