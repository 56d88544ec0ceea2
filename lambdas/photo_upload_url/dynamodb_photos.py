"""Photos and quotas in one table (cufit_contracts.photos)."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError

from cufit_contracts.photos import PhotoItem, PhotoState, quota_key
from cufit_contracts.stored import read, written
from photo_upload_url.quota import Quota

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource

BY_CANDIDATE = "by_candidate"

_RACES = frozenset({"ConditionalCheckFailed", "TransactionConflict"})


class DynamodbPhotos:
    def __init__(
        self, dynamodb: "DynamoDBServiceResource", table_name: str, members_table: str
    ) -> None:
        self._table = dynamodb.Table(table_name)
        self._members_table = members_table
        # The resource's own client takes and returns Python values.
        self._client = dynamodb.meta.client

    def quota_of(self, candidate_id: str) -> Quota:
        key = {"photo_id": quota_key(candidate_id)}
        return read(Quota, self._table.get_item(Key=key, ConsistentRead=True).get("Item", {}))

    def taking_a_place(self, candidate_id: str, since: str) -> Collection[str]:
        taking = [state.value for state in PhotoState if state.takes_a_place]
        request: dict[str, Any] = {
            "IndexName": BY_CANDIDATE,
            "KeyConditionExpression": Key("candidate_id").eq(candidate_id)
            & Key("created_at").gte(since),
            "FilterExpression": Attr("state").is_in(taking),
        }
        found: list[str] = []
        while True:
            page = self._table.query(**request)
            found += [str(item["photo_id"]) for item in page["Items"]]
            if "LastEvaluatedKey" not in page:
                return found
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def of_ids(self, photo_ids: Collection[str]) -> Sequence[PhotoItem]:
        keys = [{"photo_id": photo_id} for photo_id in sorted(photo_ids)]
        answers = [self._table.get_item(Key=key, ConsistentRead=True) for key in keys]
        return [read(PhotoItem, answer["Item"]) for answer in answers if "Item" in answer]

    def add(
        self, photo: PhotoItem, before: Quota, after: Quota, abandoned: Collection[str]
    ) -> bool:
        actions: list[Any] = [
            self._check_membership(photo.candidate_id, after.since),
            self._put_quota(photo.candidate_id, before, after),
            self._put_photo(photo),
            *(self._delete_abandoned(photo_id) for photo_id in abandoned),
        ]
        try:
            self._client.transact_write_items(TransactItems=actions)
        except ClientError as error:
            if _is_race(error):
                return False
            raise
        return True

    def _check_membership(self, candidate_id: str, since: str) -> dict[str, Any]:
        """Whoever leaves meanwhile gets no photo that nobody would ever forget."""
        return {
            "ConditionCheck": {
                "TableName": self._members_table,
                "Key": {"member_id": candidate_id},
                "ConditionExpression": "joined_at = :since",
                "ExpressionAttributeValues": {":since": since},
            }
        }

    def _put_quota(self, candidate_id: str, before: Quota, after: Quota) -> dict[str, Any]:
        put: dict[str, Any] = {
            "TableName": self._table.name,
            "Item": {"photo_id": quota_key(candidate_id), **written(after)},
        }
        if before.revision:
            put["ConditionExpression"] = "revision = :read"
            put["ExpressionAttributeValues"] = {":read": before.revision}
        else:
            put["ConditionExpression"] = "attribute_not_exists(photo_id)"
        return {"Put": put}

    def _put_photo(self, photo: PhotoItem) -> dict[str, Any]:
        return {
            "Put": {
                "TableName": self._table.name,
                "Item": written(photo),
                "ConditionExpression": "attribute_not_exists(photo_id)",
            }
        }

    def _delete_abandoned(self, photo_id: str) -> dict[str, Any]:
        return {
            "Delete": {
                "TableName": self._table.name,
                "Key": {"photo_id": photo_id},
                "ConditionExpression": "#state = :pending",
                "ExpressionAttributeNames": {"#state": "state"},
                "ExpressionAttributeValues": {":pending": PhotoState.PENDING.value},
            }
        }


def _is_race(error: ClientError) -> bool:
    reasons: list[dict[str, Any]] = error.response.get("CancellationReasons", [])  # type: ignore[assignment]
    return any(reason.get("Code") in _RACES for reason in reasons)
