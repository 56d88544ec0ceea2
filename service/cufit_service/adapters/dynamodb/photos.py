"""Photos in their table (cufit_contracts.photos): the functions write the items, the service shows,
arranges and removes them."""

from collections.abc import Sequence

from cufit_contracts.photos import PhotoState, RejectionReason, quota_key
from cufit_contracts.stored import read
from cufit_contracts.vocabulary import timestamp
from cufit_service.adapters.dynamodb.database import DynamoDb
from cufit_service.adapters.dynamodb.expressions import Attr
from cufit_service.adapters.dynamodb.writes import Write, delete, update
from cufit_service.domain.errors import ConcurrentChange, Unavailable
from cufit_service.domain.events import MemberLeft
from cufit_service.domain.photo import Photo, in_order

REJECTED_SHOWN = 50
"""The newest; more than a candidate's daily uploads, and why older ones failed is of no interest.
Those that take a place are few (photos.per_candidate)."""

ATTEMPTS = 3

_TAKING_A_PLACE = Attr("state").is_in([PhotoState.PENDING.value, PhotoState.READY.value])
_WITHDRAWN = {"state": PhotoState.REJECTED.value, "reason": RejectionReason.WITHDRAWN.value}


class DynamoDbPhotos:
    def __init__(self, dynamodb: DynamoDb, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    async def of_candidate(self, candidate_id: str) -> Sequence[Photo]:
        owner = ("candidate_id", candidate_id)
        items = await self._dynamodb.oldest(self._table, index="by_candidate", owner=owner)
        photos = [read(Photo, item) for item in items]
        rejected = [photo for photo in photos if not photo.state.takes_a_place]
        return in_order(
            [*(photo for photo in photos if photo.state.takes_a_place), *rejected[-REJECTED_SHOWN:]]
        )

    async def find(self, photo_id: str) -> Photo | None:
        item = await self._dynamodb.get(self._table, {"photo_id": photo_id})
        # A quota is no photo, whatever a client asks for.
        return None if item is None or "state" not in item else read(Photo, item)

    async def everything_of(self, candidate_id: str) -> Sequence[Photo]:
        theirs = Attr("candidate_id").eq(candidate_id)
        return [read(Photo, item) for item in await self._dynamodb.scan(self._table, theirs)]

    async def withdraw(self, photo: Photo) -> None:
        withdrawn = update(
            self._table, {"photo_id": photo.photo_id}, _WITHDRAWN, condition=_TAKING_A_PLACE
        )
        for _ in range(ATTEMPTS):
            if not await self._takes_a_place(photo):
                return
            try:
                if await self._is_counted(photo):
                    freed = _one_place_less(self._table, photo)
                    await self._dynamodb.write_together(withdrawn, freed)
                else:
                    await self._dynamodb.write(withdrawn)
            except ConcurrentChange:
                continue
            return
        raise Unavailable

    async def _takes_a_place(self, photo: Photo) -> bool:
        found = await self.find(photo.photo_id)
        return found is not None and found.state.takes_a_place

    async def _is_counted(self, photo: Photo) -> bool:
        """Not in the quota of a membership that began after it."""
        key = {"photo_id": quota_key(photo.candidate_id)}
        quota = await self._dynamodb.get(self._table, key)
        return (
            quota is not None
            and quota["live"] > 0
            and quota["since"] <= timestamp(photo.created_at)
        )

    async def place(self, photo_id: str, position: int) -> None:
        key = {"photo_id": photo_id}
        there = Attr("photo_id").exists()
        place = update(self._table, key, {"position": position}, condition=there)
        await self._dynamodb.try_write(place)

    async def forget(self, photo_id: str) -> None:
        await self._dynamodb.write(delete(self._table, {"photo_id": photo_id}))

    async def forget_quota(self, left: MemberLeft) -> None:
        key = {"photo_id": quota_key(left.member_id)}
        theirs = Attr("since").eq(timestamp(left.joined_at))
        await self._dynamodb.try_write(delete(self._table, key, theirs))


def _one_place_less(table: str, photo: Photo) -> Write:
    return {
        "Update": {
            "TableName": table,
            "Key": {"photo_id": {"S": quota_key(photo.candidate_id)}},
            "UpdateExpression": "ADD #live :less, revision :one",
            "ConditionExpression": "#live > :zero AND #since <= :created",
            "ExpressionAttributeNames": {"#live": "live", "#since": "since"},
            "ExpressionAttributeValues": {
                ":less": {"N": "-1"},
                ":one": {"N": "1"},
                ":zero": {"N": "0"},
                ":created": {"S": timestamp(photo.created_at)},
            },
        }
    }
