"""Candidates in DynamoDB, reading only what matching may see."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from boto3.dynamodb.conditions import Attr, Key

from cufit_contracts.stored import Unreadable, read
from cufit_contracts.vocabulary import Gender
from match_worker.adapters.dynamodb_batch import get_items
from match_worker.profile import ATTRIBUTES, Profile

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource

BY_GENDER = "by_gender"

_NAMES = {f"#{index}": name for index, name in enumerate(ATTRIBUTES)}
"""Aliases, because some attribute names are reserved words of DynamoDB."""

_PROJECTION: dict[str, Any] = {
    "ProjectionExpression": ", ".join(_NAMES),
    "ExpressionAttributeNames": _NAMES,
}


logger = Logger(child=True)


class DynamodbCandidates:
    def __init__(self, dynamodb: "DynamoDBServiceResource", table_name: str) -> None:
        self._dynamodb = dynamodb
        self._table = dynamodb.Table(table_name)

    def get(self, candidate_id: str) -> Profile | None:
        response = self._table.get_item(
            Key={"candidate_id": candidate_id}, ConsistentRead=True, **_PROJECTION
        )
        item = response.get("Item")
        return None if item is None else read(Profile, item)

    def get_many(self, candidate_ids: Collection[str]) -> Mapping[str, Profile]:
        keys = [{"candidate_id": candidate_id} for candidate_id in candidate_ids]
        items = get_items(self._dynamodb, self._table.name, keys, _PROJECTION)
        return {profile.candidate_id: profile for profile in _readable(items)}

    def born_between(self, gender: Gender, first: int, last: int) -> Iterator[Profile]:
        request: dict[str, Any] = {
            "IndexName": BY_GENDER,
            "Select": "SPECIFIC_ATTRIBUTES",
            "KeyConditionExpression": Key("gender").eq(str(gender)),
            "FilterExpression": Attr("birth_year").between(first, last),
            **_PROJECTION,
        }
        while True:
            page = self._table.query(**request)
            yield from _readable(page["Items"])
            if "LastEvaluatedKey" not in page:
                return
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def _readable(items: Iterable[Mapping[str, Any]]) -> Iterator[Profile]:
    """One item out of shape costs one candidate, not every recommendation."""
    for item in items:
        try:
            yield read(Profile, item)
        except Unreadable:
            extra = {"candidate_id": item.get("candidate_id")}
            logger.exception("candidate unreadable", extra=extra)
