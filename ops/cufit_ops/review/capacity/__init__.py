"""What the service can carry before and after a change, and what its deployment does to requests.

Everything is read from the two sides' templates; figures are those of ops/measured, and times are
modelled (cufit_ops.capacity.deployment_time).
"""

from collections.abc import Iterator

from cufit_ops.review.capacity.functions import of_functions
from cufit_ops.review.capacity.rolling import of_deployment
from cufit_ops.review.capacity.size import of_size
from cufit_ops.review.capacity.starts import of_starts
from cufit_ops.review.change import Change
from cufit_ops.review.findings import Finding


def findings(change: Change) -> Iterator[Finding]:
    if change.head is None:
        return  # what is deployed stays as it is
    yield from of_size(change)
    yield from of_deployment(change)
    yield from of_functions(change)
    yield from of_starts(change)
