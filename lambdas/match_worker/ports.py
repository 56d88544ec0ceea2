"""What ranking needs from outside, named after the need. Adapters are named after their vendor.

Errors an adapter may raise about the model (match_worker.errors) are listed there; errors about
tables are not translated: they end in the redelivery of the message.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

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
    shortlist: tuple[Profile, ...] = ()
    """Who is judged and ranked, and nobody else: admitted by the hard rules when it was made. No
    two of them share an alias."""
    is_upgrade: bool = False
    """Whether the maker was shown an answer to it before."""
    usual_attention: Decimal = Decimal(0)
    """Among those whom the shortlist was taken from (scoring/congestion.py)."""

    @property
    def shortlisted_ids(self) -> list[str]:
        return [one.candidate_id for one in self.shortlist]


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
    fault: str | None = None
    """Why the model stopped before it was done (UnusableAnswer's code); the text may be half."""
    shown: bool = False
    """Whether the model is known to have been shown people."""
    conversation: Any = None
    """For the adapter that is asked to have this very answer corrected; nobody else reads it."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What was wrong with an answer."""

    text: str
    """At most MAX_CORRECTION characters of Korean, without anything the model or a person wrote."""
    of: ModelReply


@dataclass(frozen=True, slots=True)
class Ranking:
    candidates: list[RankedCandidate]
    """Best first, at most MAX_RANKED."""
    usage: TokenUsage | None = None
    """None when no model was asked."""
    judged: int = 0
    """People of the shortlist whom the model judged."""


@dataclass(frozen=True, slots=True)
class Residents:
    """Of one gender and province, a part of the index by_place."""

    people: Sequence[Profile]
    read: int
    """Items; those out of shape are nobody of `people`."""
    after: str | None
    """The `first` to read on with; None when nothing is left."""


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

    def living_in(
        self, gender: Gender, province: str, first: str, last: str, limit: int
    ) -> Residents:
        """Who lives there (`places.listed_province`) and has a `places.born` from `first` to
        `last`, in its order, at most `limit`. From an index: it may lag behind the latest changes,
        and names, jobs, hobbies and introductions are empty."""


class Pairs(Protocol):
    def taken(self, seeker_id: str, candidate_ids: Collection[str]) -> set[str]:
        """Which of the candidates are or were paired with the seeker, or are blocked."""


class Attention(Protocol):
    def shown(self, search: Search, people: Iterable[Profile], at: datetime) -> None:
        """Remember that a maker is shown these, but for those who have left, also when they came
        back. Of a seeker the first of a day (KST) counts, and no upgrade: asking again pushes
        nobody back. Raises nothing: a showing that is not remembered costs nobody anything."""


class Nearness(Protocol):
    def nearest(self, search: Search, limit: int) -> Sequence[str]:
        """Ids of people whose words are near in meaning to the seeker's, nearest first. May lag
        behind the tables and name anybody: whoever is named has to be admitted.

        Raises:
            ModelUnavailable: there is no answer.
        """


class LaterRequests(Protocol):
    def put_off(
        self,
        recommendation_id: str,
        attempt: int,
        delay_seconds: int,
        now: datetime,
        usage: TokenUsage | None,
    ) -> None:
        """Have the recommendation asked for again after the delay, as that attempt.

        `usage`: tokens that its attempts have taken so far.
        """


class Brake(Protocol):
    def is_on(self) -> bool:
        """True when the budget is spent: rank by rules, ask no model."""


class LanguageModel(Protocol):
    def ask(self, search: Search, correction: Correction | None) -> ModelReply:
        """Have the shortlist judged in the time that is left: by alias, in any order, maybe not
        all of them.

        `correction`: of the first answer, when this is the second question.

        Raises:
            NothingRetrieved: the knowledge base holds nobody of the shortlist.
            ModelUnavailable: one of its subclasses, by what can be done about it.
        """


class Matchmaker(Protocol):
    """Ranks the shortlist: by a model in one of two ways, or by rules alone."""

    @property
    def name(self) -> MatchmakerName: ...

    @property
    def model_id(self) -> str | None: ...

    def rank(self, search: Search) -> Ranking:
        """Every hard rule is checked against the tables once more; who was admitted may have left
        meanwhile, so the ranking may be empty.

        Raises:
            UnusableAnswer: the model answered, but not with anything that may be stored.
            NothingRetrieved: the model was shown nobody.
            ModelUnavailable: it did not answer.
                Either says in `usage` what its answers cost.
        """
