"""Photos in their table (cufit_contracts.photos): the functions write the items, the service shows,
arranges and removes them."""

from collections.abc import Sequence

from cufit_contracts.photos import PhotoState, RejectionReason, quota_key
from cufit_contracts.stored import read
from cufit_service.adapters.dynamodb.database import Attr, DynamoDb, Write, delete, update
from cufit_service.application.ports import Window
from cufit_service.domain.errors import ConcurrentChange, Unavailable
from cufit_service.domain.photo import Photo, in_order

LATEST = 50
"""More than a candidate's daily uploads: older leftovers are of no interest."""

ATTEMPTS = 3

_TAKING_A_PLACE = Attr("state").is_in([PhotoState.PENDING.value, PhotoState.READY.value])
_WITHDRAWN = {"state": PhotoState.REJECTED.value, "reason": RejectionReason.WITHDRAWN.value}


class DynamoDbPhotos:
    def __init__(self, dynamodb: DynamoDb, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    async def of_candidate(self, candidate_id: str) -> Sequence[Photo]:
        items, _ = await self._dynamodb.newest(
            self._table,
            index="by_candidate",
            owner=("candidate_id", candidate_id),
            key_name="photo_id",
            window=Window(LATEST),
        )
        return in_order(read(Photo, item) for item in items)

    async def withdraw(self, photo: Photo) -> None:
        withdrawn = update(
            self._table, {"photo_id": photo.photo_id}, _WITHDRAWN, condition=_TAKING_A_PLACE
        )
        for _ in range(ATTEMPTS):
            if not await self._takes_a_place(photo):
                return
            try:
                if await self._has_places(photo.candidate_id):
                    freed = _one_place_less(self._table, photo.candidate_id)
                    await self._dynamodb.write_together(withdrawn, freed)
                else:
                    await self._dynamodb.write(withdrawn)
            except ConcurrentChange:
                continue
            return
        raise Unavailable

    async def _takes_a_place(self, photo: Photo) -> bool:
        item = await self._dynamodb.get(self._table, {"photo_id": photo.photo_id})
        return item is not None and read(Photo, item).state.takes_a_place

    async def _has_places(self, candidate_id: str) -> bool:
        quota = await self._dynamodb.get(self._table, {"photo_id": quota_key(candidate_id)})
        return quota is not None and quota.get("live", 0) > 0

    async def place(self, photo_id: str, position: int) -> None:
        key = {"photo_id": photo_id}
        there = Attr("photo_id").exists()
        place = update(self._table, key, {"position": position}, condition=there)
        await self._dynamodb.try_write(place)

    async def forget(self, photo_id: str) -> None:
        await self._dynamodb.write(delete(self._table, {"photo_id": photo_id}))


def _one_place_less(table: str, candidate_id: str) -> Write:
    return {
        "Update": {
            "TableName": table,
            "Key": {"photo_id": {"S": quota_key(candidate_id)}},
            "UpdateExpression": "ADD #live :less, revision :one",
            "ConditionExpression": "#live > :zero",
            "ExpressionAttributeNames": {"#live": "live"},
            "ExpressionAttributeValues": {
                ":less": {"N": "-1"},
                ":one": {"N": "1"},
                ":zero": {"N": "0"},
            },
        }
    }
