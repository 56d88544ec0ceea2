"""State of photos in DynamoDB. Each change is conditional on PENDING, so that it happens once."""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from cufit_contracts.photos import (
    PhotoItem,
    PhotoState,
    RejectionReason,
    image_key,
    quota_key,
    thumbnail_key,
)
from cufit_contracts.stored import read
from photo_processor.ports import CleanPhoto

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource

_STATE = {"#state": "state"}


class DynamodbPhotos:
    def __init__(self, dynamodb: "DynamoDBServiceResource", table_name: str) -> None:
        self._table = dynamodb.Table(table_name)
        # The resource's own client takes and returns Python values.
        self._client = dynamodb.meta.client

    def get(self, photo_id: str) -> PhotoItem | None:
        response = self._table.get_item(Key={"photo_id": photo_id}, ConsistentRead=True)
        item = response.get("Item")
        return None if item is None else read(PhotoItem, item)

    def make_ready(self, photo: PhotoItem, clean: CleanPhoto) -> bool:
        try:
            self._table.update_item(
                Key={"photo_id": photo.photo_id},
                UpdateExpression="SET #state = :ready, #key = :key, thumbnail_key = :thumbnail,"
                " width = :width, height = :height, placeholder = :placeholder,"
                " dominant_colour = :colour",
                ConditionExpression="#state = :pending",
                ExpressionAttributeNames={**_STATE, "#key": "key"},
                ExpressionAttributeValues={
                    ":ready": PhotoState.READY.value,
                    ":pending": PhotoState.PENDING.value,
                    ":key": image_key(photo.photo_id),
                    ":thumbnail": thumbnail_key(photo.photo_id),
                    ":width": clean.width,
                    ":height": clean.height,
                    ":placeholder": clean.placeholder,
                    ":colour": clean.dominant_colour,
                },
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            # Ready by an event that ran beside this one is ready; anything else is gone.
            found = self.get(photo.photo_id)
            return found is not None and found.state is PhotoState.READY
        return True

    def reject(self, photo: PhotoItem, reason: RejectionReason) -> None:
        table = {"TableName": self._table.name}
        rejection = table | _rejection(photo.photo_id, reason)
        changes: list[Any] = [
            {"Update": rejection},
            {"Update": table | _release(photo)},
        ]
        try:
            self._client.transact_write_items(TransactItems=changes)
        except ClientError as error:
            cancelled: Any = error.response.get("CancellationReasons", [])
            failed = [reason.get("Code") == "ConditionalCheckFailed" for reason in cancelled]
            if failed == [False, True]:
                # No place is taken in the quota; the photo must not wait for one.
                self._client.update_item(**rejection)
            elif not any(failed):
                raise


def _rejection(photo_id: str, reason: RejectionReason) -> dict[str, Any]:
    return {
        "Key": {"photo_id": photo_id},
        "UpdateExpression": "SET #state = :rejected, reason = :reason",
        "ConditionExpression": "#state = :pending",
        "ExpressionAttributeNames": _STATE,
        "ExpressionAttributeValues": {
            ":rejected": PhotoState.REJECTED.value,
            ":pending": PhotoState.PENDING.value,
            ":reason": reason.value,
        },
    }


def _release(photo: PhotoItem) -> dict[str, Any]:
    """One place less taken, unless a later membership's are counted by now; `revision` tells
    photo_upload_url that the quota changed."""
    return {
        "Key": {"photo_id": quota_key(photo.candidate_id)},
        "UpdateExpression": "ADD #live :minus_one, revision :one",
        "ConditionExpression": "#live > :zero AND since <= :created",
        "ExpressionAttributeNames": {"#live": "live"},
        "ExpressionAttributeValues": {
            ":minus_one": -1,
            ":one": 1,
            ":zero": 0,
            ":created": photo.created_at,
        },
    }
