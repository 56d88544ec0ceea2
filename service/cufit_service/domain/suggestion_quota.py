"""At most three suggestions a day for one candidate; the day is Korea's."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from cufit_contracts.vocabulary import KST
from cufit_service.domain.days import seconds_until_tomorrow
from cufit_service.domain.errors import SuggestionsUsedUp

SUGGESTIONS_A_DAY = 3


@dataclass(frozen=True, slots=True)
class SuggestionQuota:
    candidate_id: str
    day: date
    used: int
    version: int = 0
    """0 when nothing is stored yet."""

    def after_one_more(self, now: datetime) -> "SuggestionQuota":
        """Raises SuggestionsUsedUp, which says how long today still lasts."""
        today = now.astimezone(KST).date()
        used = self.used if self.day == today else 0
        if used >= SUGGESTIONS_A_DAY:
            raise SuggestionsUsedUp(again_in_seconds=seconds_until_tomorrow(now))
        return replace(self, day=today, used=used + 1, version=self.version + 1)
