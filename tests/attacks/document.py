"""The API's document as the attacks use it: which operation a request meets, what it may be
answered, and a request that is as the document says."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from urllib.parse import unquote

import jsonschema_rs

JSON: Final = "application/json"
PROBLEM: Final = "application/problem+json"


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    """With variables in braces."""
    described: Mapping[str, Any]
    document: "Document"

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(self.path)))

    @property
    def variables(self) -> list[str]:
        return re.findall(r"\{(\w+)\}", self.path)

    def parameters(self, place: str) -> list[str]:
        given = self.described.get("parameters", [])
        return [parameter["name"] for parameter in given if parameter["in"] == place]

    @property
    def is_public(self) -> bool:
        return "401" not in self.described["responses"]

    @cached_property
    def sample(self) -> Any:
        """A body as the document describes it; None where there is none."""
        body = self.described.get("requestBody")
        return None if body is None else self.document.sample(body["content"][JSON]["schema"])

    def faults(self, status: int, content_type: str, body: Any) -> Iterator[str]:
        """How an answer differs from what the document says; `body` is None when it is empty."""
        responses = self.described["responses"]
        if str(status) not in responses:
            yield f"{status} is not documented"
            return
        content = responses[str(status)].get("content", {})
        if not content:
            if body is not None:
                yield f"{status} has a body"
            return
        if content_type not in content:
            yield f"{status} is {content_type or 'of no type'}, not {', '.join(content)}"
            return
        validator = self.document.validator(content[content_type]["schema"])
        if not validator.is_valid(body):
            error = next(validator.iter_errors(body))
            where = ".".join(map(str, error.instance_path)) or "body"
            yield f"{status}: {where}: {error.message[:120]}"


class Document:
    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._validators: dict[str, Any] = {}
        self.operations = [
            Operation(method.upper(), path, described, self)
            for path, methods in document["paths"].items()
            for method, described in methods.items()
        ]

    def of(self, method: str, target: str) -> Operation | int:
        """The operation a request meets, or 404 or 405 where the document has none."""
        path = unquote(target.partition("?")[0])
        here = [one for one in self.operations if one.pattern.fullmatch(path)]
        wanted = "GET" if method == "HEAD" else method
        return next((one for one in here if one.method == wanted), 405 if here else 404)

    def validator(self, schema: Mapping[str, Any]) -> Any:
        key = repr(schema)
        if key not in self._validators:
            whole = {**schema, "components": self._document["components"]}
            self._validators[key] = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        return self._validators[key]

    def sample(self, schema: Mapping[str, Any]) -> Any:
        """An example, or the first of everything."""
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return self.sample(self._document["components"]["schemas"][name])
        given = [*schema.get("examples", []), *schema.get("enum", []), schema.get("const")]
        if given[0] is not None:
            return given[0]
        if several := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
            return self.sample(several[0])
        made: Mapping[str, Callable[[], Any]] = {
            "object": lambda: {
                name: self.sample(one) for name, one in schema["properties"].items()
            },
            "array": lambda: [self.sample(schema["items"])],
            "boolean": lambda: True,
            "integer": lambda: schema.get("minimum", 1),
        }
        return made.get(schema.get("type", ""), lambda: "x")()


Place = Sequence[str | int]


def leaves(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[Place]:
    """Where in a body something stands that is no object and no list."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from leaves(one, (*at, name))
    elif isinstance(value, list):
        for number, one in enumerate(value[:1]):
            yield from leaves(one, (*at, number))
    else:
        yield at


def replaced(value: Any, at: Place, by: Any) -> Any:
    """`value` with what stands `at` a place replaced."""
    if not at:
        return by
    first, *rest = at
    if isinstance(value, list):
        return [replaced(one, rest, by) if n == first else one for n, one in enumerate(value)]
    return {name: replaced(one, rest, by) if name == first else one for name, one in value.items()}
