"""What ranking needs from outside, named after the need. Adapters are named after their vendor.

Errors an adapter may raise about the model (match_worker.errors) are listed there; errors about
tables are not translated: they end in the redelivery of the message.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cufit_contracts.items import RecommendationItem, Step
from cufit_contracts.results import (
    Failure,
    MatchmakerName,
    MatchResult,
    RankedCandidate,
    TokenUsage,
)
from cufit_contracts.vocabulary import Gender, RecommendationStatus
from match_worker.profile import Profile


@dataclass(frozen=True, slots=True)
class Search:
    """One question: who suits `seeker` at `now`?"""

    recommendation_id: str
    seeker: Profile
    now: datetime
    seconds_left: Callable[[], float]
    """Until the function is stopped."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a recommendation ended. A result unless FAILED, a failure only then."""

    status: RecommendationStatus
    finished_at: datetime
    timeline: Step
    result: MatchResult | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class ModelReply:
    text: str
    """Whatever the model wrote."""
    usage: TokenUsage
    ids: Mapping[str, str] | None = None
    """Candidate ids by the aliases shown to the model; None when it was shown the ids."""


@dataclass(frozen=True, slots=True)
class Ranking:
    candidates: list[RankedCandidate]
    """Best first, at most MAX_RANKED."""
    usage: TokenUsage | None = None
    """None when no model was asked."""


class Recommendations(Protocol):
    def begin(self, recommendation_id: str, entry: Step) -> RecommendationItem | None:
        """Note on a PENDING recommendation that work began, and return it as it is now.

        None when it does not exist or has ended: there is nothing to do.
        """

    def note(self, recommendation_id: str, entry: Step) -> None:
        """Add to the story of a PENDING recommendation; without effect on another."""

    def finish(self, recommendation_id: str, outcome: Outcome) -> bool:
        """End a PENDING recommendation in one write; False if it had ended before."""


class Candidates(Protocol):
    def get(self, candidate_id: str) -> Profile | None:
        """As of now."""

    def get_many(self, candidate_ids: Collection[str]) -> Mapping[str, Profile]:
        """Those that exist now, by id."""

    def born_between(self, gender: Gender, first: int, last: int) -> Iterable[Profile]:
        """People of `gender` who were born from the year `first` to the year `last`; may lag
        behind the latest changes."""


class Pairs(Protocol):
    def taken(self, seeker_id: str, candidate_ids: Collection[str]) -> set[str]:
        """Which of the candidates are or were paired with the seeker, or are blocked."""


class Attention(Protocol):
    def shown(self, candidate_ids: Collection[str], at: datetime) -> None:
        """Remember that a maker is shown these, but for those who have left. Raises nothing: a
        showing that is not remembered costs nobody anything."""


class LaterRequests(Protocol):
    def put_off(
        self, recommendation_id: str, attempt: int, delay_seconds: int, now: datetime
    ) -> None:
        """Have the recommendation asked for again after the delay, as that attempt."""


class Brake(Protocol):
    def is_on(self) -> bool:
        """True when the budget is spent: rank by rules, ask no model."""


class LanguageModel(Protocol):
    @property
    def seconds_at_most(self) -> float:
        """Longest an `ask` can take, retries included."""

    def ask(self, search: Search, correction: str | None) -> ModelReply:
        """Have the knowledge base searched and the people found judged.

        `correction` tells what was wrong with the first answer.

        Raises:
            ModelUnavailable: one of its subclasses, by what can be done about it.
        """


class Matchmaker(Protocol):
    """Ranks partners for a seeker: by a model in one of two ways, or by rules alone."""

    @property
    def name(self) -> MatchmakerName: ...

    @property
    def model_id(self) -> str | None: ...

    def rank(self, search: Search) -> Ranking:
        """Every hard rule is checked against the tables; by rules the ranking may be empty.

        Raises:
            UnusableAnswer: the model answered, but not with anything that may be stored.
            ModelUnavailable: it did not answer.
        """
