"""The brake of an environment: one SSM parameter, written by cost_brake and by people.

off                               models are asked
rules                             no model is asked until somebody releases it
rules until 2026-12-01T00:00:00Z  no model is asked until then: cost_brake's, ends by itself
"""

from dataclasses import dataclass
from datetime import UTC, datetime

OFF, RULES = "off", "rules"
_UNTIL = f"{RULES} until "


@dataclass(frozen=True, slots=True)
class BrakeValue:
    pulled: bool
    until: datetime | None = None
    """When a pulled one ends by itself; None when only a person releases it."""

    @classmethod
    def read(cls, text: str) -> "BrakeValue":
        """What `text` says. What nobody can read holds: rules answer people, and cost nothing."""
        words = " ".join(text.split()).lower()
        if words == OFF:
            return cls(pulled=False)
        if words.startswith(_UNTIL):
            try:
                until = datetime.fromisoformat(words.removeprefix(_UNTIL).upper())
            except ValueError:
                return cls(pulled=True)
            return cls(pulled=True, until=until if until.tzinfo else until.replace(tzinfo=UTC))
        return cls(pulled=True)

    def holds(self, now: datetime) -> bool:
        return self.pulled and (self.until is None or now < self.until)

    def __str__(self) -> str:
        if not self.pulled:
            return OFF
        if self.until is None:
            return RULES
        return f"{_UNTIL}{self.until.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
