"""Where people live and when they were born, as the keys of the index `by_place`.

The service writes them and match_worker asks by them. Standard library only.
"""

from typing import Final

from cufit_contracts.vocabulary import Gender

PROVINCES: Final = (
    *("서울", "부산", "대구", "인천", "광주", "대전", "울산", "세종", "경기"),
    *("강원", "충북", "충남", "전북", "전남", "경북", "경남", "제주"),
)
"""The 17 시/도 (행정안전부), by their two-syllable names."""

ELSEWHERE: Final = "기타"
"""Stands for every city that is in none of them."""

_LONG_NAMES = {
    "충청북": "충북",
    "충청남": "충남",
    "전라북": "전북",
    "전라남": "전남",
    "경상북": "경북",
    "경상남": "경남",
}


def province(city: str) -> str:
    """Two-syllable name of a 시/도, whether written 서울, 서울시 or 서울특별시; of another city its
    first two syllables."""
    name = city.strip().replace(" ", "")
    return _LONG_NAMES.get(name[:3], name[:2])


def listed_province(city: str) -> str:
    """One of PROVINCES, or ELSEWHERE."""
    found = province(city)
    return found if found in PROVINCES else ELSEWHERE


def place(gender: Gender, listed: str) -> str:
    """Partition key `place`: FEMALE#서울. `listed` is what `listed_province` gives."""
    return f"{gender}#{listed}"


LAST_ID: Final = "~"
"""Sorts behind every candidate's id."""


def born(birth_year: int, candidate_id: str = "") -> str:
    """Sort key `born`: 1997#m_…; without an id, what is before everybody of that year."""
    return f"{birth_year}#{candidate_id}"


def behind(born_: str) -> str:
    """What comes next after that key: every character of an id sorts behind this one."""
    return f"{born_}!"
