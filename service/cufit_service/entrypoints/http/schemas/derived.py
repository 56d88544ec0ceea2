"""Models whose fields are those of the list (cufit_contracts.profile), so that none is typed twice.

    @with_fields_of(IdealType, as_shown({Range: RangeAnswer}))
    class IdealTypeAnswer(Answer): ...

has every field of IdealType after its own; one it declares itself stays as it is there.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING
from types import UnionType
from typing import Annotated, Any, TypeVar, get_args, get_origin

from pydantic import AfterValidator, BaseModel, create_model
from pydantic import Field as ModelField
from pydantic.alias_generators import to_pascal
from pydantic.config import JsonDict

from cufit_contracts.profile import Field, Note, Number, Range, Several, Text, fields_of
from cufit_service.domain.profile import repetition_faults
from cufit_service.entrypoints.http.schemas import common

ModelT = TypeVar("ModelT", bound=BaseModel)
Definition = tuple[Any, Any]
"""The type of a model's field, and its default or its pydantic.Field."""


def with_fields_of(
    listed: type[Any], defined: Callable[[Field], Definition]
) -> Callable[[type[ModelT]], type[ModelT]]:
    def add(model: type[ModelT]) -> type[ModelT]:
        own = model.model_fields
        definitions: dict[str, Any] = {
            field.name: defined(field) for field in fields_of(listed) if field.name not in own
        }
        name, module, doc = model.__name__, model.__module__, model.__doc__
        return create_model(name, __base__=model, __module__=module, __doc__=doc, **definitions)

    return add


def as_shown(types: Mapping[Any, Any]) -> Callable[[Field], Definition]:
    """For answers: always there, in its own type or the one `types` names in its place."""
    return lambda field: (_in_place_of(field.kind, types), ...)


def as_sent(types: Mapping[Any, Any]) -> Callable[[Field], Definition]:
    """For bodies: within its limits, and left out only where the list has a default.

    Every rule of a field is in its type, so that whoever breaks several reads of all at once.
    """

    def defined(field: Field) -> Definition:
        text, several, number = field.find(Text), field.find(Several), field.find(Number)
        note = field.find(Note)
        whole = common.whole(number.low, number.high) if number else common.whole()
        here = {str: _text(text, several), int: whole, **types}
        if number and Range in here:
            here[Range] = within(number, here[Range], f"{to_pascal(field.name)}Body")
        kind = _in_place_of(field.kind, here)
        return _without_repetition(several, kind), ModelField(
            default=... if field.default is MISSING else field.default,
            max_length=several.most if several else None,
            description=note.text if note else None,
            json_schema_extra=_beside_limits(text, several),
        )

    return defined


def _beside_limits(text: Text | None, several: Several | None) -> JsonDict | None:
    if several:
        return {"uniqueItems": True}
    return {"format": common.format_of(lines=text.lines)} if text else None


def within(bounds: Number, range_body: type[ModelT], name: str) -> type[ModelT]:
    """The model of a range both ends of which are within `bounds`."""
    end = (common.whole(bounds.low, bounds.high), ...)
    ends: dict[str, Any] = {"min": end, "max": end}
    module, doc = range_body.__module__, range_body.__doc__
    return create_model(name, __base__=range_body, __module__=module, __doc__=doc, **ends)


def _text(text: Text | None, several: Several | None) -> Any:
    if several:
        return common.written(shortest=1, longest=several.longest)
    if text:
        return common.written(lines=text.lines, shortest=text.shortest, longest=text.longest)
    return common.written()


def _without_repetition(several: Several | None, kind: Any) -> Any:
    if several is None:
        return kind

    def check(values: list[Any]) -> list[Any]:
        common.refuse(repetition_faults(several, values))
        return values

    return Annotated[kind, AfterValidator(check)]


def _in_place_of(kind: Any, types: Mapping[Any, Any]) -> Any:
    """`kind` with the types of `types` in it replaced; a tuple is a list to clients."""
    if get_origin(kind) is tuple:
        return list[_in_place_of(get_args(kind)[0], types)]  # type: ignore[misc]
    if get_origin(kind) is UnionType:
        one, _none = get_args(kind)
        return _in_place_of(one, types) | None
    return types.get(kind, kind)
