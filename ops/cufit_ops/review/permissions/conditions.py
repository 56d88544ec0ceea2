"""When one condition of a statement follows from another (IAM guide, "Condition operators")."""

import ipaddress
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

from cufit_ops.review.permissions.patterns import contains

PIECES = 64
"""A statement's condition is taken apart into as many at most."""

_EXACT = {"stringequals", "numericequals", "dateequals", "binaryequals", "bool"}
_LIKE = {"stringlike", "arnlike", "arnequals"}
"""ArnEquals and ArnLike are the same (same page)."""
_NOT = {"stringnotequals", "stringnotlike", "arnnotequals", "arnnotlike", "notipaddress",
        "stringnotequalsignorecase", "numericnotequals", "datenotequals"}  # fmt: skip
_SINGLE = {
    "aws:sourcearn", "aws:sourceaccount", "aws:principalarn", "aws:principalaccount",
    "aws:sourceip", "aws:securetransport", "aws:multifactorauthpresent", "sts:externalid",
}  # fmt: skip
"""Keys that a request has one value of (IAM user guide, "AWS global condition context keys")."""
_BELOW = {"numericlessthan", "numericlessthanequals", "datelessthan", "datelessthanequals"}
_ABOVE = {
    "numericgreaterthan", "numericgreaterthanequals", "dategreaterthan", "dategreaterthanequals",
}  # fmt: skip


@dataclass(frozen=True)
class Test:
    """One key held against values, of which one must fit (none may, for operators with `not`)."""

    operator: str
    """In small letters, without its set and IfExists: `stringequals`."""
    key: str
    values: frozenset[str]
    set_of: str = ""
    """`forallvalues`, `foranyvalue` or nothing."""
    if_exists: bool = False
    name: str = field(default="", compare=False)
    """The key as it is written."""

    @property
    def needs_key(self) -> bool:
        """Whether a request without the key fails it."""
        if self.operator == "null":
            return self.values == {"false"}
        return not self.if_exists and self.set_of != "forallvalues" and self.operator not in _NOT


_SAID = {
    "stringequals": "is", "stringlike": "is like", "arnlike": "is like", "arnequals": "is like",
    "bool": "is", "numericequals": "is", "ipaddress": "is in", "null": "is missing:",
    "stringnotequals": "is not", "stringnotlike": "is not like", "arnnotlike": "is not like",
}  # fmt: skip

Condition = frozenset[Test]
"""All of them must hold; none: always."""

ALWAYS: Condition = frozenset()


def read(given: Any) -> Condition:
    """Of a statement's Condition, its values resolved."""
    return frozenset(_tests(given)) if isinstance(given, Mapping) else ALWAYS


def pieces(condition: Condition) -> Iterator[Condition]:
    """Conditions with one value each, of which at least one holds whenever the whole does."""
    tests = sorted(condition, key=lambda test: (test.key, test.operator, sorted(test.values)))
    parts = [[test] if not _splits(test) else [*_single(test)] for test in tests]
    count = 1
    for part in parts:
        count *= len(part)
    if count > PIECES:
        yield condition
    else:
        yield from (frozenset(chosen) for chosen in product(*parts))


def follows(wide: Condition, narrow: Condition) -> bool:
    """Whether every request that passes `narrow` passes `wide`; False too when it is not known."""
    return all(any(_implies(given, wanted) for given in narrow) for wanted in wide)


def written(condition: Condition) -> str:
    """For a person: `aws:SourceArn like arn:…`, in the order of keys."""
    said = []
    for test in sorted(condition, key=lambda test: (test.key, test.operator)):
        operator = {"": "", "forallvalues": "all of ", "foranyvalue": "any of "}[test.set_of]
        end = " if there" if test.if_exists else ""
        values = ", ".join(sorted(test.values))
        verb = _SAID.get(test.operator, f"passes {test.operator}")
        said.append(f"{operator}{test.name} {verb} {values}{end}")
    return "; ".join(said)


def _tests(given: Mapping[str, Any]) -> Iterator[Test]:
    for operator, keys in given.items():
        name = operator.lower()
        set_of, _, rest = name.rpartition(":")
        if_exists = rest.endswith("ifexists")
        for key, values in keys.items() if isinstance(keys, Mapping) else ():
            wanted = values if isinstance(values, list) else [values]
            plain = rest.removesuffix("ifexists")
            if plain == "stringlike" and not any(set("*?") & set(str(one)) for one in wanted):
                plain = "stringequals"
            yield Test(
                plain, key.lower(),
                frozenset(_text(value) for value in wanted), set_of, if_exists, key,
            )  # fmt: skip


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else json.dumps(value)


def _splits(test: Test) -> bool:
    positive = test.operator in _EXACT | _LIKE | {"ipaddress"}
    return positive and len(test.values) > 1 and test.set_of != "forallvalues"


def _single(test: Test) -> Iterator[Test]:
    for value in sorted(test.values):
        yield replace(test, values=frozenset({value}))


def _implies(given: Test, wanted: Test) -> bool:
    if given.key != wanted.key:
        return False
    if given == wanted:
        return True
    if wanted.operator == "null":
        return wanted.values == {"false"} and given.needs_key
    if (given.if_exists and not wanted.if_exists) or not _same_set(given, wanted):
        return False
    if wanted.operator in _NOT:
        return given.operator == wanted.operator and given.values >= wanted.values
    return bool(given.values) and all(
        any(_fits(given.operator, value, wanted.operator, other) for other in wanted.values)
        for value in given.values
    )


def _same_set(given: Test, wanted: Test) -> bool:
    """Of a key that has one value ForAnyValue asks the same as no word."""
    sets = {given.set_of, wanted.set_of}
    return len(sets) == 1 or (sets == {"", "foranyvalue"} and given.key in _SINGLE)


def _fits(of: str, value: str, to: str, other: str) -> bool:
    """Whether passing operator `of` with `value` means passing `to` with `other`."""
    if of in _BELOW | _ABOVE:
        return of == to and _number(value, other, below=of in _BELOW)
    if of == "ipaddress":
        return of == to and within(value, other)
    if of == "stringequals" and to == "stringequalsignorecase":
        return value.lower() == other.lower()
    if to in _LIKE:
        # What StringLike compares as texts, ArnLike compares part by part.
        alike = of == "stringequals" or (of in _LIKE and ("arn" in of) == ("arn" in to))
        return alike and contains(other, value)
    return of == to and value == other


def within(narrow: str, wide: str) -> bool:
    """Whether a range of addresses is in another; of what is none, whether they are the same."""
    if narrow == wide:
        return True
    try:
        inner, outer = ipaddress.ip_network(narrow, False), ipaddress.ip_network(wide, False)
    except ValueError:
        return False
    return inner.version == outer.version and inner.subnet_of(outer)  # type: ignore[arg-type]


def _number(value: str, other: str, *, below: bool) -> bool:
    try:
        return float(value) <= float(other) if below else float(value) >= float(other)
    except ValueError:
        return False
