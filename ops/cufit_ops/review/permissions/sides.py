"""Who may do what on both sides of a change, worked out once for all who ask."""

from dataclasses import dataclass
from functools import lru_cache

from cufit_ops.review.change import Change, Side
from cufit_ops.review.permissions.objects import Objects
from cufit_ops.review.permissions.renames import renamed
from cufit_ops.review.permissions.resolved import Names
from cufit_ops.review.permissions.sources import Sources
from cufit_ops.template_graph import Account, Address

_NOTHING = Side(Account({}, {}))


@dataclass(frozen=True)
class Sides:
    before: Sources
    after: Sources
    objects: Objects


@lru_cache(maxsize=1)
def sides_of(change: Change) -> Sides:
    """Nothing where a side is missing. Kept for the last change: the analysers are asked of one
    after the other."""
    base, head = change.base or _NOTHING, change.head or _NOTHING
    before = Sources.of(_names(base, change.environment, {}))
    same = renamed(base.account, head.account)
    after = Sources.of(_names(head, change.environment, same))
    return Sides(before, after, Objects([after, before]))


def _names(side: Side, environment: str, same: dict[Address, Address]) -> Names:
    """`same`: address in this side → in the other, as `renamed` finds them."""
    number = (side.configuration or {}).get("account")
    return Names(side.account, environment, str(number) if number else None, same)
