"""Values and conditions in DynamoDB's words: AttributeValue and expression strings.

boto3 has both; they are written here because importing boto3 takes as long as the whole framework
does. Covered are the types and operators the tables use, and nothing is guessed: another type is a
TypeError.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

Values = dict[str, Any]


def packed(item: Mapping[str, Any]) -> Values:
    """An item as DynamoDB takes it. Raises TypeError for a value no table holds."""
    return {name: attribute_value(value) for name, value in item.items()}


def attribute_value(value: Any) -> Values:
    """Raises TypeError."""
    content: Any = value
    match value:
        case str():
            kind = "S"
        case bool():
            kind = "BOOL"
        case int() | Decimal():
            kind, content = "N", str(value)
        case None:
            kind, content = "NULL", True
        case Mapping():
            kind, content = "M", packed(value)
        case list() | tuple():
            kind, content = "L", [attribute_value(element) for element in value]
        case set():
            kind, content = "SS", sorted(value)
        case _:
            raise TypeError(f"no table holds a {type(value).__name__}")
    return {kind: content}


def unpacked(item: Mapping[str, Any]) -> Values:
    """An item as Python values; numbers are integers where they can be, else Decimals."""
    return {name: _value(value) for name, value in item.items()}


def _value(attribute: Mapping[str, Any]) -> Any:
    ((kind, value),) = attribute.items()
    match kind:
        case "S" | "BOOL":
            return value
        case "N":
            return int(value) if value.lstrip("-").isdigit() else Decimal(value)
        case "M":
            return unpacked(value)
        case "L":
            return [_value(element) for element in value]
        case "SS":
            return set(value)
        case "NULL":
            return None
        case _:
            raise TypeError(f"no table holds a {kind}")


class Condition:
    """Text with `{n}` for each name and `{v}` for each value in turn; `&` and `|` join two."""

    def __init__(self, text: str, names: tuple[str, ...], values: tuple[Any, ...] = ()) -> None:
        self._text = text
        self._names = names
        self._values = values

    def __and__(self, other: "Condition") -> "Condition":
        return self._joined("AND", other)

    def __or__(self, other: "Condition") -> "Condition":
        return self._joined("OR", other)

    def _joined(self, word: str, other: "Condition") -> "Condition":
        text = f"({self._text} {word} {other._text})"
        return Condition(text, self._names + other._names, self._values + other._values)

    def as_parameter(self, parameter: str) -> Values:
        """`parameter` (ConditionExpression and its like), and what its placeholders stand for."""
        names = {f"#n{number}": name for number, name in enumerate(self._names)}
        values = {f":v{number}": value for number, value in enumerate(self._values)}
        text = self._text
        for placeholder in names:
            text = text.replace("{n}", placeholder, 1)
        for placeholder in values:
            text = text.replace("{v}", placeholder, 1)
        expression: Values = {parameter: text, "ExpressionAttributeNames": names}
        if values:
            expression["ExpressionAttributeValues"] = packed(values)
        return expression


class Attr:
    """An attribute, or what is inside of it, at the left of a condition."""

    def __init__(self, name: str, *inside: str | int) -> None:
        """`inside`: the names and list indexes that lead there."""
        steps = (f"[{step}]" if isinstance(step, int) else ".{n}" for step in inside)
        self._path = "".join(["{n}", *steps])
        self._names = (name, *(step for step in inside if isinstance(step, str)))

    def eq(self, value: Any) -> Condition:
        return Condition(f"{self._path} = {{v}}", self._names, (value,))

    def ne(self, value: Any) -> Condition:
        return Condition(f"{self._path} <> {{v}}", self._names, (value,))

    def lt(self, value: Any) -> Condition:
        return Condition(f"{self._path} < {{v}}", self._names, (value,))

    def lte(self, value: Any) -> Condition:
        return Condition(f"{self._path} <= {{v}}", self._names, (value,))

    def is_in(self, values: Sequence[Any]) -> Condition:
        choices = ", ".join("{v}" for _ in values)
        return Condition(f"{self._path} IN ({choices})", self._names, tuple(values))

    def exists(self) -> Condition:
        return Condition(f"attribute_exists({self._path})", self._names)

    def contains(self, element: str) -> Condition:
        """Of a set."""
        return Condition(f"contains({self._path}, {{v}})", self._names, (element,))

    def lacks(self, entry: Values | str) -> Condition:
        """Of a list or of a set."""
        return Condition(f"NOT contains({self._path}, {{v}})", self._names, (entry,))

    def size_below(self, limit: int) -> Condition:
        """Elements of a set."""
        return Condition(f"size({self._path}) < {{v}}", self._names, (limit,))

    def not_exists(self) -> Condition:
        return Condition(f"attribute_not_exists({self._path})", self._names)
