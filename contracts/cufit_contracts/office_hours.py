"""When an environment that is not always on has tasks: the same hours for stacks and functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from cufit_contracts.vocabulary import KST

WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """On `days`, from `opens` up to `closes` of the same day, Korea's time. Without days: never."""

    days: Sequence[str]
    opens: time = time(0)
    closes: time = time(0)

    @classmethod
    def read(cls, text: str) -> "OfficeHours":
        """What `str` wrote: `MON,TUE 10:00-22:00`.

        Raises:
            ValueError: `text` is something else.
        """
        days, _, hours = text.partition(" ")
        opens, _, closes = hours.partition("-")
        named = tuple(day for day in days.split(",") if day)
        if unknown := set(named) - set(WEEKDAYS):
            raise ValueError(f"{', '.join(unknown)}: days are {', '.join(WEEKDAYS)}")
        return cls(named, time.fromisoformat(opens), time.fromisoformat(closes))

    def __str__(self) -> str:
        return f"{','.join(self.days)} {self.opens:%H:%M}-{self.closes:%H:%M}"

    def are_on(self, now: datetime) -> bool:
        local = now.astimezone(KST)
        return WEEKDAYS[local.weekday()] in self.days and self.opens <= local.time() < self.closes

    @property
    def hours_a_week(self) -> float:
        minutes = (self.closes.hour - self.opens.hour) * 60 + self.closes.minute - self.opens.minute
        return len(self.days) * minutes / 60


NEVER = OfficeHours(())
