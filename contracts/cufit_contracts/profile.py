"""The one list of what a candidate tells. Standard library only.

A field is one line in one of three classes, each of which has the fields of the one before it and
is seen by fewer people. From this list follow: the rules of the domain, the API's bodies and
answers, what the table holds, what match_worker reads, and what a model is shown.
A new field is optional, so that profiles saved before it can still be read.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from enum import Enum
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

from cufit_contracts.vocabulary import ADULT_AGE, AgePreference, Gender, Mbti, age_in_korea

AboutT = TypeVar("AboutT")


@dataclass(frozen=True, slots=True)
class Text:
    """Characters of a text: code points, once it is composed (NFC) and trimmed."""

    longest: int
    shortest: int = 1
    lines: bool = False
    """Whether lines may be broken in it."""


@dataclass(frozen=True, slots=True)
class Number:
    """The least and the greatest value; of a Range, of both its ends."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Several:
    """A list that names nothing twice."""

    of: str
    """What one entry is called in a refusal."""
    most: int
    longest: int | None = None
    """Characters of an entry that is text."""


@dataclass(frozen=True, slots=True)
class Note:
    """What the API's document says of the field."""

    text: str


class Shown(Enum):
    """Where a language model finds the field."""

    DOCUMENT = "document"
    """Of everybody, in the knowledge base: what a model judges. What code decides is not in it."""
    QUESTION = "question"
    """Of the person for whom partners are sought."""


DOCUMENT, QUESTION = Shown.DOCUMENT, Shown.QUESTION

Level = Annotated[int, Number(0, 3), Note("0 never … 3 often")]
"""Smoking and drinking."""

AGES = Number(ADULT_AGE, 99)
HEIGHTS_CM = Number(120, 230)
PREFERRED_YEARS = 10
"""How many years older or younger a preference reaches."""
NO_WISH = 3
"""A tolerance of smoking or drinking that asks for nothing."""


@dataclass(frozen=True, slots=True)
class Range:
    """Both ends belong to it."""

    min: int
    max: int


@dataclass(frozen=True, slots=True)
class IdealType:
    """Whom somebody would like to meet."""

    age_range: Annotated[
        Range | None, AGES, Note("Years, by the year of birth (연 나이); null with agePreference.")
    ] = None
    """Years, as age_in_korea counts them; None when `age_preference` says it."""
    height_range: Annotated[Range | None, HEIGHTS_CM, Note("Centimetres.")] = None
    """None when it does not matter."""
    mbti: Annotated[tuple[Mbti, ...], Several("a type", len(Mbti))] = ()
    """Wished for; empty when it does not matter."""
    smoking_max: Level = NO_WISH
    drinking_max: Level = NO_WISH
    free_text: Annotated[str, Text(200, shortest=0, lines=True), DOCUMENT, QUESTION] = ""
    age_preference: Annotated[
        AgePreference | None,
        Note("In place of ageRange: up to ten years older or younger, or the same, at any time."),
    ] = None

    def ages(self, birth_year: int, now: datetime) -> Range:
        """What somebody born in `birth_year` wishes for at `now`. Its max is below its min when
        nobody of a legal age is younger, or older."""
        if self.age_range is not None:
            return self.age_range
        age = age_in_korea(birth_year, now)
        match self.age_preference:
            case AgePreference.OLDER:
                return Range(age + 1, min(age + PREFERRED_YEARS, AGES.high))
            case AgePreference.YOUNGER:
                return Range(max(age - PREFERRED_YEARS, AGES.low), age - 1)
            case AgePreference.SAME:
                return Range(age, age)
            case None:
                return Range(AGES.low, AGES.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileOnCard:
    """What every maker sees, and whoever a pair is suggested to."""

    nickname: Annotated[str, Text(20)]
    gender: Annotated[Gender, QUESTION]
    height_cm: Annotated[int, HEIGHTS_CM]
    mbti: Annotated[Mbti, QUESTION]
    city: Annotated[str, Text(20), Note("시/도"), QUESTION]
    district: Annotated[str, Text(20), Note("시/군/구"), QUESTION]
    job: Annotated[str, Text(40), DOCUMENT, QUESTION]
    hobbies: Annotated[tuple[str, ...], Several("a hobby", 10, 20), DOCUMENT, QUESTION] = ()
    smoking: Level
    drinking: Level
    self_introduction: Annotated[str, Text(500, shortest=0, lines=True), DOCUMENT, QUESTION] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileWithoutPhone(ProfileOnCard):
    """What the candidate's own maker sees, and all that match_worker reads."""

    name: Annotated[str, Text(40), Note("On the contact card only.")]
    """Real name; a model is never shown it."""
    birth_year: Annotated[int, Note("The candidate is 19 to 99 years old this year (연 나이).")]
    ideal_type: IdealType


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile(ProfileWithoutPhone):
    """What the candidate sees. The phone leaves the table for them and, once both have agreed,
    for the other of a match."""

    phone: str
    """Digits of a Korean mobile number."""


@dataclass(frozen=True, slots=True)
class Field:
    """A line of the list."""

    name: str
    kind: Any
    """Its type."""
    default: Any
    """dataclasses.MISSING when the field must be given."""
    about: tuple[object, ...]

    def find(self, kind: type[AboutT]) -> AboutT | None:
        return next((one for one in self.about if isinstance(one, kind)), None)


def fields_of(listed: type[Any]) -> tuple[Field, ...]:
    """The lines of `listed`: one of the classes above, or one made of them."""
    hints = get_type_hints(listed, include_extras=True)
    found = []
    for one in fields(listed):
        hint = hints[one.name]
        kind, *about = get_args(hint) if get_origin(hint) is Annotated else (hint,)
        found.append(Field(one.name, kind, one.default, tuple(about)))
    return tuple(found)


def values_of(listed: type[Any], profile: object) -> dict[str, Any]:
    """By name, what `profile` says in the fields of `listed`."""
    return {one.name: getattr(profile, one.name) for one in fields(listed)}
