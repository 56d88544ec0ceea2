"""Candidates in DynamoDB, reading only what matching may see."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from boto3.dynamodb.conditions import Key

from cufit_contracts.items import PLACED_ATTRIBUTES
from cufit_contracts.places import behind, place
from cufit_contracts.stored import Unreadable, read
from cufit_contracts.vocabulary import Gender
from match_worker.adapters.dynamodb_batch import get_items
from match_worker.ports import Residents
from match_worker.profile import ATTRIBUTES, Profile

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource

BY_PLACE = "by_place"


def _projection(attributes: Sequence[str]) -> dict[str, Any]:
    """With aliases, because some attribute names are reserved words of DynamoDB."""
    names = {f"#{index}": name for index, name in enumerate(attributes)}
    return {"ProjectionExpression": ", ".join(names), "ExpressionAttributeNames": names}


_WHOLE = _projection(ATTRIBUTES)
_FACTS = _projection(PLACED_ATTRIBUTES)

logger = Logger(child=True)


class DynamodbCandidates:
    def __init__(self, dynamodb: "DynamoDBServiceResource", table_name: str) -> None:
        self._dynamodb = dynamodb
        self._table = dynamodb.Table(table_name)

    def get(self, candidate_id: str) -> Profile | None:
        response = self._table.get_item(
            Key={"candidate_id": candidate_id}, ConsistentRead=True, **_WHOLE
        )
        item = response.get("Item")
        return None if item is None else read(Profile, item)

    def get_many(self, candidate_ids: Collection[str]) -> Mapping[str, Profile]:
        keys = [{"candidate_id": candidate_id} for candidate_id in candidate_ids]
        items = get_items(self._dynamodb, self._table.name, keys, _WHOLE)
        return {profile.candidate_id: profile for profile in _readable(items)}

    def living_in(
        self, gender: Gender, province: str, first: str, last: str, limit: int
    ) -> Residents:
        there = Key("place").eq(place(gender, province))
        page = self._table.query(
            IndexName=BY_PLACE,
            Select="SPECIFIC_ATTRIBUTES",
            KeyConditionExpression=there & Key("born").between(first, last),
            Limit=limit,
            **_FACTS,
        )
        items = page["Items"]
        end = page.get("LastEvaluatedKey")
        after = None if end is None else behind(str(end["born"]))
        people = list(_readable(_UNTOLD | item for item in items))
        return Residents(people, len(items), after if after and after <= last else None)


_UNTOLD = {"job": ""}
"""What a Profile must have and the index does not hold."""


def _readable(items: Iterable[Mapping[str, Any]]) -> Iterator[Profile]:
    """One item out of shape costs one candidate, not every recommendation."""
    for item in items:
        try:
            yield read(Profile, item)
        except Unreadable:
            extra = {"candidate_id": item.get("candidate_id")}
            logger.exception("candidate unreadable", extra=extra)
