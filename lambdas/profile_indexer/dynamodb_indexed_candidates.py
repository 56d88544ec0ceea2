"""The index's view of the candidates table: what a document is made of, and three attributes of
its own (`index_state`, `index_version`, `index_reason`)."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from cufit_contracts.items import CandidateItem
from cufit_contracts.stored import Unreadable, read
from cufit_contracts.vocabulary import IndexState
from profile_indexer.ports import Marking

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource

MAX_REASON = 200
"""Characters kept of a failure's reason."""


class TableOverloaded(RuntimeError):
    """DynamoDB left keys unread; the messages are delivered again later."""


class DynamodbIndexedCandidates:
    def __init__(self, dynamodb: "DynamoDBServiceResource", table_name: str) -> None:
        self._dynamodb = dynamodb
        self._table = dynamodb.Table(table_name)

    def get_many(self, candidate_ids: Collection[str]) -> Mapping[str, CandidateItem | None]:
        """At most 100 at a time (a batch of SQS has 10)."""
        keys = [{"candidate_id": candidate_id} for candidate_id in candidate_ids]
        response = self._dynamodb.batch_get_item(
            RequestItems={self._table.name: {"Keys": keys, "ConsistentRead": True}}
        )
        if response.get("UnprocessedKeys"):
            raise TableOverloaded(self._table.name)
        items = response["Responses"][self._table.name]
        return {str(item["candidate_id"]): _read(item) for item in items}

    def mark(
        self, candidate_id: str, version: int, state: IndexState, reason: str | None = None
    ) -> Marking:
        expression = "SET index_state = :state, index_version = :version"
        values: dict[str, Any] = {":state": str(state), ":version": version}
        if reason:
            expression += ", index_reason = :reason"
            values[":reason"] = reason[:MAX_REASON]
        else:
            expression += " REMOVE index_reason"
        try:
            self._table.update_item(
                Key={"candidate_id": candidate_id},
                UpdateExpression=expression,
                ConditionExpression="version = :version",
                ExpressionAttributeValues=values,
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return Marking.OUTRUN if error.response.get("Item") else Marking.GONE
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


def _read(item: dict[str, Any]) -> CandidateItem | None:
    try:
        return read(CandidateItem, item)
    except Unreadable:
        return None
