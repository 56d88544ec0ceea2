"""The people of a drill, their profiles and their picture."""

import io
from functools import cache
from typing import Any

from PIL import Image

from cufit_contracts.identity import member_id_of
from tests.in_memory_aws.settings import ISSUER

MAKERS = ("maker-1", "maker-2")
MEN, WOMEN = ("man-1", "man-2"), ("woman-1", "woman-2")
MAKER_OF = {"man-1": "maker-1", "woman-1": "maker-1", "man-2": "maker-2", "woman-2": "maker-2"}


def member_id(subject: str) -> str:
    return member_id_of(ISSUER, subject)


def profile(subject: str, **changes: Any) -> dict[str, Any]:
    male = subject.startswith("man")
    number = int(subject[-1]) if subject[-1].isdigit() else 0
    return {
        "name": f"합성{number}",
        "phone": f"010-0000-000{number}",
        "nickname": f"산들{number}",
        "gender": "MALE" if male else "FEMALE",
        "birthYear": 1994 + number,
        "heightCm": 178 if male else 165,
        "mbti": "INFJ" if number % 2 else "ENFP",
        "city": "서울",
        "district": "마포구",
        "job": "디자이너",
        "hobbies": ["등산", "영화"] if number % 2 else ["등산", "요리"],
        "smoking": 0,
        "drinking": 1,
        "selfIntroduction": "주말에는 한강을 걷습니다.",
        "idealType": {
            "ageRange": {"min": 20, "max": 45},
            "heightRange": None,
            "mbti": ["ENFP"],
            "smokingMax": 3,
            "drinkingMax": 3,
            "freeText": "다정한 사람",
        },
        **changes,
    }


@cache
def picture() -> bytes:
    """A picture of nobody, as small as one may be."""
    written = io.BytesIO()
    Image.new("RGB", (64, 64), (200, 120, 60)).save(written, "JPEG")
    return written.getvalue()
