"""The seeker as compact JSON for `input.text`, in the vocabulary the team agreed on."""

import hashlib
import json
from datetime import datetime
from typing import Any

from cufit_contracts.plain_text import shortened, utf16_length, without_contacts
from cufit_contracts.vocabulary import age_in_korea
from match_worker.profile import Profile

MAX_QUERY = 1000
"""Characters of RetrieveAndGenerate's input.text (botocore model of bedrock-agent-runtime)."""

_SHORT = 20
"""Characters kept of a city, a district, a job or one hobby."""

_MAX_HOBBIES = 10


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
    def text(written: str, limit: int) -> str:
        return shortened(without_contacts(written, [seeker.name]), limit)

    ideal = seeker.ideal_type
    wishes: dict[str, Any] = {
        "ageRange": {"min": ideal.age_range.min, "max": ideal.age_range.max},
        "mbti": [str(mbti) for mbti in ideal.mbti],
    }
    if ideal.height_range:
        wishes["heightRange"] = {"min": ideal.height_range.min, "max": ideal.height_range.max}
    wishes["freeText"] = text(ideal.free_text, 200)
    return {
        "gender": str(seeker.gender),
        "age": age_in_korea(seeker.birth_year, now),
        "name": pseudonym(recommendation_id),
        "mbti": str(seeker.mbti),
        "city": text(seeker.city, _SHORT),
        "district": text(seeker.district, _SHORT),
        "job": text(seeker.job, _SHORT),
        "hobbies": [text(hobby, _SHORT) for hobby in seeker.hobbies[:_MAX_HOBBIES]],
        "selfIntroduction": text(seeker.self_introduction, 500),
        "idealType": wishes,
    }


def pseudonym(recommendation_id: str) -> str:
    """The same for every attempt, different for every recommendation."""
    return "의뢰인-" + hashlib.sha256(recommendation_id.encode()).hexdigest()[:4]


def _compact(query: dict[str, Any]) -> str:
    return json.dumps(query, ensure_ascii=False, separators=(",", ":"))
