"""Recommendations in DynamoDB: every write is one UpdateItem on condition of status PENDING."""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from cufit_contracts.items import RecommendationItem, Step
from cufit_contracts.stored import read, written
from cufit_contracts.vocabulary import RecommendationStatus, timestamp
from match_worker.ports import Outcome

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

_APPEND = "timeline = list_append(if_not_exists(timeline, :empty), :entries)"


class DynamodbRecommendations:
    def __init__(self, table: "Table") -> None:
        self._table = table

    def begin(self, recommendation_id: str, entry: Step) -> RecommendationItem | None:
        item = self._update(recommendation_id, f"SET {_APPEND}", {}, entry)
        return None if item is None else read(RecommendationItem, item)

    def note(self, recommendation_id: str, entry: Step) -> None:
        self._update(recommendation_id, f"SET {_APPEND}", {}, entry)

    def finish(self, recommendation_id: str, outcome: Outcome) -> bool:
        values: dict[str, Any] = {
            ":status": str(outcome.status),
            ":finished_at": timestamp(outcome.finished_at),
        }
        changes = ["#status = :status", "finished_at = :finished_at", _APPEND]
        if outcome.result:
            changes.append("#result = :result")
            values[":result"] = written(outcome.result)
        if outcome.failure:
            changes.append("failure = :failure")
            values[":failure"] = written(outcome.failure)
        names = {"#open": "open"} | ({"#result": "result"} if outcome.result else {})
        expression = f"SET {', '.join(changes)} REMOVE #open"
        item = self._update(recommendation_id, expression, values, outcome.timeline, names)
        return item is not None

    def _update(
        self,
        recommendation_id: str,
        expression: str,
        values: dict[str, Any],
        entry: Step,
        names: dict[str, str] | None = None,
    ) -> dict[str, Any] | None:
        """Attributes after the update; None when the recommendation is not PENDING."""
        try:
            response = self._table.update_item(
                Key={"recommendation_id": recommendation_id},
                UpdateExpression=expression,
                ConditionExpression="#status = :pending",
                ExpressionAttributeNames={"#status": "status", **(names or {})},
                ExpressionAttributeValues={
                    ":pending": str(RecommendationStatus.PENDING),
                    ":empty": [],
                    ":entries": [written(entry)],
                    **values,
                },
                ReturnValues="ALL_NEW",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return None
            raise
        return response["Attributes"]
