"""A policy document as what it allows and refuses."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cufit_ops.review.permissions import conditions
from cufit_ops.review.permissions.actions import Actions, everything, expand
from cufit_ops.review.permissions.conditions import ALWAYS, Condition
from cufit_ops.review.permissions.patterns import contains, meet

ANYONE = "AWS:*"
"""Whoever it is, signed in to AWS or not."""


@dataclass(frozen=True)
class Target:
    """Resources by a pattern, without those of other patterns (NotResource)."""

    pattern: str
    without: frozenset[str] = frozenset()

    def holds(self, other: "Target") -> bool:
        return contains(self.pattern, other.pattern) and all(
            not meet(left_out, other.pattern)
            or any(contains(given, left_out) for given in other.without)
            for left_out in self.without
        )

    def meets(self, other: "Target") -> bool:
        return meet(self.pattern, other.pattern) and not any(
            contains(left_out, mine)
            for left_outs, mine in ((self.without, other.pattern), (other.without, self.pattern))
            for left_out in left_outs
        )


@dataclass(frozen=True)
class Whom:
    """One principal of a policy, or everyone but some (NotPrincipal)."""

    name: str = ""
    """`Service:lambda.amazonaws.com`; nothing where the policy is the principal's own."""
    without: frozenset[str] = frozenset()

    def holds(self, other: "Whom") -> bool:
        if self.without:
            return (self.without <= other.without if other.without else
                    other.name != ANYONE and other.name not in self.without)  # fmt: skip
        return self.name in (ANYONE, other.name) and not (other.without and self.name != ANYONE)

    def meets(self, other: "Whom") -> bool:
        return self.holds(other) or other.holds(self)


@dataclass(frozen=True)
class Grant:
    """One piece of a statement: one principal, one resource, one value of each condition."""

    is_allow: bool
    actions: Actions
    target: Target
    condition: Condition = ALWAYS
    whom: Whom = Whom()
    whole: Condition = ALWAYS
    """The statement's condition before it was taken apart."""
    statement: Mapping[str, Any] = field(default_factory=dict, compare=False, hash=False)
    """As in the template, its values resolved."""

    @cached_property
    def evidence(self) -> str:
        return json.dumps(self.statement, ensure_ascii=False)

    def holds(self, other: "Grant") -> bool:
        """Whether this says of whatever `other` says it of, but for the actions."""
        return (
            self.whom.holds(other.whom)
            and self.target.holds(other.target)
            and conditions.follows(self.condition, other.condition)
        )


def grants(document: Any, resource: str = "") -> Iterator[Grant]:
    """Of a policy whose values are resolved; `resource` is what a statement that names none is of.

    A JSON text is read too. What is no policy gives nothing.
    """
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except ValueError:
            return
    if not isinstance(document, Mapping):
        return
    for statement in listed(document.get("Statement")):
        if isinstance(statement, Mapping):
            yield from _of_statement(statement, resource)


def listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def mappings(value: Any) -> list[Mapping[str, Any]]:
    """Of a list of objects, or of one; what is none, such as an unknown function, is left out."""
    return [one for one in listed(value) if isinstance(one, Mapping)]


def is_true(value: Any) -> bool:
    """Of a property, which CloudFormation takes as a text too."""
    return str(value).lower() == "true"


def _of_statement(statement: Mapping[str, Any], resource: str) -> Iterator[Grant]:
    whole = conditions.read(statement.get("Condition"))
    actions = _actions(statement)
    for whom in _whom(statement):
        for target in _targets(statement, resource):
            for condition in conditions.pieces(whole):
                is_allow = statement.get("Effect") != "Deny"
                yield Grant(is_allow, actions, target, condition, whom, whole, statement)


def _actions(statement: Mapping[str, Any]) -> Actions:
    if "NotAction" in statement:
        left_out = [expand(str(one)) for one in listed(statement["NotAction"])]
        return everything().difference(*left_out)
    return frozenset().union(*(expand(str(one)) for one in listed(statement.get("Action"))))


def _targets(statement: Mapping[str, Any], resource: str) -> list[Target]:
    if "NotResource" in statement:
        return [Target("*", frozenset(str(one) for one in listed(statement["NotResource"])))]
    named = [str(one) for one in listed(statement.get("Resource", resource or "*"))]
    if resource.startswith("arn:") and "*" in named:
        # In a resource's own policy that is the resource, and what lies in it.
        named = [one for one in named if one != "*"] + [resource, f"{resource}/*"]
    return [Target(one) for one in named]


def _whom(statement: Mapping[str, Any]) -> list[Whom]:
    if "NotPrincipal" in statement:
        return [Whom(ANYONE, frozenset(_principals(statement["NotPrincipal"])))]
    if "Principal" in statement:
        return [Whom(name) for name in _principals(statement["Principal"])]
    return [Whom()]


def _principals(given: Any) -> Iterator[str]:
    if not isinstance(given, Mapping):
        yield ANYONE if given == "*" else f"AWS:{given}"
        return
    for kind, names in given.items():
        for name in listed(names):
            text = name if isinstance(name, str) else json.dumps(name, sort_keys=True)
            if kind == "AWS" and (text.isdigit() or text == "{AccountId}"):
                text = f"arn:aws:iam::{text}:root"
            yield f"{kind}:{text}"
