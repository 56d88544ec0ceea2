"""What keeps a resource when its stack lets go of it: DeletionPolicy and UpdateReplacePolicy."""

from collections.abc import Iterator
from typing import Any

from cufit_ops.review.change import ResourceDifference
from cufit_ops.review.data.holdings import LOG_GROUP, holds_data
from cufit_ops.review.findings import Finding, Gate, Rank, Sentence, Topic
from cufit_ops.review.names import address, named, with_particle

_KEPT = ("Retain", "RetainExceptOnCreate", "Snapshot")
"""RetainExceptOnCreate deletes only what was made by an operation that is rolled back."""

_SNAPSHOT_BY_DEFAULT = ("AWS::RDS::DBCluster",)
"""CloudFormation user guide, DeletionPolicy attribute (2026-11)."""


def kept_when_deleted(resource: dict[str, Any]) -> bool:
    return _policy(resource, "DeletionPolicy") in _KEPT


def kept_when_replaced(resource: dict[str, Any]) -> bool:
    return _policy(resource, "UpdateReplacePolicy") in _KEPT


def _policy(resource: dict[str, Any], name: str) -> str:
    default = "Snapshot" if resource["Type"] in _SNAPSHOT_BY_DEFAULT else "Delete"
    return str(resource.get(name, default))


def less_kept(difference: ResourceDifference) -> Iterator[Finding]:
    """A policy that kept the data is taken away; what is kept from now on is a detail."""
    old, new = difference.old, difference.new
    if old is None or new is None or not holds_data(old):
        return
    name = named(old, difference.logical_id)
    for policy, when, korean_when in (
        ("DeletionPolicy", "is taken out of its stack", "스택에서 빠지면"),
        ("UpdateReplacePolicy", "is replaced", "교체되면"),
    ):
        before, after = _policy(old, policy) in _KEPT, _policy(new, policy) in _KEPT
        if before == after:
            continue
        logs = difference.kind == LOG_GROUP
        danger = before and not logs
        sentence = (
            Sentence(
                f"Takes away what keeps {name.english}: if it {when} later, it is deleted with "
                "everything in it",
                f"{with_particle(name.korean, '을/를')} 지켜 주던 설정을 없앱니다. 나중에 "
                f"{korean_when} "
                "안에 든 것까지 모두 삭제됩니다",
            )
            if before
            else Sentence(
                f"Keeps {name.english} from now on, also if it {when}",
                f"이제부터 {with_particle(name.korean, '은/는')} {korean_when} 지워지지 않고 "
                "남습니다",
            )
        )
        yield Finding(
            Topic.DATA,
            Rank.DANGER if danger else Rank.NOTICE if before else Rank.DETAIL,
            address(difference.stack, difference.logical_id),
            sentence,
            f"{policy}: {_policy(old, policy)} → {_policy(new, policy)}",
            Gate.DATA_LOSS if danger else None,
        )
