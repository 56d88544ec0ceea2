"""A recommendation and the people in it, as an environment's tables have them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cufit_contracts.items import PLACED_ATTRIBUTES, RecommendationItem
from cufit_contracts.stored import Unreadable, read
from cufit_ops.deployed_environment import Deployed
from match_worker.adapters.dynamodb_batch import get_items
from match_worker.profile import Profile

RECOMMENDATION = (
    "recommendation_id", "maker_id", "candidate_id", "status", "created_at", "result", "failure",
)  # fmt: skip

FACTS = tuple(one for one in PLACED_ATTRIBUTES if one not in ("history", "attention"))
"""All that is read of a person: what facts are scored from. No name, phone, job, hobby or
introduction; what was counted is in the result as it was used."""

_NOT_READ = {"job": ""}
"""What a Profile must have beside."""


@dataclass(frozen=True, slots=True)
class Tables:
    dynamodb: Any
    """DynamoDB resource."""
    recommendations: str
    candidates: str

    @classmethod
    def of(cls, deployed: Deployed) -> "Tables":
        """Raises NotDeployedError."""
        return cls(
            deployed.dynamodb(),
            deployed.output("Data", "RecommendationsTableName"),
            deployed.output("Data", "CandidatesTableName"),
        )

    def recommendation(self, recommendation_id: str) -> RecommendationItem | None:
        """Raises Unreadable, which names the attributes at fault."""
        found = self.dynamodb.Table(self.recommendations).get_item(
            Key={"recommendation_id": recommendation_id},
            ConsistentRead=True,
            **_projection(RECOMMENDATION),
        )
        item = found.get("Item")
        return None if item is None else read(RecommendationItem, item)

    def people(self, item: RecommendationItem) -> Mapping[str, Profile | None]:
        """Seeker and candidates by id; None: out of shape. Who left is missing."""
        ranked = item.result.candidates if item.result else ()
        ids = dict.fromkeys([item.candidate_id, *(one.candidate_id for one in ranked)])
        keys = [{"candidate_id": one} for one in ids]
        found = get_items(self.dynamodb, self.candidates, keys, _projection(FACTS))
        return {one["candidate_id"]: _profile(one) for one in found}


def _profile(item: Mapping[str, Any]) -> Profile | None:
    try:
        return read(Profile, _NOT_READ | dict(item))
    except Unreadable:
        return None


def _projection(attributes: Sequence[str]) -> dict[str, Any]:
    names = {f"#{n}": name for n, name in enumerate(attributes)}
    return {"ProjectionExpression": ", ".join(names), "ExpressionAttributeNames": names}
