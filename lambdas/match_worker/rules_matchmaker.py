"""Ranking without AI: facts alone decide, and each reason says so."""

from cufit_contracts.results import MAX_RANKED, RankedCandidate

from match_worker.fact_scores import FactScores
from match_worker.hard_rules import acceptable_birth_years, eligibility
from match_worker.ports import Candidates, MatchmakerName, Ranking, Search
from match_worker.profile import Profile
from match_worker.ranking import Referee, Scored, in_order, judged_parts, tie_break
from match_worker.reason import BY_RULES, from_facts
from match_worker.rubric import Rubric

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
        for start in range(0, len(order), _CHUNK):
            ids = [profile.candidate_id for profile in order[start : start + _CHUNK]]
            admitted += self._referee.admitted(search, ids)
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
            scored.append(Scored(profile.candidate_id, [*parts, *unjudged], reason))
        return in_order(scored, search)


def best_first(people: list[Profile], search: Search, rubric: Rubric) -> list[Profile]:
    """Eligible people by the points facts give them; ties as in `ranking.tie_break`."""
    facts = FactScores(rubric, search.seeker, search.now)
    eligible = eligibility(search.seeker, search.now)
    rows = [
        (-sum(facts.points(person)), tie_break(search, person.candidate_id), index)
        for index, person in enumerate(people)
        if eligible(person)
    ]
    rows.sort()
    return [people[index] for *_, index in rows]
