"""The index's view of the candidates table: what a document is made of, and three attributes of
its own (`index_state`, `index_version`, `index_reason`). The phone is neither asked for nor
returned: the function's permission ends before it."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from cufit_contracts.items import INDEXED_ATTRIBUTES, IndexedItem
from cufit_contracts.stored import Unreadable, read
from cufit_contracts.vocabulary import IndexState
from profile_indexer.ports import Marking

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource

MAX_REASON = 200
"""Characters kept of a failure's reason."""


_NAMES = {f"#{number}": name for number, name in enumerate(INDEXED_ATTRIBUTES)}
"""Aliases, because some attribute names are reserved words of DynamoDB."""


class TableOverloaded(RuntimeError):
    """DynamoDB left keys unread; the messages are delivered again later."""


class DynamodbIndexedCandidates:
    def __init__(self, dynamodb: "DynamoDBServiceResource", table_name: str) -> None:
        self._dynamodb = dynamodb
        self._table = dynamodb.Table(table_name)

    def get_many(self, candidate_ids: Collection[str]) -> Mapping[str, IndexedItem | None]:
        """At most 100 at a time (a batch of SQS has 10)."""
        items = self._items(candidate_ids, _NAMES)
        return {str(item["candidate_id"]): _read(item) for item in items}

    def mark(self, item: IndexedItem, state: IndexState, reason: str | None = None) -> Marking:
        expression = "SET index_state = :state, index_version = :version"
        values: dict[str, Any] = {
            ":state": str(state),
            ":version": item.version,
            ":since": item.joined_at,
        }
        if reason:
            expression += ", index_reason = :reason"
            values[":reason"] = reason[:MAX_REASON]
        else:
            expression += " REMOVE index_reason"
        try:
            self._table.update_item(
                Key={"candidate_id": item.candidate_id},
                UpdateExpression=expression,
                ConditionExpression="version = :version AND joined_at = :since",
                ExpressionAttributeValues=values,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            # DynamoDB would tell by returning the item: all of it.
            there = self._items([item.candidate_id], {"#0": "candidate_id"})
            return Marking.OUTRUN if there else Marking.GONE
        return Marking.DONE

    def reopen(self, candidate_id: str) -> None:
        try:
            self._table.update_item(
                Key={"candidate_id": candidate_id},
                UpdateExpression="SET index_state = :state, index_version = :none",
                ConditionExpression="attribute_exists(candidate_id)",
                ExpressionAttributeValues={":state": str(IndexState.PENDING), ":none": 0},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise

    def _items(
        self, candidate_ids: Collection[str], names: Mapping[str, str]
    ) -> list[dict[str, Any]]:
        request: Any = {
            "Keys": [{"candidate_id": candidate_id} for candidate_id in candidate_ids],
            "ConsistentRead": True,
            "ProjectionExpression": ", ".join(names),
            "ExpressionAttributeNames": names,
        }
        response = self._dynamodb.batch_get_item(RequestItems={self._table.name: request})
        if response.get("UnprocessedKeys"):
            raise TableOverloaded(self._table.name)
        return response["Responses"][self._table.name]


def _read(item: dict[str, Any]) -> IndexedItem | None:
    try:
        return read(IndexedItem, item)
    except Unreadable:
        return None
