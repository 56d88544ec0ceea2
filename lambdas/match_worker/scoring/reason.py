"""The sentence a maker reads: Korean, at most MAX_REASON_CHARACTERS, without contact data."""

import re
from collections.abc import Iterable

from cufit_contracts.profile import NO_WISH
from cufit_contracts.results import MAX_REASON_CHARACTERS, ScorePart
from cufit_text.plain import shortened, without_contacts
from match_worker.profile import Profile

_HANGUL = re.compile("[가-힣]")
_MAX_RAW = 500
"""Characters of a model's reason looked at."""

BY_RULES = "AI 없이 규칙으로만 골랐어요"
UNJUDGED = "AI가 아직 살펴보지 못했어요"
NO_REASON = "AI가 이유를 적지 않았어요"

_FACTS = {
    "distance": "가까운 동네",
    "mbti": "잘 맞는 MBTI",
    "height": "바라는 키",
    "smoking": "맞는 흡연 습관",
    "drinking": "맞는 음주 습관",
    "answers": "만남에 긍정적인 편",
}
"""What a criterion says for somebody who has most of its points, by criterion. Of who has fewer, or
of whom nothing is known, it says nothing: so nothing here speaks against anybody."""

_MOST = 0.8


def cleaned(written: str, names: Iterable[str]) -> str | None:
    """A model's sentence made fit to show, or None when nothing Korean is left of it."""
    sentence = shortened(without_contacts(written[:_MAX_RAW], names), MAX_REASON_CHARACTERS)
    return sentence if _HANGUL.search(sentence) else None


def from_facts(opening: str, seeker: Profile, parts: list[ScorePart], age_gap: int) -> str:
    """`opening`, then what facts speak for the candidate, as many as fit."""
    silent = _without_wish(seeker)
    facts = ["동갑" if age_gap == 0 else f"{age_gap}살 차이"]
    facts += [
        _FACTS[part.criterion]
        for part in parts
        if part.criterion in _FACTS
        and part.criterion not in silent
        and part.points >= _MOST * part.limit
    ]
    while len(sentence := f"{opening}: {', '.join(facts)}") > MAX_REASON_CHARACTERS:
        facts.pop()
    return sentence


def _without_wish(seeker: Profile) -> set[str]:
    """Criteria in which everybody has all points, because the seeker asks for nothing there."""
    ideal = seeker.ideal_type
    silent = {"height"} if ideal.height_range is None else set()
    if ideal.smoking_max == NO_WISH:
        silent.add("smoking")
    if ideal.drinking_max == NO_WISH:
        silent.add("drinking")
    return silent
