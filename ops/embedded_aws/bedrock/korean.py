"""Korean particles after a word, and what a self-introduction talks about."""

from functools import lru_cache

from embedded_aws.bedrock.retrieval import words

_FIRST, _LAST = 0xAC00, 0xD7A3  # 가 … 힣, in blocks of 28 per final consonant
_FINALS = 28

THEMES = {
    "가족": ("가족", "부모", "형제", "자매", "조카"),
    "대화": ("대화", "소통", "이야기", "경청"),
    "배려": ("배려", "다정", "따뜻", "친절", "상냥"),
    "존중": ("존중", "이해심", "인정"),
    "신뢰": ("신뢰", "믿음", "약속", "성실", "책임", "한결"),
    "솔직함": ("솔직", "진솔", "정직", "진심"),
    "감사하는 마음": ("감사", "고마"),
    "유머": ("유머", "웃", "농담", "재미", "유쾌"),
    "성장": ("성장", "배우", "배움", "공부", "도전", "자기계발"),
    "여유": ("여유", "느긋", "산책", "조용", "차분", "평온"),
    "운동": ("운동", "헬스", "러닝", "달리기", "등산", "클라이밍", "수영", "테니스", "자전거"),
    "여행": ("여행", "해외", "배낭", "드라이브"),
    "자연": ("자연", "바다", "캠핑", "식물", "숲"),
    "요리": ("요리", "베이킹", "맛집", "음식"),
    "책": ("책", "독서", "서점", "글쓰기"),
    "음악": ("음악", "노래", "기타", "피아노", "공연", "콘서트"),
    "영화": ("영화", "드라마", "극장"),
    "전시": ("전시", "미술", "그림", "사진", "박물관"),
    "커피": ("커피", "카페"),
    "반려동물": ("반려", "강아지", "고양이"),
    "미래 계획": ("미래", "결혼", "계획", "목표"),
    "건강": ("건강", "금연", "식단"),
    "봉사": ("봉사", "나눔", "기부"),
}
"""What people write about themselves and wish for, by how a reason names it, and the stems that
begin the words for it. Korean inflects at the end of a word, so its beginning is compared."""


@lru_cache(maxsize=8192)
def themes(text: str) -> tuple[str, ...]:
    """Themes of `text`, in the order of the table."""
    said = words(text)
    return tuple(
        theme for theme, stems in THEMES.items() if any(word.startswith(stems) for word in said)
    )


def with_particle(word: str, after_consonant: str, after_vowel: str) -> str:
    """`word` with the particle its last syllable asks for: 등산 → 등산을, 영화 → 영화를."""
    last = ord(word[-1])
    has_final = _FIRST <= last <= _LAST and (last - _FIRST) % _FINALS != 0
    return word + (after_consonant if has_final else after_vowel)


def listed(items: list[str]) -> str:
    """등산, 영화와 독서 — the last two joined by 과/와."""
    if len(items) < 2:
        return "".join(items)
    return ", ".join([*items[:-2], f"{with_particle(items[-2], '과', '와')} {items[-1]}"])
