"""What DynamoDB refuses of a table that stays."""

from collections.abc import Iterator
from typing import Any

from cufit_ops.review.findings import Sentence
from cufit_ops.review.names import TABLE_KINDS, address, named
from cufit_ops.review.refused.refusal import Refusal
from cufit_ops.review.replacement import Template


def refusals(stack: str, base: Template, head: Template) -> Iterator[Refusal]:
    before, after = base.get("Resources", {}), head.get("Resources", {})
    for logical_id in (id_ for id_ in after if id_ in before):
        old, new = before[logical_id], after[logical_id]
        if old["Type"] != new["Type"] or new["Type"] not in TABLE_KINDS:
            continue
        old, new = old.get("Properties", {}), new.get("Properties", {})
        if old == new or old.get("KeySchema") != new.get("KeySchema"):
            continue  # the same, or another table
        where, table = address(stack, logical_id), named(after[logical_id], logical_id)
        for reason in (*_indexes(table, old, new), *_rows_end(table, old, new), *_keys(table, new)):
            yield Refusal(where, reason)


def _indexes(table: Sentence, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Sentence]:
    """DynamoDB adds or deletes one index of a table at a time, and changes the keys of none."""
    before, after = _indexes_of(old), _indexes_of(new)
    if len(moved := sorted(before.keys() ^ after.keys())) > 1:
        yield Sentence(
            f"{table.english} gets or loses {len(moved)} indexes at once ({', '.join(moved)}); "
            "one in a deployment",
            f"{table.korean}의 인덱스가 한 번에 {len(moved)}개 바뀝니다({', '.join(moved)}). "
            "배포마다 하나씩만 바꿀 수 있습니다",
        )
    for name in sorted(before.keys() & after.keys()):
        if before[name] != after[name]:
            yield Sentence(
                f"index {name} of {table.english} gets other keys or another projection; give the "
                "new one another name",
                f"{table.korean}의 인덱스 {name}의 키나 담는 속성이 바뀝니다. 새 인덱스에는 다른 "
                "이름을 주세요",
            )


def _indexes_of(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        str(index.get("IndexName")): (index.get("KeySchema"), index.get("Projection"))
        for index in properties.get("GlobalSecondaryIndexes", [])
    }


def _rows_end(table: Sentence, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Sentence]:
    """CloudFormation, AWS::DynamoDB::GlobalTable TimeToLiveSpecification: to change the attribute,
    disable it first (2026-11)."""
    before, after = (side.get("TimeToLiveSpecification") or {} for side in (old, new))
    names = [side.get("AttributeName") for side in (before, after)]
    if before.get("Enabled") and after.get("Enabled") and names[0] != names[1]:
        yield Sentence(
            f"{table.english} ends its rows by {names[1]} instead of {names[0]}; deploy first "
            "without any, then with the new one",
            f"{table.korean}의 행이 지워지는 기준이 {names[0]}에서 {names[1]}(으)로 바뀝니다. 먼저 "
            "기준을 없애 "
            "배포하고, 그다음에 새 기준을 넣으세요",
        )


def _keys(table: Sentence, new: dict[str, Any]) -> Iterator[Sentence]:
    """Attributes of keys are defined, and no others (DynamoDB API reference, CreateTable)."""
    defined = {one.get("AttributeName") for one in new.get("AttributeDefinitions", [])}
    schemas = [new, *new.get("GlobalSecondaryIndexes", []), *new.get("LocalSecondaryIndexes", [])]
    keys = [key for one in schemas for key in one.get("KeySchema", []) if isinstance(key, dict)]
    used = {key.get("AttributeName") for key in keys}
    if defined and used and defined != used:
        differing = ", ".join(sorted(str(name) for name in defined ^ used))
        yield Sentence(
            f"AttributeDefinitions of {table.english} are not the attributes of its keys and "
            f"indexes ({differing})",
            f"{table.korean}의 AttributeDefinitions가 키와 인덱스의 속성과 다릅니다({differing})",
        )
