"""What a change does to what people stored: lost, left behind, moved, less protected, unread."""

from collections.abc import Iterator

from cufit_ops.review.change import Change
from cufit_ops.review.data import (
    buckets,
    gone,
    listeners,
    messages,
    reach,
    tables,
    watching,
    ways,
    wiring,
)
from cufit_ops.review.data.policies import less_kept
from cufit_ops.review.findings import Finding


def findings(change: Change) -> Iterator[Finding]:
    if change.base is None or change.head is None:
        return  # a new environment holds nothing; one whose file is gone stays as it is
    base, head = change.base.account, change.head.account
    lost = gone.lost(base, head, change.differences)
    yield from gone.findings(base, head, lost)
    for difference in change.differences:
        if difference.old and difference.new and difference.old["Type"] == difference.new["Type"]:
            yield from ways.changed(difference, base, head)
            yield from wiring.changed(difference, base, head)
            yield from watching.changed(difference, base, head)
            if (difference.stack, difference.logical_id) in lost:
                continue  # said already, and more than what is less protected
            yield from less_kept(difference)
            yield from tables.findings(difference, head)
            yield from buckets.findings(difference)
            yield from messages.findings(difference)
    yield from messages.logs(change.differences)
    yield from ways.gone(base, head)
    yield from wiring.gone(base, head)
    yield from watching.gone(base, head)
    yield from listeners.findings(change)
    yield from reach.findings(base, head)
    yield from gone.stacks_left(base, head, lost)
