"""Metadata filters of a retrieval: they narrow the search and decide nothing. S3 Vectors ignores
what it does not know, so whoever is found is held against the shortlist or the hard rules."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from match_worker.profile import Profile
from match_worker.scoring.hard_rules import acceptable_birth_years

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agent_runtime.type_defs import RetrievalFilterTypeDef


def eligible_documents(seeker: Profile, now: datetime) -> "RetrievalFilterTypeDef":
    """Documents of people the seeker may meet, by the keys profile_indexer writes."""
    first, last = acceptable_birth_years(seeker, now)
    return {
        "andAll": [
            {"equals": {"key": "gender", "value": str(seeker.gender.other)}},
            {"greaterThanOrEquals": {"key": "birth_year", "value": first}},
            {"lessThanOrEquals": {"key": "birth_year", "value": last}},
            {"equals": {"key": "paused", "value": False}},
        ]
    }


def named_documents(candidate_ids: Sequence[str]) -> "RetrievalFilterTypeDef":
    """Documents of these people, 1 to 100: an index takes at most 100 constraints in a filter, and
    each value may count as one (S3 user guide, index mode)."""
    ids: Any = list(candidate_ids)  # a document in botocore's model, which the stubs narrow
    return {"in": {"key": "candidate_id", "value": ids}}
