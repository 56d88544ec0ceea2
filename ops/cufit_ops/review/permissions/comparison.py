"""What one list of grants allows that another does not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from cufit_ops.review.permissions import conditions
from cufit_ops.review.permissions.actions import Actions, applies
from cufit_ops.review.permissions.conditions import Condition
from cufit_ops.review.permissions.statements import Grant


class Way(Enum):
    """How something became possible."""

    NEW = "nothing like it was allowed"
    CONDITION = "the same was allowed, under a condition that now is another"
    RESOURCE = "the same was allowed on less"
    UNREFUSED = "a Deny that refused it is gone or refuses less"


@dataclass(frozen=True)
class Gain:
    grant: Grant
    """What allows it; for UNREFUSED the Deny that is gone."""
    actions: Actions
    """Those that were not allowed, and that AWS knows for the resource."""
    way: Way = Way.NEW
    before: Grant | None = None
    """What was allowed that is most like it."""


def gains(base: Sequence[Grant], head: Sequence[Grant]) -> list[Gain]:
    """What `head` allows and `base` does not; nothing if they allow the same or `head` less.

    A piece of `head` must be allowed by one piece of `base`: where two of `base` together hold
    what one of `head` does, it counts as a gain. Better once too often.
    """
    if [*base] == [*head]:
        return []
    before, after = effective(base), effective(head)
    return [gain for grant in after for gain in _gains_of(grant, before)]


def unrefused(base: Sequence[Grant], head: Sequence[Grant], *, only_allowed: bool) -> list[Gain]:
    """Denies of `base` that `head` has not; `only_allowed` leaves out those of what nothing in
    `head` allows (a policy of a resource refuses what other policies allow)."""
    if [*base] == [*head]:
        return []
    allowed, denies = effective(head), [one for one in head if not one.is_allow]
    found = []
    for gone in base:
        if gone.is_allow:
            continue
        left = gone.actions.difference(*(one.actions for one in denies if one.holds(gone)))
        if only_allowed:
            left &= frozenset().union(
                *(one.actions for one in allowed
                  if one.target.meets(gone.target) and one.whom.meets(gone.whom))
            )  # fmt: skip
        left = _known(left, gone)
        if left:
            like = next((one for one in denies if one.actions & left), None)
            found.append(Gain(gone, left, Way.UNREFUSED, like))
    return found


def effective(grants: Sequence[Grant]) -> list[Grant]:
    """The allowed, without what a Deny refuses in every case."""
    denies = [one for one in grants if not one.is_allow]
    found = []
    for grant in grants:
        if grant.is_allow:
            refused = (one.actions for one in denies if one.holds(grant))
            actions = grant.actions.difference(*refused)
            if actions:
                found.append(replace(grant, actions=actions))
    return list(dict.fromkeys(found))


def _gains_of(grant: Grant, before: Sequence[Grant]) -> list[Gain]:
    held = (one.actions for one in before if one.holds(grant))
    left = _known(grant.actions.difference(*held), grant)
    if not left:
        return []
    like = sorted(
        (one for one in before if one.actions & left),
        key=lambda one: _alike(one.whole, grant.whole),
        reverse=True,
    )
    found = []
    for way, matching in (
        (Way.CONDITION, [one for one in like if one.whom.holds(grant.whom)
                         and one.target.holds(grant.target)]),
        (Way.RESOURCE, [one for one in like if one.whom.holds(grant.whom)
                        and grant.target.holds(one.target)
                        and conditions.follows(one.condition, grant.condition)]),
    ):  # fmt: skip
        for one in matching:
            if common := left & one.actions:
                found.append(Gain(grant, common, way, one))
                left -= common
    return [*found, Gain(grant, left)] if left else found


def _known(actions: Actions, grant: Grant) -> Actions:
    return frozenset(one for one in actions if applies(one, grant.target.pattern))


def _alike(one: Condition, other: Condition) -> tuple[int, int]:
    """How many keys two conditions have in common, and how many values of them."""
    mine, others = _values(one), _values(other)
    common = mine.keys() & others.keys()
    return len(common), sum(len(mine[key] & others[key]) for key in common)


def _values(condition: Condition) -> dict[str, frozenset[str]]:
    return {test.key: test.values for test in condition}
