"""Photos in their table (cufit_contracts.photos): the functions write the items, the service shows,
arranges and removes them."""

from collections.abc import Sequence

from cufit_contracts.photos import PhotoState, RejectionReason, quota_key
from cufit_contracts.stored import read
from cufit_contracts.vocabulary import timestamp
from cufit_service.adapters.dynamodb.database import DynamoDb
from cufit_service.adapters.dynamodb.expressions import Attr
from cufit_service.adapters.dynamodb.writes import delete, update
from cufit_service.domain.events import MemberLeft
from cufit_service.domain.photo import Photo, in_order

_TAKING_A_PLACE = Attr("state").is_in([PhotoState.PENDING.value, PhotoState.READY.value])
_WITHDRAWN = {"state": PhotoState.REJECTED.value, "reason": RejectionReason.WITHDRAWN.value}


class DynamoDbPhotos:
    def __init__(self, dynamodb: DynamoDb, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    async def of_candidate(self, candidate_id: str) -> Sequence[Photo]:
        owner = ("candidate_id", candidate_id)
        items = await self._dynamodb.oldest(self._table, index="by_candidate", owner=owner)
        return in_order(read(Photo, item) for item in items)

    async def find(self, photo_id: str) -> Photo | None:
        item = await self._dynamodb.get(self._table, {"photo_id": photo_id})
        # A quota is no photo, whatever a client asks for.
        return None if item is None or "state" not in item else read(Photo, item)

    async def everything_of(self, candidate_id: str) -> Sequence[Photo]:
        theirs = Attr("candidate_id").eq(candidate_id)
        return [read(Photo, item) for item in await self._dynamodb.scan(self._table, theirs)]

    async def withdraw(self, photo_id: str) -> None:
        withdrawn = update(
            self._table,
            {"photo_id": photo_id},
            _WITHDRAWN,
            remove=["expires_at_epoch"],
            condition=_TAKING_A_PLACE,
        )
        await self._dynamodb.try_write(withdrawn)

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
