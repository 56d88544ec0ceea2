"""The shadow compares a sample and changes nothing."""

from dataclasses import replace
from typing import Any

import pytest

from cufit_contracts.results import DecidedBy, MatchmakerName, RankedCandidate, ScorePart
from match_worker.errors import MatchingError, ModelOverloaded
from match_worker.model import shadow
from match_worker.model.shadow import Shadow, difference
from match_worker.ports import Ranking, Search
from tests.unit.lambdas.match_worker.people import search


class FakeMatchmaker:
    name: MatchmakerName = "retrieve_and_generate"
    model_id = "m"

    def __init__(self, outcome: Ranking | MatchingError) -> None:
        self.outcome = outcome
        self.asked: list[str] = []

    def rank(self, search: Search) -> Ranking:
        self.asked.append(search.recommendation_id)
        if isinstance(self.outcome, MatchingError):
            raise self.outcome
        return self.outcome


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    monkeypatch.setattr(
        shadow.logger, "info", lambda message, extra: lines.append({"message": message, **extra})
    )
    return lines


def part(points: int) -> ScorePart:
    return ScorePart(criterion="all", points=points, limit=100, decided_by=DecidedBy.CODE)


def ranking(*scores: tuple[str, int]) -> Ranking:
    return Ranking(
        [
            RankedCandidate(rank=n, candidate_id=one, score=score, parts=(part(score),), reason="")
            for n, (one, score) in enumerate(scores, start=1)
        ]
    )


LIVE = ranking(("m_a", 90), ("m_b", 70))


def test_a_comparison_tells_place_overlap_and_scores(log: list[dict[str, Any]]) -> None:
    other = FakeMatchmaker(ranking(("m_b", 80), ("m_c", 60)))
    Shadow(other, "v2", 100).compare(search(), LIVE)
    assert log == [
        {
            "message": "shadow compared",
            "shadow_prompt_version": "v2",
            "same_first": False,
            "in_both": 1,
            "in_either": 3,
            "mean_score_difference": 10.0,
        }
    ]


def test_rankings_without_anybody_in_common_have_no_score_difference() -> None:
    found = difference(LIVE.candidates, ranking(("m_c", 1)).candidates)
    assert found["mean_score_difference"] is None


def test_a_shadow_that_fails_is_only_told(log: list[dict[str, Any]]) -> None:
    broken = FakeMatchmaker(ModelOverloaded("ThrottlingException"))
    Shadow(broken, "v2", 100).compare(search(), LIVE)
    assert log[0]["error"] == "ThrottlingException"


def test_the_sample_is_a_share_and_always_the_same() -> None:
    asked = []
    for _ in range(2):
        other = FakeMatchmaker(LIVE)
        subject = Shadow(other, "v2", 30)
        for number in range(300):
            subject.compare(replace(search(), recommendation_id=f"rec_{number}"), LIVE)
        asked.append(other.asked)
    assert asked[0] == asked[1]
    assert 60 <= len(asked[0]) <= 120


def test_without_time_nobody_is_asked() -> None:
    other = FakeMatchmaker(LIVE)
    Shadow(other, "v2", 100).compare(search(seconds_left=12.9), LIVE)
    Shadow(other, "v2", 0).compare(search(), LIVE)
    assert other.asked == []
