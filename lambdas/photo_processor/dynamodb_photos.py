"""State of photos in DynamoDB. Each change is conditional on PENDING, so that it happens once."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from cufit_contracts.photos import (
    REJECTED_KEPT,
    PhotoItem,
    PhotoState,
    RejectionReason,
    has_expired,
    image_key,
    thumbnail_key,
)
from cufit_contracts.stored import read
from photo_processor.ports import CleanPhoto

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource

_ANY_ATTEMPT = timedelta(days=1)
"""Longer than any attempt runs: `make_ready` compares with a clock it read before. TTL deletes what
expired within five years (DynamoDB developer guide)."""


class DynamodbPhotos:
    def __init__(
        self, dynamodb: "DynamoDBServiceResource", table_name: str, now: Callable[[], datetime]
    ) -> None:
        self._table = dynamodb.Table(table_name)
        self._now = now

    def get(self, photo_id: str) -> PhotoItem | None:
        response = self._table.get_item(Key={"photo_id": photo_id}, ConsistentRead=True)
        if "Item" not in response:
            return None
        photo = read(PhotoItem, response["Item"])
        return None if has_expired(photo.expires_at_epoch, self._now()) else photo

    def make_ready(self, photo: PhotoItem, clean: CleanPhoto) -> bool:
        changed = self._change(
            photo.photo_id,
            "SET #state = :ready, #key = :key, thumbnail_key = :thumbnail,"
            " width = :width, height = :height, placeholder = :placeholder,"
            " dominant_colour = :colour REMOVE expires_at_epoch",
            {
                ":ready": PhotoState.READY.value,
                ":key": image_key(photo.photo_id),
                ":thumbnail": thumbnail_key(photo.photo_id),
                ":width": clean.width,
                ":height": clean.height,
                ":now": int(self._now().timestamp()),
                ":placeholder": clean.placeholder,
                ":colour": clean.dominant_colour,
            },
            condition="#state = :pending AND expires_at_epoch > :now",
            names={"#key": "key"},
        )
        # Ready by an event that ran beside this one is ready; anything else is gone.
        return changed or self._is_ready(photo.photo_id)

    def close(self, photo_id: str) -> bool:
        long_ago = int((self._now() - _ANY_ATTEMPT).timestamp())
        closed = self._change(photo_id, "SET expires_at_epoch = :long_ago", {":long_ago": long_ago})
        return closed or not self._is_ready(photo_id)

    def reject(self, photo: PhotoItem, reason: RejectionReason) -> None:
        self._change(
            photo.photo_id,
            "SET #state = :rejected, reason = :reason, expires_at_epoch = :readable_until",
            {
                ":rejected": PhotoState.REJECTED.value,
                ":reason": reason.value,
                ":readable_until": int((self._now() + REJECTED_KEPT).timestamp()),
            },
        )

    def _is_ready(self, photo_id: str) -> bool:
        found = self.get(photo_id)
        return found is not None and found.state is PhotoState.READY

    def _change(
        self,
        photo_id: str,
        change: str,
        values: Mapping[str, Any],
        condition: str = "#state = :pending",
        names: Mapping[str, str] = MappingProxyType({}),
    ) -> bool:
        """False: the condition does not hold."""
        try:
            self._table.update_item(
                Key={"photo_id": photo_id},
                UpdateExpression=change,
                ConditionExpression=condition,
                ExpressionAttributeNames={"#state": "state", **names},
                ExpressionAttributeValues={":pending": PhotoState.PENDING.value, **values},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return False
        return True
