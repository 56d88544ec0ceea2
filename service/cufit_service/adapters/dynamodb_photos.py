"""Photos in their table: key `photo_id`; index by_candidate (candidate_id, created_at).

photo_upload_url and photo_processor write the items; the service shows and removes them.
"""

from collections.abc import Sequence

from cufit_service.adapters.dynamodb import Attr, DynamoDb, Values, delete, update
from cufit_service.adapters.instants import instant
from cufit_service.application.ports import Window
from cufit_service.domain.errors import ConcurrentChange
from cufit_service.domain.photo import Photo, PhotoState

LATEST = 50
"""More than a candidate's daily uploads: older leftovers are of no interest."""


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
        return [_photo(item) for item in reversed(items)]

    async def withdraw(self, photo_id: str) -> None:
        try:
            await self._dynamodb.write(
                update(
                    self._table,
                    {"photo_id": photo_id},
                    {"state": PhotoState.REJECTED.value, "reason": "WITHDRAWN"},
                    condition=Attr("photo_id").exists(),
                )
            )
        except ConcurrentChange:
            return

    async def forget(self, photo_id: str) -> None:
        await self._dynamodb.write(delete(self._table, {"photo_id": photo_id}))


def _photo(item: Values) -> Photo:
    return Photo(
        photo_id=item["photo_id"],
        candidate_id=item["candidate_id"],
        state=PhotoState(item["state"]),
        created_at=instant(item["created_at"]),
        reason=item.get("reason"),
        key=item.get("key"),
        thumbnail_key=item.get("thumbnail_key"),
        width=item.get("width"),
        height=item.get("height"),
    )
