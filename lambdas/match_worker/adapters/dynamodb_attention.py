"""Showings, added to the candidates' own items; nobody waits for them, and they may be missed.

That a seeker had somebody shown to their maker on a day is an item of the idempotency table, whose
items expire (`id`, TTL attribute `expiration`). It names nobody, so whoever leaves is not in it.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from cufit_contracts.attention import SHOWN, amount
from cufit_contracts.vocabulary import KST, timestamp
from match_worker.ports import Search
from match_worker.profile import Profile

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

logger = Logger(child=True)

_CONDITION_FAILED: Final = "ConditionalCheckFailedException"
_INVALID: Final = "ValidationException"
_TOO_LARGE: Final = ("significant digits", "Number overflow")
"""In the message when the sum is no number of DynamoDB's, and not the request at fault (captured
from DynamoDB: ExtendDB/extenddb pull request 210)."""


class DynamodbAttention:
    def __init__(self, table: "Table", days: "Table") -> None:
        """`table`: the candidates; `days`: of the items that expire."""
        self._table = table
        self._days = days

    def shown(self, search: Search, people: Iterable[Profile], at: datetime) -> None:
        try:
            if search.is_upgrade or not self._is_first_of_the_day(search.seeker, at):
                return
        except (ClientError, BotoCoreError):
            logger.exception("showings not counted")
            return
        for one in people:
            try:
                self._add(one, at)
            except ClientError:
                logger.exception("showing not counted", extra={"candidate_id": one.candidate_id})
            except BotoCoreError:  # the next would wait for the same answer
                logger.exception("showings not counted", extra={"candidate_id": one.candidate_id})
                return

    def _is_first_of_the_day(self, seeker: Profile, at: datetime) -> bool:
        day = at.astimezone(KST).date()
        whose = f"{seeker.candidate_id}|{seeker.joined_at}|{day}"
        unneeded = datetime.combine(day + timedelta(days=2), time(), KST)
        try:
            self._days.put_item(
                Item={
                    "id": f"shown#{hashlib.sha256(whose.encode()).hexdigest()}",
                    "expiration": int(unneeded.timestamp()),
                },
                ConditionExpression="attribute_not_exists(id)",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == _CONDITION_FAILED:
                return False
            raise
        return True

    def _add(self, one: Profile, at: datetime) -> None:
        try:
            self._update(one, "ADD attention :shown", at)
        except ClientError as error:
            code, message = (error.response["Error"][part] for part in ("Code", "Message"))
            if code == _INVALID and any(said in message for said in _TOO_LARGE):
                # See cufit_contracts.attention.
                self._update(one, "SET attention = :shown", at)
            elif code != _CONDITION_FAILED:
                raise

    def _update(self, one: Profile, expression: str, at: datetime) -> None:
        joined_at = timestamp(one.joined_at) if one.joined_at else ""
        self._table.update_item(
            Key={"candidate_id": one.candidate_id},
            UpdateExpression=expression,
            ConditionExpression="joined_at = :joined_at",
            ExpressionAttributeValues={":shown": amount(SHOWN, at), ":joined_at": joined_at},
        )
