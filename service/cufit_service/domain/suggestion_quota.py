"""At most three suggestions a day for one candidate; the day is Korea's."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from cufit_contracts.vocabulary import KST
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
        local = now.astimezone(KST)
        used = self.used if self.day == local.date() else 0
        if used >= SUGGESTIONS_A_DAY:
            midnight = datetime.combine(local.date() + timedelta(days=1), time(), KST)
            raise SuggestionsUsedUp(again_in_seconds=int((midnight - local).total_seconds()) + 1)
        return replace(self, day=local.date(), used=used + 1, version=self.version + 1)
