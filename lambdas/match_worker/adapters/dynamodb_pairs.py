"""Past and present pairs in the matches table, by pair id."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from cufit_contracts.vocabulary import pair_id
from match_worker.adapters.dynamodb_batch import get_items

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource

_PROJECTION: dict[str, Any] = {"ProjectionExpression": "pair_id"}


class DynamodbPairs:
    def __init__(self, dynamodb: "DynamoDBServiceResource", table_name: str) -> None:
        self._dynamodb = dynamodb
        self._table_name = table_name

    def taken(self, seeker_id: str, candidate_ids: Collection[str]) -> set[str]:
        """Those who were blocked from, or ever suggested to, the seeker: a pair is suggested once,
        so recommending it again would lead to a refusal."""
        candidate_of = {pair_id(seeker_id, other): other for other in candidate_ids}
        keys = [{"pair_id": pair} for pair in candidate_of]
        items = get_items(self._dynamodb, self._table_name, keys, _PROJECTION)
        return {candidate_of[str(item["pair_id"])] for item in items}
