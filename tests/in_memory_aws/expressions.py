"""DynamoDB's expressions over items in wire form ({"S": "x"}), compiled once per text.

The grammar is the one of "Expressions" in DynamoDB's developer guide, as far as cufit uses it:
conditions and filters with functions, comparisons, BETWEEN, IN, AND, OR, NOT; updates with SET,
REMOVE, ADD and DELETE, if_not_exists and list_append; document paths, in updates SET's into maps.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from tests.in_memory_aws.errors import NotComputed, invalid
from tests.in_memory_aws.operands import (
    Change,
    Condition,
    Operand,
    Placeholders,
    all_of,
    any_of,
    between,
    compared,
    given_as,
    inside,
    name_of,
    put_inside,
)
from tests.in_memory_aws.values import (
    Item,
    added,
    begins,
    contains,
    joined,
    size,
    total,
    united,
    without,
)

_STEP = re.compile(r"#?[A-Za-z0-9_]+|\[\d+\]")
_TOKEN = re.compile(
    r"\s*(<=|>=|<>|[()=<>,+\-]|:[A-Za-z0-9_]+|#?[A-Za-z0-9_]+(?:\[\d+\]|\.#?[A-Za-z0-9_]+)*)"
)


@lru_cache(maxsize=512)
def condition(text: str) -> Condition:
    parser = _Parser(text)
    parsed = parser.disjunction()
    parser.end()
    return parsed


@lru_cache(maxsize=512)
def update(text: str) -> tuple[Change, ...]:
    parser = _Parser(text)
    changes = tuple(parser.changes())
    parser.end()
    return changes


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _TOKEN.findall(text)
        self._at = 0
        if _TOKEN.sub("", text).strip():
            raise invalid(f"Syntax error: {text}")

    def end(self) -> None:
        if self._at != len(self._tokens):
            raise invalid(f"Syntax error at {self._peek()}: {self._text}")

    def disjunction(self) -> Condition:
        parts = [self._conjunction()]
        while self._takes("OR"):
            parts.append(self._conjunction())
        return parts[0] if len(parts) == 1 else any_of(parts)

    def changes(self) -> Iterator[Change]:
        clauses = {"SET": self._assignment, "REMOVE": self._removal}
        clauses |= {"ADD": self._addition, "DELETE": self._subtraction}
        while self._at < len(self._tokens):
            clause = self._next().upper()
            if clause not in clauses:
                raise invalid(f"Syntax error at {clause}: {self._text}")
            yield clauses[clause]()
            while self._takes(","):
                yield clauses[clause]()

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        self._at += 1
        return token

    def _takes(self, word: str) -> bool:
        if self._peek().upper() != word:
            return False
        self._at += 1
        return True

    def _expect(self, word: str) -> None:
        if not self._takes(word):
            raise invalid(f"Syntax error, expected {word} at {self._peek()}: {self._text}")

    def _conjunction(self) -> Condition:
        parts = [self._negation()]
        while self._takes("AND"):
            parts.append(self._negation())
        return parts[0] if len(parts) == 1 else all_of(parts)

    def _negation(self) -> Condition:
        if self._takes("NOT"):
            inner = self._negation()
            return lambda item, given: not inner(item, given)
        if self._takes("("):
            inner = self.disjunction()
            self._expect(")")
            return inner
        return self._comparison()

    def _comparison(self) -> Condition:
        name = self._peek().lower()
        if name in ("attribute_exists", "attribute_not_exists"):
            operand = self._call(1)[0]
            wanted = name == "attribute_exists"
            return lambda item, given: (operand(item, given) is not None) is wanted
        if name == "begins_with":
            whole, start = self._call(2)
            return lambda item, given: begins(whole(item, given), start(item, given))
        if name == "contains":
            many, one = self._call(2)
            return lambda item, given: contains(many(item, given), one(item, given))
        left = self._operand()
        if self._takes("BETWEEN"):
            low = self._operand()
            self._expect("AND")
            return between(left, low, self._operand())
        if self._takes("IN"):
            self._expect("(")
            choices = [self._operand()]
            while self._takes(","):
                choices.append(self._operand())
            self._expect(")")
            return any_of([compared(left, "=", choice) for choice in choices])
        return compared(left, self._next(), self._operand())

    def _operand(self) -> Operand:
        if self._peek() == "size":
            measured = self._call(1)[0]
            return lambda item, given: size(measured(item, given))
        token = self._next()
        if token.startswith(":"):
            return lambda _, given: given_as(given.values, token)
        if len(steps := _STEP.findall(token)) > 1:
            return lambda item, given: inside(item, steps, given)
        return lambda item, given: item.get(name_of(given, token))

    def _call(self, arguments: int) -> list[Operand]:
        self._next()
        self._expect("(")
        given = [self._operand()]
        for _ in range(arguments - 1):
            self._expect(",")
            given.append(self._operand())
        self._expect(")")
        return given

    def _assignment(self) -> Change:
        target = self._next()
        self._expect("=")
        value, steps = self._assigned(), _STEP.findall(target)

        def assign(before: Item, after: Item, given: Placeholders) -> None:
            found = value(before, given)
            if found is None:
                raise NotComputed("The expression refers to an attribute that does not exist")
            put_inside(after, steps, given, found)

        return assign

    def _assigned(self) -> Operand:
        name = self._peek().lower()
        if name == "if_not_exists":
            held, other = self._call(2)
            return lambda item, given: held(item, given) or other(item, given)
        if name == "list_append":
            self._next()
            self._expect("(")
            first = self._assigned()
            self._expect(",")
            second = self._assigned()
            self._expect(")")
            return lambda item, given: joined(first(item, given), second(item, given))
        left = self._operand()
        if self._peek() in ("+", "-"):
            sign = 1 if self._next() == "+" else -1
            right = self._operand()
            return lambda item, given: added(left(item, given), right(item, given), sign)
        return left

    def _removal(self) -> Change:
        target = self._next()

        def remove(_: Item, after: Item, given: Placeholders) -> None:
            after.pop(name_of(given, target), None)

        return remove

    def _addition(self) -> Change:
        target, amount = self._next(), self._operand()

        def add(before: Item, after: Item, given: Placeholders) -> None:
            name = name_of(given, target)
            more = amount(before, given)
            if more is None:
                raise invalid("ADD takes a value")
            if "N" in more:
                after[name] = total(before.get(name, {"N": "0"}), more, 1)
            else:
                after[name] = united(before.get(name), more)

        return add

    def _subtraction(self) -> Change:
        target, amount = self._next(), self._operand()

        def subtract(before: Item, after: Item, given: Placeholders) -> None:
            name = name_of(given, target)
            fewer = amount(before, given)
            if fewer is None:
                raise invalid("DELETE takes a set")
            if name in before:
                left = without(after.pop(name), fewer)
                after |= {} if left is None else {name: left}

        return subtract
