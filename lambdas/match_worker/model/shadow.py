"""A second prompt version asked beside the live one, on a sample, to see how it would rank.

It runs after the result is stored, so nobody waits for it and nothing it does is shown; what it
costs is the price of its questions. The comparison goes to the log.
"""

from zlib import crc32

from aws_lambda_powertools import Logger

from cufit_contracts.results import RankedCandidate
from match_worker.errors import MatchingError
from match_worker.ports import Matchmaker, Ranking, Search
from match_worker.question_time import has_time

logger = Logger(child=True)


class Shadow:
    def __init__(self, matchmaker: Matchmaker, prompt_version: str, percent: int) -> None:
        """`percent` of the recommendations are compared, always the same ones."""
        self._matchmaker = matchmaker
        self._prompt_version = prompt_version
        self._percent = percent

    def compare(self, search: Search, live: Ranking) -> None:
        """Never raises what a model does wrong: the recommendation has ended."""
        if crc32(search.recommendation_id.encode()) % 100 >= self._percent:
            return
        if not has_time(search):
            return
        fields: dict[str, object] = {"shadow_prompt_version": self._prompt_version}
        try:
            other = self._matchmaker.rank(search)
        except MatchingError as error:
            fields["error"] = error.code
        else:
            fields |= difference(live.candidates, other.candidates)
        logger.info("shadow compared", extra=fields)


def difference(live: list[RankedCandidate], other: list[RankedCandidate]) -> dict[str, object]:
    """How two rankings of one search differ: the first place, who is in, and the scores of those
    in both (mean of absolute differences, in points)."""
    before = {one.candidate_id: one.score for one in live}
    after = {one.candidate_id: one.score for one in other}
    both = before.keys() & after.keys()
    distance = sum(abs(before[one] - after[one]) for one in both)
    return {
        "same_first": [one.candidate_id for one in live[:1]]
        == [one.candidate_id for one in other[:1]],
        "in_both": len(both),
        "in_either": len(before.keys() | after.keys()),
        "mean_score_difference": round(distance / len(both), 2) if both else None,
    }
