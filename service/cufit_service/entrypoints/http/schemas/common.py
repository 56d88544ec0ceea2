"""What requests and answers have in common."""

from collections.abc import Iterable
from contextvars import ContextVar
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StrictInt,
    StringConstraints,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel

from cufit_contracts.characters import character_faults, composed
from cufit_contracts.vocabulary import timestamp

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

Id = Annotated[str, StringConstraints(min_length=1, max_length=ID_CHARACTERS)]


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


MILLISECONDS = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"

Time = Annotated[
    datetime,
    PlainSerializer(timestamp, when_used="json"),
    WithJsonSchema(
        {"type": "string", "format": "date-time", "pattern": MILLISECONDS}, mode="serialization"
    ),
]
"""A time in an answer: in UTC with milliseconds, as the tables have it, so that one thing has one
time wherever it is read."""

request_time: ContextVar[datetime] = ContextVar("request_time")
"""When the request under way came: some rules depend on the day, and FastAPI hands validators
nothing."""


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def whole(low: int | None = None, high: int | None = None) -> Any:
    """The type of a JSON number without a fraction, also if written as 2.0, as JSON Schema has it;
    no text."""
    return Annotated[StrictInt, Field(ge=low, le=high), BeforeValidator(_whole)]


def refuse(faults: Iterable[str]) -> None:
    """Raises ValueError, in whose place pydantic names the field, if there is a fault."""
    if message := "; ".join(faults):
        raise ValueError(message)


def written(*, lines: bool = False, shortest: int = 0, longest: int | None = None) -> Any:
    """The type of a text a person writes."""

    def check(value: str) -> str:
        refuse(character_faults(value, lines=lines))
        return value

    return Annotated[
        str,
        BeforeValidator(_composed),
        StringConstraints(min_length=shortest or None, max_length=longest),
        AfterValidator(check),
        Field(json_schema_extra={"format": format_of(lines=lines)}),
    ]


def format_of(*, lines: bool) -> str:
    """JSON Schema's `format` of a text; what it means is told in the document's description."""
    return "lines" if lines else "line"


def _composed(value: object) -> object:
    return composed(value) if isinstance(value, str) else value
