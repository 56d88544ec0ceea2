"""Ranking without AI: facts alone decide, and each reason says so."""

from cufit_contracts.results import MatchmakerName
from match_worker.ports import Ranking, Search
from match_worker.scoring.ranking import Referee, ranked
from match_worker.scoring.reason import BY_RULES
from match_worker.scoring.rubric import Rubric


class RulesMatchmaker:
    name: MatchmakerName = "rules"
    model_id = None

    def __init__(self, referee: Referee, rubric: Rubric) -> None:
        self._referee = referee
        self._rubric = rubric

    def rank(self, search: Search) -> Ranking:
        people = self._referee.admitted(search, search.shortlisted_ids)
        return Ranking(ranked(people, {}, search, self._rubric, unjudged=BY_RULES))
