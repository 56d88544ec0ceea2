"""What CloudFormation will refuse of a change, found from templates alone.

`refusals` compares two accounts of stacks, wherever they were read: two synthesized commits, or
what is deployed and what is to be.
"""

from collections.abc import Iterator

from cufit_ops.review.change import Change
from cufit_ops.review.findings import Finding, Rank, Sentence, Topic
from cufit_ops.review.refused import collisions, exports, parameters, shapes, tables, values
from cufit_ops.review.refused.refusal import Refusal
from cufit_ops.review.replacement import replaced
from cufit_ops.template_graph import Account


def findings(change: Change) -> Iterator[Finding]:
    if change.base is None or change.head is None:
        return
    for refusal in _refused(change.base.account, change.head.account):
        yield Finding(
            Topic.REFUSED,
            Rank.DANGER,
            refusal.subject,
            Sentence(
                f"This deployment will be refused, because {refusal.reason.english}",
                f"이 배포는 거절됩니다. {refusal.reason.korean}",
            ),
            refusal.evidence,
        )


def refusals(base: Account, head: Account) -> list[str]:
    """Why `head` cannot be deployed onto `base` at once; a sentence each, none when it can."""
    return [
        f"this deployment will be refused, because {refusal.reason.english}"
        for refusal in _refused(base, head)
    ]


def _refused(base: Account, head: Account) -> Iterator[Refusal]:
    common = [name for name in head.stacks if name in base.stacks]
    anew = {name: replaced(base.stacks[name], head.stacks[name]) for name in common}
    yield from exports.refusals(base, head, anew)
    yield from parameters.refusals(base, head)
    yield from shapes.refusals(base, head)
    yield from values.refusals(base, head)
    yield from collisions.refusals(base, head, anew)
    for name in common:
        yield from tables.refusals(name, base.stacks[name], head.stacks[name])
