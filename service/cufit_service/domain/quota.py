"""How often something may be asked for in a day; the day is Korea's."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from cufit_contracts.vocabulary import KST
from cufit_service.domain.errors import TooOften

SUGGESTIONS_A_DAY = 3
"""Of one candidate to others, by their maker."""

RECOMMENDATIONS_A_DAY = 30
"""One maker may ask for, unless the configuration says otherwise. Each costs money and a share of
the model's tokens, so that one maker cannot use up everybody's."""


@dataclass(frozen=True, slots=True)
class Quota:
    owner_id: str
    """The candidate or the maker."""
    day: date
    used: int
    version: int = 0
    """0 when nothing is stored yet."""

    def after_one_more(self, a_day: int, now: datetime, used_up: type[TooOften]) -> "Quota":
        """Raises `used_up`, which says how long today still lasts, when there were `a_day`."""
        today = now.astimezone(KST).date()
        used = self.used if self.day == today else 0
        if used >= a_day:
            raise used_up(again_in_seconds=seconds_until_tomorrow(now))
        return replace(self, day=today, used=used + 1, version=self.version + 1)


def seconds_until_tomorrow(now: datetime) -> int:
    """Whole seconds after which it is tomorrow in Korea; at least 1."""
    local = now.astimezone(KST)
    midnight = datetime.combine(local.date() + timedelta(days=1), time(), KST)
    return int((midnight - local).total_seconds()) + 1
