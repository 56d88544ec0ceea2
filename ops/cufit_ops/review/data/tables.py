"""Tables that stay: what protects their rows, when rows end, which indexes find them."""

import json
from collections.abc import Iterator
from math import inf
from typing import Any

from cufit_ops.review.change import ResourceDifference
from cufit_ops.review.findings import Finding, Gate, Rank, Sentence, Topic
from cufit_ops.review.names import TABLE_KINDS, address, named, with_particle
from cufit_ops.template_graph import Account

_Properties = dict[str, Any]


def findings(difference: ResourceDifference, head: Account) -> Iterator[Finding]:
    if difference.kind not in TABLE_KINDS or not difference.old or not difference.new:
        return
    old = difference.old.get("Properties", {})
    new = difference.new.get("Properties", {})
    name = named(difference.old, difference.logical_id)
    where = address(difference.stack, difference.logical_id)
    yield from _protection(where, name, old, new)
    yield from _rows_end(where, name, old, new)
    yield from _indexes(where, name, old, new, head)
    yield from _regions(where, name, old, new)
    yield from _limits(where, name, old, new)


def _data(
    where: str, rank: Rank, evidence: str, english: str, korean: str, *, gated: bool = False
) -> Finding:
    gate = Gate.DATA_LOSS if gated else None
    return Finding(Topic.DATA, rank, where, Sentence(english, korean), evidence, gate)


def _protection(
    where: str, name: Sentence, old: _Properties, new: _Properties
) -> Iterator[Finding]:
    noun = name.korean
    regions = _regions_of(old) & _regions_of(new)
    before, after = (_setting(one, "DeletionProtectionEnabled", regions) for one in (old, new))
    if before and not after:
        yield _data(
            where, Rank.DANGER, "DeletionProtectionEnabled: true → false",
            f"Anyone who may delete {name.english} can now do it with one command: its deletion "
            "protection is taken away",
            f"{noun}의 삭제 방지를 끕니다. 이제 명령 한 번으로 삭제될 수 있습니다",
            gated=True,
        )  # fmt: skip
    elif after and not before:
        yield _data(
            where, Rank.DETAIL, "DeletionProtectionEnabled: false → true",
            f"Protects {name.english} from being deleted",
            f"{noun}에 삭제 방지를 켭니다",
        )  # fmt: skip
    days, now = backup_days(old), backup_days(new)
    if days and not now:
        yield _data(
            where, Rank.DANGER, "PointInTimeRecoveryEnabled: true → false",
            f"Ends the backups of {name.english}: a mistake of the last 35 days can no longer be "
            "taken back, also not one made before this deployment",
            f"{noun}의 백업을 끝냅니다. 배포 전의 일까지 포함해, 지난 35일 안의 실수를 되돌릴 수 "
            "없게 됩니다",
            gated=True,
        )  # fmt: skip
    elif now and not days:
        yield _data(
            where, Rank.DETAIL, "PointInTimeRecoveryEnabled: false → true",
            f"Backs {name.english} up continuously from now on",
            f"{with_particle(noun, '을/를')} 이제부터 계속 백업합니다",
        )  # fmt: skip
    elif now < days:
        yield _data(
            where, Rank.NOTICE, f"RecoveryPeriodInDays: {days} → {now}",
            f"Keeps the backups of {name.english} for {now} day{'' if now == 1 else 's'} instead "
            f"of {days}",
            f"{noun}의 백업을 {days}일 대신 {now}일 동안만 보관합니다",
        )  # fmt: skip


def _setting(properties: _Properties, key: str, regions: set[str]) -> bool:
    """Of the table, or of each of its replicas in `regions`: a new one takes nothing away."""
    found = [one for one in _replicas(properties) if json.dumps(one.get("Region")) in regions]
    return bool(properties.get(key)) or (bool(found) and all(replica.get(key) for replica in found))


def backup_days(properties: _Properties) -> int:
    """Days that can be gone back; 0 without point-in-time recovery, 35 when nothing is said."""
    settings = [
        one.get("PointInTimeRecoverySpecification", {})
        for one in [properties, *_replicas(properties)]
    ]
    on = [one for one in settings if one.get("PointInTimeRecoveryEnabled")]
    return min((int(one.get("RecoveryPeriodInDays", 35)) for one in on), default=0)


def _replicas(properties: _Properties) -> list[_Properties]:
    return [one for one in properties.get("Replicas", []) if isinstance(one, dict)]


