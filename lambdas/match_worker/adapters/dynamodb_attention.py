"""Showings, added to the candidates' own items; nobody waits for them, and they may be missed."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from cufit_contracts.attention import SHOWN, amount
from cufit_contracts.vocabulary import timestamp
from match_worker.profile import Profile

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

logger = Logger(child=True)

_GONE: Final = "ConditionalCheckFailedException"
_TOO_MANY_DIGITS: Final = "ValidationException"


class DynamodbAttention:
    def __init__(self, table: "Table") -> None:
        self._table = table

    def shown(self, people: Iterable[Profile], at: datetime) -> None:
        for one in people:
            try:
                self._add(one, at)
            except ClientError:
                logger.exception("showing not counted", extra={"candidate_id": one.candidate_id})
            except BotoCoreError:  # the next would wait for the same answer
                logger.exception("showings not counted", extra={"candidate_id": one.candidate_id})
                return

    def _add(self, one: Profile, at: datetime) -> None:
        try:
            self._update(one, "ADD attention :shown", at)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == _TOO_MANY_DIGITS:  # see cufit_contracts.attention
                self._update(one, "SET attention = :shown", at)
            elif code != _GONE:
                raise

    def _update(self, one: Profile, expression: str, at: datetime) -> None:
        joined_at = timestamp(one.joined_at) if one.joined_at else ""
        self._table.update_item(
            Key={"candidate_id": one.candidate_id},
            UpdateExpression=expression,
            ConditionExpression="joined_at = :joined_at",
            ExpressionAttributeValues={":shown": amount(SHOWN, at), ":joined_at": joined_at},
        )
