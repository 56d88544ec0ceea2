"""Metadata filter of a retrieval: narrows the search, decides nothing. S3 Vectors ignores what it
does not know, so the hard rules are checked again afterwards."""

from datetime import datetime
from typing import TYPE_CHECKING

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
