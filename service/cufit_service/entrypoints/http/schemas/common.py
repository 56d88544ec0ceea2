"""What requests and answers have in common."""

import unicodedata
from typing import Annotated, Generic, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic.alias_generators import to_camel

MAX_PAGE = 50
DEFAULT_PAGE = 20

PartT = TypeVar("PartT")


class Body(BaseModel):
    """What a client sends; a field nobody knows is a mistake and is refused."""

    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=False, extra="forbid", frozen=True
    )


class Parameters(BaseModel):
    """What a client sends in the query; others than these are not looked at."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=False, frozen=True)


ID_CHARACTERS = 64
"""More than any id this service makes has."""

Id = Annotated[str, StringConstraints(max_length=ID_CHARACTERS)]


class Answer(BaseModel):
    """What a client gets."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        from_attributes=True,
        frozen=True,
        protected_namespaces=(),
    )


class List(Answer, Generic[PartT]):
    items: list[PartT]
    next: str | None = Field(
        default=None,
        description="Cursor of the next page; null on the last.",
        examples=["MjAyNi0xMS0yMlQwOTowMDowMC4wMDBafHJlY18wMUpE"],
    )


def _composed(value: object) -> object:
    """Hangul typed on a Mac arrives decomposed; counted and compared it must be composed."""
    return unicodedata.normalize("NFC", value).strip() if isinstance(value, str) else value


def _printable(value: str) -> str:
    if any(unicodedata.category(mark) in ("Cc", "Cs", "Co") and mark != "\n" for mark in value):
        raise ValueError("must not contain control characters")
    return value


Text = Annotated[str, BeforeValidator(_composed), AfterValidator(_printable)]
"""Text a person wrote: trimmed, composed (NFC), without control characters but line breaks."""
