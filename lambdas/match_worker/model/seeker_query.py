"""The seeker as compact JSON for `input.text`, in the vocabulary the team agreed on."""

import hashlib
import json
from datetime import datetime
from typing import Any

from cufit_contracts.profile import QUESTION
from cufit_contracts.vocabulary import age_in_korea
from cufit_text.plain import shortened, utf16_length
from cufit_text.shown import shown
from match_worker.profile import Profile

MAX_QUERY = 1000
"""Characters of RetrieveAndGenerate's input.text (botocore model of bedrock-agent-runtime)."""

_SHORT = 20
"""Characters kept of any other text than the two long ones."""


def seeker_query(seeker: Profile, recommendation_id: str, now: datetime) -> str:
    """At most MAX_QUERY characters, whatever the profile holds: free texts are shortened first.

    The name is a pseudonym made of the recommendation's id; contact data and the real name are
    redacted from what the seeker wrote.
    """
    query = _fields(seeker, recommendation_id, now)
    ideal = query["idealType"]
    while (excess := utf16_length(_compact(query)) - MAX_QUERY) > 0:
        owner, key = max(
            ((query, "selfIntroduction"), (ideal, "freeText")),
            key=lambda place: utf16_length(place[0][place[1]]),
        )
        length = utf16_length(owner[key])
        if length == 0:
            query["hobbies"].pop()
        else:
            owner[key] = shortened(owner[key], max(0, length - excess))
    return _compact(query)


def _fields(seeker: Profile, recommendation_id: str, now: datetime) -> dict[str, Any]:
    ideal = seeker.ideal_type
    ages = ideal.ages(seeker.birth_year, now)
    wishes: dict[str, Any] = {
        "ageRange": {"min": ages.min, "max": ages.max},
        "mbti": ideal.mbti,
    }
    if ideal.height_range:
        wishes["heightRange"] = {"min": ideal.height_range.min, "max": ideal.height_range.max}
    wishes |= shown(ideal, QUESTION, seeker.name)
    told = {
        name: shortened(value, _SHORT) if _is_short(name, value) else value
        for name, value in shown(seeker, QUESTION, seeker.name).items()
    }
    return {
        "gender": seeker.gender,
        "age": age_in_korea(seeker.birth_year, now),
        "name": pseudonym(recommendation_id),
        **told,
        "idealType": wishes,
    }


def _is_short(name: str, value: Any) -> bool:
    return isinstance(value, str) and name != "selfIntroduction"


def pseudonym(recommendation_id: str) -> str:
    """The same for every attempt, different for every recommendation."""
    return "의뢰인-" + hashlib.sha256(recommendation_id.encode()).hexdigest()[:4]


def _compact(query: dict[str, Any]) -> str:
    return json.dumps(query, ensure_ascii=False, separators=(",", ":"))
