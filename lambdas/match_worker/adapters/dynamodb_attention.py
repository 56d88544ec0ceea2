"""Showings, added to the candidates' own items; nobody waits for them, and they may be missed."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Final

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from cufit_contracts.attention import SHOWN, amount

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

logger = Logger(child=True)

_GONE: Final = "ConditionalCheckFailedException"
_TOO_MANY_DIGITS: Final = "ValidationException"


class DynamodbAttention:
    def __init__(self, table: "Table") -> None:
        self._table = table

    def shown(self, candidate_ids: Collection[str], at: datetime) -> None:
        for candidate_id in candidate_ids:
            try:
                self._add(candidate_id, at)
            except (BotoCoreError, ClientError):
                # The next would wait for the same table.
                logger.exception("showings not counted", extra={"candidate_id": candidate_id})
                return

    def _add(self, candidate_id: str, at: datetime) -> None:
        try:
            self._update(candidate_id, "ADD attention :shown", at)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == _TOO_MANY_DIGITS:  # see cufit_contracts.attention
                self._update(candidate_id, "SET attention = :shown", at)
            elif code != _GONE:
                raise

    def _update(self, candidate_id: str, expression: str, at: datetime) -> None:
        self._table.update_item(
            Key={"candidate_id": candidate_id},
            UpdateExpression=expression,
            ConditionExpression="attribute_exists(candidate_id)",
            ExpressionAttributeValues={":shown": amount(SHOWN, at)},
        )
