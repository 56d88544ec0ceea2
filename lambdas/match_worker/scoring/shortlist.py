"""Who is judged: the best by facts of everybody the hard rules admit, and some who are near in
meaning. Whoever is not here is neither shown to the model nor ranked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Final

from aws_lambda_powertools import Logger

from cufit_contracts.alias import alias_of
from match_worker.errors import ModelUnavailable
from match_worker.ports import Candidates, Nearness, Search
from match_worker.profile import Profile
from match_worker.scoring.congestion import stepped_back, usual_attention
from match_worker.scoring.fact_scores import FactScores
from match_worker.scoring.ranking import Referee
from match_worker.scoring.reach import best_first
from match_worker.scoring.rubric import Rubric

NEAREST: Final = 100
"""People asked for by meaning, the most a Retrieve returns (botocore's model of
bedrock-agent-runtime): the nearest are soon all met."""

POOL: Final = 3
"""Times the size: of so many, the best by points, the usual is taken and the order changed."""

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

    def __call__(self, search: Search, *, by_facts_alone: bool = False) -> Search:
        """The search with its shortlist: admitted people, the best by facts first, then those near
        in meaning; each with an alias of their own. Empty when nobody may be recommended."""
        order = best_first(self.candidates, search, self.rubric)
        pool = list(islice(order, POOL * self.size))
        search = replace(search, usual_attention=usual_attention(pool))
        by_facts = (one.candidate_id for one in chain(self._in_turn(search, pool), order))
        best = list(islice(self._admitted(search, by_facts), self.size))
        if by_facts_alone or self.nearness is None or len(best) < self.size:
            # Fewer than the size: everybody whom the search by facts reads (see reach).
            return replace(search, shortlist=_with_own_alias(best))
        kept = best[: self.size - self.near_in_meaning]
        near = self._near(search, self.nearness, kept)
        people = _with_own_alias([*kept, *near, *best[len(kept) :]])
        return replace(search, shortlist=people[: self.size])

    def _in_turn(self, search: Search, pool: Iterable[Profile]) -> list[Profile]:
        """Whoever steps back comes later; equals stay as they are."""
        facts = FactScores(self.rubric, search.seeker, search.now)
        rule, usual = self.rubric.congestion, search.usual_attention

        def behind(one: Profile) -> int:
            return stepped_back(rule, one.attention, usual, search.now) - facts.total(one)

        return sorted(pool, key=behind)

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
