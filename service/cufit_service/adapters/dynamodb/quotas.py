"""What is counted in a day, in the table whose items expire: an item for each owner and day.

`ids` is the set of what was counted. One UpdateItem asks whether there is room and counts; DynamoDB
makes the updates of an item one after the other, and no transaction has these items, so nobody
conflicts. `expiration` is the table's TTL attribute: two days later nothing is left.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from cufit_contracts.vocabulary import KST
from cufit_service.adapters.dynamodb.database import DynamoDb
from cufit_service.adapters.dynamodb.expressions import Attr, Values
from cufit_service.adapters.dynamodb.writes import delete, update
from cufit_service.domain.quota import KINDS, Counted, Place, Taken, day_of


class DynamoDbQuotas:
    def __init__(self, dynamodb: DynamoDb, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    async def take(self, place: Place, a_day: int) -> Taken | None:
        ids, key = Attr("ids"), quota_key(place.kind, place.owner_id, place.day)
        room = ids.not_exists() | (ids.size_below(a_day) & ids.lacks(place.taken_for))
        unneeded = datetime.combine(place.day + timedelta(days=2), time(), KST)
        values, counted = {"expiration": int(unneeded.timestamp())}, {"ids": {place.taken_for}}
        write = update(self._table, key, values, add=counted, condition=room)
        if await self._dynamodb.write_again_and_again(write):
            return Taken.NEW
        # Also one that had to be sent twice: it is kept, which is the lesser evil.
        item = await self._dynamodb.get(self._table, key)
        return Taken.BEFORE if item and place.taken_for in item.get("ids", ()) else None

    async def give_back(self, place: Place) -> None:
        await self._dynamodb.write_again_and_again(
            update(
                self._table,
                quota_key(place.kind, place.owner_id, place.day),
                {},
                discard={"ids": {place.taken_for}},
                condition=Attr("ids").contains(place.taken_for),
            )
        )

    async def counted(self, owner_id: str, now: datetime) -> Sequence[Counted]:
        found: list[Counted] = []
        for kind in KINDS:
            for day in (day_of(now), day_of(now) - timedelta(days=1)):
                item = await self._dynamodb.get(self._table, quota_key(kind, owner_id, day))
                if item is not None:
                    ids = frozenset(item.get("ids", ()))
                    found.append(Counted(kind, owner_id, day, ids))
        return found

    async def forget(self, counted: Counted) -> None:
        ids = Attr("ids")
        same = ids.eq(set(counted.ids)) if counted.ids else ids.not_exists()
        key = quota_key(counted.kind, counted.owner_id, counted.day)
        await self._dynamodb.try_write(delete(self._table, key, same))


def quota_key(kind: str, owner_id: str, day: date) -> Values:
    """A day has its own item: clocks that disagree at midnight count in two, and reset neither."""
    return {"id": f"quota#{kind}#{owner_id}#{day.isoformat()}"}