def _rows_end(where: str, name: Sentence, old: _Properties, new: _Properties) -> Iterator[Finding]:
    before, after = _expires_by(old), _expires_by(new)
    if before == after:
        return
    evidence = f"TimeToLiveSpecification: {before or 'none'} → {after or 'none'}"
    noun = name.korean
    if after is None:
        yield _data(
            where, Rank.NOTICE, evidence,
            f"Rows of {name.english} no longer end by themselves: what {before} used to delete "
            "stays, with its cost",
            f"{noun}의 행이 더는 저절로 지워지지 않습니다. {before}에 따라 지워지던 것이 비용과 "
            "함께 남습니다",
        )  # fmt: skip
    else:
        yield _data(
            where, Rank.DANGER, evidence,
            f"Deletes rows of {name.english} by themselves once their {after} is over"
            + (f", no longer by {before}" if before else ""),
            f"{noun}의 행이 {after} 시각이 지나면 저절로 삭제됩니다"
            + (f" (지금까지는 {before})" if before else ""),
            gated=True,
        )  # fmt: skip


def _expires_by(properties: _Properties) -> str | None:
    setting = properties.get("TimeToLiveSpecification") or {}
    return str(setting.get("AttributeName")) if setting.get("Enabled") else None


def _indexes(
    where: str, name: Sentence, old: _Properties, new: _Properties, head: Account
) -> Iterator[Finding]:
    before, after = _index_names(old), _index_names(new)
    noun = name.korean
    for index in sorted(before - after):
        used = _mentioned(head, f"/index/{index}")
        yield _data(
            where, Rank.DANGER if used else Rank.NOTICE, f"GlobalSecondaryIndexes: −{index}",
            f"Removes the index {index} of {name.english}: queries by it fail"
            + (
                ", and permissions still name it"
                if used
                else " until the new code runs, which has no permission to ask it"
            ),
            f"{noun}의 인덱스 {with_particle(index, '을/를')} 없앱니다. 이 인덱스로 찾는 조회가 "
            "실패합니다"
            + (" (아직 이 인덱스를 쓰는 권한이 있습니다)" if used else " (새 코드가 뜰 때까지)"),
        )  # fmt: skip
    for index in sorted(after - before):
        yield _data(
            where, Rank.DETAIL, f"GlobalSecondaryIndexes: +{index}",
            f"Adds the index {index} to {name.english}; it is filled from the rows that are there",
            f"{noun}에 인덱스 {with_particle(index, '을/를')} 더합니다. 있는 행으로 저절로 "
            "채워집니다",
        )  # fmt: skip


def _index_names(properties: _Properties) -> set[str]:
    return {
        str(index.get("IndexName"))
        for kind in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes")
        for index in properties.get(kind, [])
    }


def _mentioned(account: Account, text: str) -> bool:
    return any(f'{text}"' in json.dumps(template) for template in account.stacks.values())


def _regions(where: str, name: Sentence, old: _Properties, new: _Properties) -> Iterator[Finding]:
    for region in sorted(_regions_of(old) - _regions_of(new)):
        yield _data(
            where, Rank.DANGER, f"Replicas: −{region}",
            f"Deletes the copy of {name.english} in {region}",
            f"{region}에 있는 {name.korean}의 복제본을 삭제합니다",
            gated=True,
        )  # fmt: skip


def _regions_of(properties: _Properties) -> set[str]:
    return {json.dumps(one.get("Region")) for one in _replicas(properties)}


def _limits(where: str, name: Sentence, old: _Properties, new: _Properties) -> Iterator[Finding]:
    """On-demand throughput that a table may use at most."""
    for key, what, korean in (
        ("MaxWriteRequestUnits", "write", "쓰기"),
        ("MaxReadRequestUnits", "read", "읽기"),
    ):
        before, after = (min(_numbers(side, key), default=inf) for side in (old, new))
        if after < before:
            yield _data(
                where, Rank.NOTICE, f"{key}: {before:g} → {after:g}",
                f"Takes at most {after:g} {what} units a second for {name.english} or an index of "
                f"it ({f'{before:g}' if before < inf else 'no limit'} before); more is refused",
                f"{name.korean}이나 그 인덱스의 {korean}를 초당 {after:g}단위까지만 받습니다"
                f"(지금까지 {f'{before:g}' if before < inf else '제한 없음'}). 넘는 요청은 "
                "거절됩니다",
            )  # fmt: skip


def _numbers(value: Any, key: str) -> Iterator[float]:
    if isinstance(value, list):
        for item in value:
            yield from _numbers(item, key)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name == key and isinstance(item, int | float):
                yield float(item)
            else:
                yield from _numbers(item, key)
