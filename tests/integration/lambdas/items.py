"""Items as the service stores them."""

from typing import Any

from cufit_contracts.items import CandidateItem, RecommendationItem
from cufit_contracts.places import born, listed_province, place
from cufit_contracts.stored import read, written

JOINED_AT = "2026-10-31T00:00:00.000Z"


def candidate_item(candidate_id: str, **changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "candidate_id": candidate_id,
        "joined_at": JOINED_AT,
        "maker_id": "m_maker",
        "created_at": "2026-11-01T00:00:00.000Z",
        "updated_at": "2026-11-02T00:00:00.000Z",
        "version": 3,
        "name": "김나나",
        "phone": "010-9876-5432",
        "nickname": "구름",
        "gender": "FEMALE",
        "birth_year": 1996,
        "height_cm": 165,
        "mbti": "ENFJ",
        "city": "서울특별시",
        "district": "강남구",
        "job": "디자이너",
        "hobbies": ["등산", "영화"],
        "smoking": 0,
        "drinking": 1,
        "self_introduction": "주말마다 산에 가요.",
        "ideal_type": {"age_range": {"min": 25, "max": 40}},
    }
    item = read(CandidateItem, fields | changes)
    keys = {
        "place": place(item.gender, listed_province(item.city)),
        "born": born(item.birth_year, candidate_id),
    }
    return written(item) | (keys if item.maker_id and not item.paused else {})


def seeker_item(**changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "name": "박도윤",
        "gender": "MALE",
        "birth_year": 1994,
        "ideal_type": {"age_range": {"min": 27, "max": 35}},
    }
    return candidate_item("m_seeker", **(fields | changes))


def recommendation_item(**changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "recommendation_id": "rec_1",
        "maker_id": "m_maker",
        "candidate_id": "m_seeker",
        "seeker_joined_at": JOINED_AT,
        "status": "PENDING",
        "created_at": "2026-11-22T03:00:00.000Z",
        "timeline": [{"at": "2026-11-22T03:00:00.000Z", "source": "api", "state": "ACCEPTED"}],
    }
    return written(read(RecommendationItem, fields | changes)) | {"open": "1"}
