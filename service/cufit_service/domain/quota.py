"""How often something may be asked for in a day; the day is Korea's."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from cufit_contracts.vocabulary import KST
from cufit_service.domain.errors import RecommendationsUsedUp, SuggestionsUsedUp, TooOften

RECOMMENDATIONS_A_DAY = 30
"""One maker may ask for, unless the configuration says otherwise. Each costs money and a share of
the model's tokens, so that one maker cannot use up everybody's."""


@dataclass(frozen=True, slots=True)
class Quota:
    kind: str
    """What is counted: part of a stored key, so it never changes."""
    a_day: int
    used_up: type[TooOften]

    def place(self, owner_id: str, taken_for: str, now: datetime) -> "Place":
        return Place(self.kind, owner_id, day_of(now), taken_for)

    def refusal(self, now: datetime) -> TooOften:
        """Says how long today still lasts."""
        return self.used_up(again_in_seconds=seconds_until_tomorrow(now))


SUGGESTIONS = Quota("suggestions", 3, SuggestionsUsedUp)
"""Of one candidate to others, by their own maker, on either side of the pair."""


_RECOMMENDATIONS = "recommendations"


def recommendations(a_day: int) -> Quota:
    """What one maker may ask for; an upgrade counts as one, for it costs as much."""
    return Quota(_RECOMMENDATIONS, a_day, RecommendationsUsedUp)


KINDS = (SUGGESTIONS.kind, _RECOMMENDATIONS)


@dataclass(frozen=True, slots=True)
class Place:
    """One of those somebody has in a day."""

    kind: str
    owner_id: str
    """The candidate or the maker."""
    day: date
    taken_for: str
    """Id of what is counted: taken once more for the same, it is the same place."""


class Taken(StrEnum):
    """Whether a place is counted by this very taking."""

    NEW = "NEW"
    BEFORE = "BEFORE"


@dataclass(frozen=True, slots=True)
class Counted:
    """What somebody took of a kind in a day."""

    kind: str
    owner_id: str
    day: date
    ids: frozenset[str]


def day_of(now: datetime) -> date:
    return now.astimezone(KST).date()


def seconds_until_tomorrow(now: datetime) -> int:
    """Whole seconds after which it is tomorrow in Korea; at least 1."""
    local = now.astimezone(KST)
    midnight = datetime.combine(local.date() + timedelta(days=1), time(), KST)
    return int((midnight - local).total_seconds()) + 1
