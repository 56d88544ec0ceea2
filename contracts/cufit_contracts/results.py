"""The answer to a recommendation as stored and served: ids, parts and reasons, no profiles.

Standard library only. What was stored under older limits can still be read, so a result is checked
by whoever makes it (`MatchResult.check`) and not whenever one is made of what was stored.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal

MAX_RANKED = 5
"""Candidates in one recommendation."""

MAX_REASON_CHARACTERS = 80

MAX_RAW_POINTS = 1_000_000
"""A model may write any number; DynamoDB keeps 38 digits."""

SIMULATED_MODEL_PREFIX = "cufit.simulated"
"""Model ids that start so name the local stand-in: no model was asked."""

MatchmakerName = Literal["retrieve_and_generate", "retrieve_and_converse", "rules"]


class DecidedBy(StrEnum):
    CODE = "code"
    MODEL = "model"
    BOTH = "both"
    """Only of what the API serves in one."""


@dataclass(frozen=True, slots=True)
class ScorePart:
    """Points of one criterion of the rubric, 0 to `limit`."""

    criterion: str
    points: int
    limit: int
    decided_by: DecidedBy


@dataclass(frozen=True, slots=True)
class RankedCandidate:
    rank: int
    """1 is the best."""
    candidate_id: str
    score: int
    """0 to 100, the sum of the parts."""
    parts: tuple[ScorePart, ...]
    reason: str
    """Korean, at most MAX_REASON_CHARACTERS."""
    version: int | None = None
    """Of the profile it was made from; None in results of before it was kept."""
    judged: bool = True
    """False: no model judged them, and each part a model decides has its middle."""
    raw_points: Mapping[str, int] | None = None
    """By judged criterion, as the model wrote them before they were held to the limits (at most
    MAX_RAW_POINTS either way); None when `judged` is False."""
    history: Mapping[str, int] | None = None
    """Counts of answers as they were used (cufit_contracts.items.History); None: not used."""
    attention: Decimal | None = None
    """As it was used (cufit_contracts.attention); None: not used."""
    stepped_back: int = 0
    """Points by which the choice of the five put them behind, because they were shown often lately;
    no part of the score."""

    def faults(self) -> Iterator[str]:
        for part in self.parts:
            if not 0 <= part.points <= part.limit:
                yield f"{part.criterion}: {part.points} points, not 0 to {part.limit}"
        total = sum(part.points for part in self.parts)
        if total != self.score or not 0 <= total <= 100:
            yield f"score {self.score} is not the sum {total}, or not 0 to 100"
        if len(self.reason) > MAX_REASON_CHARACTERS:
            yield f"reason has {len(self.reason)} characters"


@dataclass(frozen=True, slots=True)
class MadeBy:
    """What produced a result, enough to reproduce or to doubt it."""

    matchmaker: MatchmakerName
    prompt_version: str
    prompt_hash: str
    model_id: str | None = None
    scoring_hash: str | None = None
    """First 12 hex digits of SHA-256 over the code of points; None in results of before."""

    @property
    def without_model(self) -> bool:
        """True when no language model took part: rules alone, or the local stand-in."""
        return self.model_id is None or self.model_id.startswith(SIMULATED_MODEL_PREFIX)


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """Tokens a result took, all its questions together, also those whose answers could not be used;
    what they cost depends on the model."""

    input_tokens: int
    output_tokens: int
    counted: bool
    """True as reported by the model, False as estimated from the texts."""


@dataclass(frozen=True, slots=True)
class MatchResult:
    made_at: str
    """cufit_contracts.vocabulary.timestamp; when the seeker was read. Ages and attention are of
    that moment."""
    made_by: MadeBy
    candidates: tuple[RankedCandidate, ...]
    """Best first, at most MAX_RANKED."""
    usage: TokenUsage | None = None
    """None when no model was asked."""
    cost_micro_usd: int | None = None
    """What the model's tokens cost by the worker's price table of that day, in millionths of a US
    dollar; an estimate when `usage` is one. None: no model was asked, or its price is unknown."""
    seeker_version: int | None = None
    """Of the seeker's profile."""
    shortlisted: int | None = None
    """People the hard rules admitted and who were to be judged and ranked."""
    judged: int | None = None
    """Of those, whom the model judged; all three None in results of before they were kept."""
    usual_attention: Decimal | None = None
    """Of those in question (cufit_contracts.attention), which whoever steps back goes beyond; None:
    not used, or a result of before it was kept."""
    schema_version: Literal[1] = 1

    def check(self) -> None:
        """Raises ValueError, which names what does not add up."""
        ids = [one.candidate_id for one in self.candidates]
        faults = [f"{one.candidate_id}: {f}" for one in self.candidates for f in one.faults()]
        if [one.rank for one in self.candidates] != list(range(1, len(ids) + 1)):
            faults.append("ranks must run 1, 2, 3, … in order")
        if len(set(ids)) != len(ids):
            faults.append("a candidate is ranked twice")
        if len(ids) > MAX_RANKED:
            faults.append(f"{len(ids)} candidates, more than {MAX_RANKED}")
        if faults:
            raise ValueError("; ".join(faults))


class FailureCode(StrEnum):
    """Why a recommendation FAILED; part of the API."""

    SEEKER_GONE = "SEEKER_GONE"
    SEEKER_PAUSED = "SEEKER_PAUSED"
    SEEKER_UNDER_AGE = "SEEKER_UNDER_AGE"
    NO_ELIGIBLE_CANDIDATES = "NO_ELIGIBLE_CANDIDATES"
    NOT_ANSWERED = "NOT_ANSWERED"
    """Within a day."""


@dataclass(frozen=True, slots=True)
class Failure:
    code: FailureCode
    message: str
    """What the maker reads."""
