"""Forty synthetic candidates. Nobody here exists: every profile is drawn from the lists below."""

import random
from dataclasses import dataclass
from typing import Any

from cufit_contracts.vocabulary import Mbti

SEED = 2026
MAKERS = ("maker-1", "maker-2")
CANDIDATES = 40
NEWEST_ADULT_BIRTH_YEAR = 2001
"""25 and older in 2026, so that the demo's ages stay legal for years."""

_MBTI = tuple(map(str, Mbti))
_PLACES = {
    "서울": ("마포구", "성동구", "강남구", "관악구", "송파구", "은평구"),
    "경기": ("성남시", "수원시", "고양시", "용인시"),
    "인천": ("연수구", "부평구"),
    "대전": ("유성구", "서구"),
    "부산": ("해운대구", "수영구"),
}
_JOBS = ("초등교사", "간호사", "백엔드 개발자", "디자이너", "공무원", "약사", "마케터", "연구원",
         "회계사", "물리치료사", "편집자", "건축설계사")  # fmt: skip
_HOBBIES = ("등산", "클라이밍", "러닝", "요리", "베이킹", "독서", "영화", "전시회", "캠핑",
            "보드게임", "사진", "수영", "기타 연주", "여행", "식물 키우기", "테니스",
            "카페 투어", "자전거")  # fmt: skip
_VALUES = (
    "약속을 잘 지키는 사람이 좋아요",
    "서로의 시간을 존중하는 관계를 원해요",
    "작은 일에도 고마움을 표현하려고 해요",
    "솔직하게 대화로 푸는 편이에요",
    "가족과 자주 연락하며 지내요",
    "꾸준히 배우고 성장하는 걸 중요하게 생각해요",
)
_WEEKENDS = (
    "주말에는 {0} 아니면 {1}에 빠져 지내요",
    "요즘은 {0}에 푹 빠져 있고, {1}도 오래 해 왔어요",
    "쉬는 날이면 {0}, 그리고 저녁에는 {1}에 시간을 써요",
)
_WISHES = (
    "대화가 잘 통하는 분",
    "다정하고 배려심 있는 분",
    "함께 운동할 수 있는 분",
    "유머가 통하는 분",
)
_SYLLABLES = "하서도민유지온별솔담결은로율봄새"


@dataclass(frozen=True)
class Person:
    """A candidate's name for tokens (`candidate-07`) and the profile they save."""

    name: str
    maker: str
    profile: dict[str, Any]


def people() -> list[Person]:
    """The same forty every time: half men, half women, half of each maker's."""
    draw = random.Random(SEED)  # noqa: S311  # sample data, not a secret
    nicknames = draw.sample([a + b for a in _SYLLABLES for b in _SYLLABLES if a != b], CANDIDATES)
    return [
        Person(
            name=f"candidate-{number:02}",
            maker=MAKERS[(number - 1) // 2 % len(MAKERS)],
            profile=_profile(draw, number, nicknames[number - 1]),
        )
        for number in range(1, CANDIDATES + 1)
    ]


def _profile(draw: random.Random, number: int, nickname: str) -> dict[str, Any]:
    male = number % 2 == 1
    city = draw.choice(list(_PLACES))
    hobbies = draw.sample(_HOBBIES, draw.randint(2, 5))
    birth_year = draw.randint(NEWEST_ADULT_BIRTH_YEAR - 14, NEWEST_ADULT_BIRTH_YEAR)
    age = 2026 - birth_year
    height = draw.randint(168, 187) if male else draw.randint(155, 174)
    weekend = draw.choice(_WEEKENDS).format(hobbies[0], hobbies[1])
    return {
        "name": f"합성{number:02}",
        "phone": f"010-0000-{number:04}",
        "nickname": nickname,
        "gender": "MALE" if male else "FEMALE",
        "birthYear": birth_year,
        "heightCm": height,
        "mbti": draw.choice(_MBTI),
        "city": city,
        "district": draw.choice(_PLACES[city]),
        "job": draw.choice(_JOBS),
        "hobbies": hobbies,
        "smoking": draw.choice((0, 0, 0, 1, 3)),
        "drinking": draw.choice((0, 1, 1, 2, 3)),
        "selfIntroduction": f"{weekend}. {draw.choice(_VALUES)}.",
        "idealType": {
            "ageRange": {"min": max(19, age - draw.randint(3, 8)), "max": age + draw.randint(3, 8)},
            "heightRange": None if draw.random() < 0.6 else _heights(male),
            "mbti": draw.sample(_MBTI, draw.choice((0, 0, 2, 4))),
            "smokingMax": draw.choice((0, 1, 3)),
            "drinkingMax": draw.choice((1, 2, 3)),
            "freeText": draw.choice(_WISHES),
        },
    }


def _heights(male: bool) -> dict[str, int]:
    return {"min": 155, "max": 175} if male else {"min": 170, "max": 190}
