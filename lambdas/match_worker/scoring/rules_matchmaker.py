"""Ranking without AI: facts alone decide, and each reason says so."""

from itertools import islice

from cufit_contracts.results import MAX_RANKED, MatchmakerName, RankedCandidate
from match_worker.ports import Candidates, Ranking, Search
from match_worker.profile import Profile
from match_worker.scoring.fact_scores import FactScores
from match_worker.scoring.ranking import Referee, Scored, in_order, judged_parts
from match_worker.scoring.reach import best_first
from match_worker.scoring.reason import BY_RULES, from_facts
from match_worker.scoring.rubric import Rubric

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
        facts = FactScores(self._rubric, search.seeker, search.now)
        order = best_first(self._candidates, search, facts, facts.total)
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
