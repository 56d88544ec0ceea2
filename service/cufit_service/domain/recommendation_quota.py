"""How many recommendations one maker may ask for in a day; the day is Korea's.

Each costs money and a share of the model's tokens, so that one maker cannot use up everybody's.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from cufit_contracts.vocabulary import KST
from cufit_service.domain.days import seconds_until_tomorrow
from cufit_service.domain.errors import RecommendationsUsedUp

RECOMMENDATIONS_A_DAY = 30
"""Unless the configuration says otherwise."""


@dataclass(frozen=True, slots=True)
class RecommendationQuota:
    maker_id: str
    day: date
    used: int
    version: int = 0
    """0 when nothing is stored yet."""

    def after_one_more(self, a_day: int, now: datetime) -> "RecommendationQuota":
        """Raises RecommendationsUsedUp, which says how long today still lasts."""
        today = now.astimezone(KST).date()
        used = self.used if self.day == today else 0
        if used >= a_day:
            raise RecommendationsUsedUp(again_in_seconds=seconds_until_tomorrow(now))
        return replace(self, day=today, used=used + 1, version=self.version + 1)
