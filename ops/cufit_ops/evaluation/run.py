"""One recommendation for one seeker of the golden set, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass

from cufit_contracts.results import MatchResult
from cufit_contracts.vocabulary import RecommendationStatus
from cufit_ops.evaluation.golden_set import Seeker
from match_worker.ports import ModelReply


@dataclass(frozen=True, slots=True)
class Run:
    seeker: Seeker
    status: RecommendationStatus
    result: MatchResult | None
    replies: tuple[ModelReply, ...]
    """What the model was asked and answered, one or two."""
    shortlist: frozenset[str]
    """Whom the model was asked about; empty when none was asked."""
    seconds: float
    """Of the use case, without `model_seconds`."""
    model_seconds: float

    @property
    def ranked(self) -> list[str]:
        return [one.candidate_id for one in self.result.candidates] if self.result else []

    @property
    def parts(self) -> Mapping[str, tuple[int, ...]]:
        """Points of everybody shown."""
        shown = self.result.candidates if self.result else []
        return {one.candidate_id: tuple(part.points for part in one.parts) for one in shown}
