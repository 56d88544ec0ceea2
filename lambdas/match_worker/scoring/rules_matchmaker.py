"""Ranking without AI: facts alone decide, and each reason says so."""

from collections.abc import Iterator, Sequence
from itertools import islice

from cufit_contracts.results import MAX_RANKED, MatchmakerName, RankedCandidate
from match_worker.ports import Candidates, Ranking, Search
from match_worker.profile import Profile
from match_worker.scoring.fact_scores import FactScores
from match_worker.scoring.hard_rules import acceptable_birth_years, eligibility
from match_worker.scoring.ranking import Referee, Scored, in_order, judged_parts, tie_break
from match_worker.scoring.reason import BY_RULES, from_facts
from match_worker.scoring.rubric import TOTAL, Rubric

_CHUNK = 4 * MAX_RANKED
"""People checked against the tables at a time; past pairs rarely take so many of the best."""


class RulesMatchmaker:
    name: MatchmakerName = "rules"
    model_id = None

    def __init__(self, candidates: Candidates, referee: Referee, rubric: Rubric) -> None:
        self._candidates = candidates
        self._referee = referee
        self._rubric = rubric

    def rank(self, search: Search) -> Ranking:
        first, last = acceptable_birth_years(search.seeker, search.now)
        if first > last:
            return Ranking([])
        people = self._candidates.born_between(search.seeker.gender.other, first, last)
        order = best_first(list(people), search, self._rubric)
        admitted: list[Profile] = []
        while chunk := list(islice(order, _CHUNK)):
            admitted += self._referee.admitted(search, [one.candidate_id for one in chunk])
            if len(admitted) >= MAX_RANKED:
                break
        return Ranking(self._numbered(admitted, search))

    def _numbered(self, admitted: list[Profile], search: Search) -> list[RankedCandidate]:
        facts = FactScores(self._rubric, search.seeker, search.now)
        unjudged = judged_parts(self._rubric, {})
        scored = []
        for profile in admitted:
            parts = facts.parts(profile)
            reason = from_facts(BY_RULES, search.seeker, parts, facts.age_gap(profile))
            scored.append(Scored(profile.candidate_id, (*parts, *unjudged), reason))
        return in_order(scored, search)


def best_first(people: Sequence[Profile], search: Search, rubric: Rubric) -> Iterator[Profile]:
    """Eligible people by the points facts give them; equals as in `ranking.tie_break`.

    Only as many equals are ordered as are asked for.
    """
    facts = FactScores(rubric, search.seeker, search.now)
    eligible = eligibility(search.seeker, search.now)
    by_points: list[list[Profile]] = [[] for _ in range(TOTAL + 1)]
    for person in people:
        if eligible(person):
            by_points[facts.total(person)].append(person)
    for equals in filter(None, reversed(by_points)):
        equals.sort(key=lambda person: tie_break(search, person.candidate_id))
        yield from equals
