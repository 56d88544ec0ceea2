"""How far apart two people live, by 시/도 and 시/군/구.

The neighbour table follows the land borders of the 17 시/도 in the administrative map of the
Ministry of the Interior and Safety (행정안전부, as of 강원특별자치도 2023 and 전북특별자치도 2024).
인천 borders 서울 and 경기; 제주 borders nobody.
"""

from enum import StrEnum

from cufit_contracts.places import listed_province, province


class Distance(StrEnum):
    SAME_DISTRICT = "same_district"
    SAME_CITY = "same_city"
    NEAR = "near"
    FAR = "far"


_NEIGHBOURS = {
    "서울": {"경기", "인천"},
    "인천": {"서울", "경기"},
    "경기": {"서울", "인천", "강원", "충북", "충남"},
    "강원": {"경기", "충북", "경북"},
    "충북": {"경기", "강원", "충남", "세종", "대전", "전북", "경북"},
    "충남": {"경기", "충북", "세종", "대전", "전북"},
    "세종": {"충북", "충남", "대전"},
    "대전": {"세종", "충남", "충북"},
    "전북": {"충남", "충북", "경북", "경남", "전남"},
    "전남": {"전북", "광주", "경남"},
    "광주": {"전남"},
    "경북": {"강원", "충북", "전북", "경남", "대구", "울산"},
    "대구": {"경북", "경남"},
    "울산": {"경북", "경남", "부산"},
    "부산": {"경남", "울산"},
    "경남": {"부산", "울산", "대구", "경북", "전북", "전남"},
    "제주": set[str](),
}


def distance(one: tuple[str, str], other: tuple[str, str]) -> Distance:
    """Distance of two (city, district); symmetric. A place not in the table is far."""
    here, there = province(one[0]), province(other[0])
    if here and here == there:
        same = one[1].strip() and one[1].strip() == other[1].strip()
        return Distance.SAME_DISTRICT if same else Distance.SAME_CITY
    return Distance.NEAR if there in _NEIGHBOURS.get(here, ()) else Distance.FAR


def nearest(city: str, listed: str) -> Distance:
    """The least distance of `city` and a place in a listed province (cufit_contracts.places)."""
    here = listed_province(city)
    if here == listed:
        return Distance.SAME_DISTRICT
    return Distance.NEAR if listed in _NEIGHBOURS.get(here, ()) else Distance.FAR
