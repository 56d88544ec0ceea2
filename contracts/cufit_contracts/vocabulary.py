"""Words of the domain that are spelled the same everywhere. Standard library only."""

from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

KST = timezone(timedelta(hours=9), "KST")
"""Korea has had no daylight saving time since 1988, so a fixed offset is exact."""

ADULT_AGE = 19
"""Years; candidates must have reached it in the current year."""


class Gender(StrEnum):
    MALE = "MALE"
    FEMALE = "FEMALE"

    @property
    def other(self) -> "Gender":
        return Gender.FEMALE if self is Gender.MALE else Gender.MALE


class Mbti(StrEnum):
    ISTJ = "ISTJ"
    ISFJ = "ISFJ"
    INFJ = "INFJ"
    INTJ = "INTJ"
    ISTP = "ISTP"
    ISFP = "ISFP"
    INFP = "INFP"
    INTP = "INTP"
    ESTP = "ESTP"
    ESFP = "ESFP"
    ENFP = "ENFP"
    ENTP = "ENTP"
    ESTJ = "ESTJ"
    ESFJ = "ESFJ"
    ENFJ = "ENFJ"
    ENTJ = "ENTJ"


class AgePreference(StrEnum):
    """The short way to wish for an age: 연상, 동갑, 연하. The word is what is stored, so that it
    means the same as years pass."""

    OLDER = "OLDER"
    SAME = "SAME"
    YOUNGER = "YOUNGER"


class RecommendationStatus(StrEnum):
    PENDING = "PENDING"
    READY = "READY"
    DEGRADED = "DEGRADED"
    FAILED = "FAILED"

    @property
    def is_terminal(self) -> bool:
        return self is not RecommendationStatus.PENDING


class ProfileChange(StrEnum):
    SAVED = "SAVED"
    LEFT = "LEFT"


class IndexState(StrEnum):
    """Whether the knowledge base holds a candidate's profile, so that AI can find them."""

    PENDING = "PENDING"
    INDEXED = "INDEXED"
    FAILED = "FAILED"


class PairStatus(StrEnum):
    """State of a pair in the matches table. A pair that has one is not recommended again."""

    BLOCKED = "BLOCKED"
    SUGGESTED = "SUGGESTED"
    ACCEPTED = "ACCEPTED"
    MATCHED = "MATCHED"
    REJECTED = "REJECTED"
    CANCELED = "CANCELED"


def pair_id(one: str, other: str) -> str:
    """Key of a pair of candidates, the same in either order."""
    left, right = sorted((one, other))
    return f"{left}+{right}"


def age_in_korea(birth_year: int, now: datetime) -> int:
    """Age in years by the calendar year in Korea at `now` (timezone-aware).

    Only the year of birth is known, so the age is the difference of years (연 나이), the rule
    Korea's Youth Protection Act uses for "19".
    """
    return now.astimezone(KST).year - birth_year


def birth_years(age_min: int, age_max: int, now: datetime) -> tuple[int, int]:
    """First and last year of birth of people aged `age_min` to `age_max` (years) at `now`."""
    year = now.astimezone(KST).year
    return year - age_max, year - age_min


def timestamp(now: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and `Z`: sorts as text, as the tables' range keys need."""
    return now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def instant(text: str) -> datetime:
    """What `timestamp` wrote; timezone-aware."""
    return datetime.fromisoformat(text)
