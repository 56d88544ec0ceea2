"""Buckets that stay: when objects end by themselves, and whether they can be restored."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cufit_ops.review.change import ResourceDifference
from cufit_ops.review.data.holdings import BUCKET
from cufit_ops.review.findings import Finding, Gate, Rank, Sentence, Topic
from cufit_ops.review.names import address, named, with_particle

_ARCHIVES = ("GLACIER", "DEEP_ARCHIVE")
"""Storage classes whose objects have to be restored, for minutes to hours, before they are read
(S3 user guide, Storage classes, 2026-11). GLACIER_IR is read at once."""


_CONDITIONS = ("TagFilters", "ObjectSizeGreaterThan", "ObjectSizeLessThan")


@dataclass(frozen=True)
class _Ends:
    """A rule under which objects are deleted."""

    prefix: str
    """Of the keys it is about; empty for all."""
    days: float
    """0 for a date."""
    what: str
    """`expire`, `noncurrent`, `archive`."""
    only: str = ""
    """Further conditions on the objects, such as tags; empty for none."""

    def covers(self, other: "_Ends") -> bool:
        """Everything that `other` ends is ended by this at least as early."""
        return (
            self.what == other.what
            and other.prefix.startswith(self.prefix)
            and self.days <= other.days
            and self.only in ("", other.only)
        )


def findings(difference: ResourceDifference) -> Iterator[Finding]:
    if difference.kind != BUCKET or not difference.old or not difference.new:
        return
    old = difference.old.get("Properties", {})
    new = difference.new.get("Properties", {})
    where = address(difference.stack, difference.logical_id)
    name = named(difference.old, difference.logical_id)
    before, after = [*_ends(old)], [*_ends(new)]
    if not any("VersioningConfiguration" in side for side in (old, new)):
        after = [one for one in after if one.what != "noncurrent"]  # there is none
    evidence = "LifecycleConfiguration: " + " → ".join(
        json.dumps(side.get("LifecycleConfiguration")) for side in (old, new)
    )
    for one in after:
        if not any(held.covers(one) for held in before):
            sentence = _earlier(name, one)
            yield Finding(Topic.DATA, Rank.DANGER, where, sentence, evidence, Gate.DATA_LOSS)
    for one in before:
        if not any(now.covers(one) for now in after):
            sentence = Sentence(
                f"Objects under {one.prefix or 'any name'} of {name.english} end later, or no more "
                "by themselves: what nobody claims stays, with its cost",
                f"{name.korean}의 {one.prefix or '모든'} 객체가 더 늦게 지워지거나 저절로 지워지지 "
                "않습니다. 쓰지 않는 것도 비용과 함께 남습니다",
            )
            yield Finding(Topic.DATA, Rank.NOTICE, where, sentence, evidence)
    was, now = (side.get("VersioningConfiguration", {}).get("Status") for side in (old, new))
    if was == "Enabled" and now != "Enabled":
        yield Finding(
            Topic.DATA, Rank.DANGER, where,
            Sentence(
                f"{name.english[0].upper()}{name.english[1:]} keeps no earlier versions any more: "
                "what is deleted or overwritten from now on cannot be restored",
                f"{name.korean}에 이전 버전을 더는 보관하지 않습니다. 앞으로 지우거나 덮어쓴 것은 "
                "되살릴 수 "
                "없습니다",
            ),
            f"VersioningConfiguration: {was} → {now}", Gate.DATA_LOSS,
        )  # fmt: skip
    if old.get("ObjectLockEnabled") and not new.get("ObjectLockEnabled"):
        yield Finding(
            Topic.DATA, Rank.DANGER, where,
            Sentence(
                f"Objects of {name.english} are no longer locked against deletion",
                f"{name.korean}의 객체를 삭제하지 못하게 하던 잠금이 풀립니다",
            ),
            "ObjectLockEnabled: true → false", Gate.DATA_LOSS,
        )  # fmt: skip


def _earlier(name: Sentence, one: _Ends) -> Sentence:
    what = f"{one.prefix}…" if one.prefix else "everything, every photo included,"
    if one.only:
        what += f" (only what {one.only} says)"
    korean_what = f"{one.prefix}로 시작하는 것" if one.prefix else "모든 사진을 포함한 전부"
    if one.only:
        korean_what += f"({one.only}에 맞는 것만)"
    days = f"{one.days:g} day{'' if one.days == 1 else 's'}"
    after = f"{days} after it was put there" if one.days else "at a date"
    korean_after = f"올린 지 {one.days:g}일 뒤" if one.days else "정해진 날"
    if one.what == "archive":
        return Sentence(
            f"Archives {what} in {name.english} {after}: from then on nobody can see it until it "
            "is restored",
            f"{name.korean}에서 {korean_what}({korean_after})을 보관소로 옮깁니다. 복원하기 "
            "전에는 볼 수 "
            "없습니다",
        )
    if one.what == "noncurrent":
        return Sentence(
            f"Deletes earlier versions of {what} in {name.english} {days} after they were replaced",
            f"{name.korean}에서 {korean_what}의 이전 버전을 {one.days:g}일 뒤 삭제합니다",
        )
    return Sentence(
        f"Deletes {what} in {name.english} {after}",
        f"{name.korean}에서 {with_particle(korean_what, '을/를')} {korean_after} 삭제합니다",
    )


def _ends(properties: dict[str, Any]) -> Iterator[_Ends]:
    for rule in properties.get("LifecycleConfiguration", {}).get("Rules", []):
        if rule.get("Status") != "Enabled":
            continue
        conditions = {key: rule[key] for key in _CONDITIONS if key in rule}
        only = json.dumps(conditions) if conditions else ""
        prefix = str(rule.get("Prefix", ""))
        if "ExpirationInDays" in rule:
            yield _Ends(prefix, float(rule["ExpirationInDays"]), "expire", only)
        if "ExpirationDate" in rule:
            yield _Ends(prefix, 0.0, "expire", only)
        noncurrent = rule.get("NoncurrentVersionExpiration", {})
        days = noncurrent.get("NoncurrentDays", rule.get("NoncurrentVersionExpirationInDays"))
        if days is not None:
            yield _Ends(prefix, float(days), "noncurrent", only)
        for step in [*rule.get("Transitions", []), rule.get("Transition", {})]:
            if step.get("StorageClass") in _ARCHIVES:
                yield _Ends(prefix, float(step.get("TransitionInDays", 0)), "archive", only)
