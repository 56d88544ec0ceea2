"""Answers to requests with an Idempotency-Key: key `id`, TTL attribute `expiration` (seconds).

The attributes are called as Powertools for AWS Lambda calls them in the same table; its records
and these have different ids.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from cufit_contracts.vocabulary import instant, timestamp
from cufit_service.adapters.dynamodb.database import DynamoDb
from cufit_service.adapters.dynamodb.expressions import Attr, Values
from cufit_service.adapters.dynamodb.writes import delete, next_version, put
from cufit_service.domain.record import Record, Recorded


class DynamoDbRecords:
    def __init__(self, dynamodb: DynamoDb, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    async def find(self, record_id: str) -> Record | None:
        item = await self._dynamodb.get(self._table, {"id": record_id})
        return None if item is None else _record(item)

    async def save(self, record: Record) -> None:
        item = _item(record)
        await self._dynamodb.write(put(self._table, item, next_version(record.version, "id")))

    async def remove(self, record_id: str) -> None:
        await self._dynamodb.write(delete(self._table, {"id": record_id}))

    async def of_member(self, member_id: str) -> Sequence[Record]:
        theirs = Attr("member_id").eq(member_id)
        return [_record(item) for item in await self._dynamodb.scan(self._table, theirs)]


def _item(record: Record) -> Values:
    item: Values = {
        "id": record.record_id,
        "member_id": record.member_id,
        "created_at": timestamp(record.created_at),
        "status": "INPROGRESS",
        "validation": record.fingerprint,
        "reserved_id": record.reserved_id,
        "lease_until": timestamp(record.lease_until),
        "expiration": int(record.expires_at.timestamp()),
        "version": record.version,
    }
    if record.answer is not None:
        answer = record.answer
        data = {"status": answer.status, "headers": dict(answer.headers), "body": answer.body}
        item |= {"status": "COMPLETED", "data": json.dumps(data)}
    return item


def _record(item: Values) -> Record:
    return Record(
        record_id=item["id"],
        member_id=item["member_id"],
        created_at=instant(item["created_at"]),
        fingerprint=item["validation"],
        reserved_id=item["reserved_id"],
        lease_until=instant(item["lease_until"]),
        expires_at=datetime.fromtimestamp(item["expiration"], UTC),
        answer=Recorded(**json.loads(item["data"])) if "data" in item else None,
        version=item["version"],
    )
