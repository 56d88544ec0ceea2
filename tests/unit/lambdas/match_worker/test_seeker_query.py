"""The seeker's JSON: the agreed vocabulary, never above 1,000 characters, nothing personal."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cufit_text.plain import utf16_length
from match_worker.model.seeker_query import MAX_QUERY, pseudonym, seeker_query
from tests.unit.lambdas.match_worker.people import NOW, RECOMMENDATION_ID, seeker


def query(**changes: Any) -> Any:
    return json.loads(seeker_query(seeker(**changes), RECOMMENDATION_ID, NOW))


def test_the_agreed_shape() -> None:
    assert query() == {
        "gender": "MALE",
        "age": 32,
        "name": pseudonym(RECOMMENDATION_ID),
        "mbti": "INFP",
        "city": "서울특별시",
        "district": "강남구",
        "job": "디자이너",
        "hobbies": ["등산", "영화"],
        "selfIntroduction": "주말마다 산에 가요.",
        "idealType": {
            "ageRange": {"min": 27, "max": 35},
            "mbti": [],
            "freeText": "같이 걷는 사람",
        },
    }


def test_a_height_wish_is_told() -> None:
    ideal = {"age_range": {"min": 27, "max": 35}, "height_range": {"min": 155, "max": 170}}
    assert query(ideal_type=ideal)["idealType"]["heightRange"] == {"min": 155, "max": 170}


def test_name_and_phone_are_not_told_even_when_written_into_free_text() -> None:
    written = seeker_query(
        seeker(self_introduction="박도윤이고 010-1234-5678로 연락 주세요"), RECOMMENDATION_ID, NOW
    )
    assert "박도윤" not in written
    assert "1234" not in written


def test_the_worst_profile_the_service_accepts_fits() -> None:
    worst = seeker(
        hobbies=["😀" * 40] * 10,
        self_introduction='"' * 250 + "😀" * 250,
        job="직" * 200,
        city="시" * 200,
        district="구" * 200,
        ideal_type={
            "age_range": {"min": 19, "max": 99},
            "height_range": {"min": 100, "max": 250},
            "mbti": ["ENFP"] * 16,
            "free_text": "\\" * 200,
        },
    )
    written = seeker_query(worst, RECOMMENDATION_ID, NOW)
    assert utf16_length(written) <= MAX_QUERY
    assert len(json.loads(written)["selfIntroduction"]) > 100, "only as much is cut as needed"


long_text = st.text(max_size=600)


@settings(max_examples=60, deadline=None)
@given(
    introduction=long_text,
    free_text=long_text,
    job=long_text,
    hobbies=st.lists(st.text(max_size=80), max_size=20),
)
def test_any_profile_fits_and_stays_json(
    introduction: str, free_text: str, job: str, hobbies: list[str]
) -> None:
    who = seeker(
        self_introduction=introduction,
        job=job,
        hobbies=hobbies,
        ideal_type={
            "age_range": {"min": 27, "max": 35},
            "mbti": ["ENFP"] * 16,
            "free_text": free_text,
        },
    )
    written = seeker_query(who, RECOMMENDATION_ID, NOW)
    assert utf16_length(written) <= MAX_QUERY
    assert "$" not in written
    assert json.loads(written)["age"] == 32


def test_a_preference_is_told_in_years() -> None:
    who = seeker(ideal_type={"age_preference": "SAME"})
    for year, age in ((2026, 32), (2027, 33)):
        told = json.loads(seeker_query(who, RECOMMENDATION_ID, NOW.replace(year=year)))
        assert told["idealType"]["ageRange"] == {"min": age, "max": age}


def test_the_pseudonym_differs_between_recommendations() -> None:
    assert pseudonym("rec_1") == pseudonym("rec_1") != pseudonym("rec_2")
