"""The sentence a maker reads: Korean, at most MAX_REASON_CHARACTERS, without contact data."""

import re
from collections.abc import Iterable

from cufit_contracts.plain_text import shortened, without_contacts
from cufit_contracts.results import MAX_REASON_CHARACTERS, ScorePart

_HANGUL = re.compile("[가-힣]")
_MAX_RAW = 500
"""Characters of a model's reason looked at."""

BY_RULES = "AI 없이 규칙으로만 골랐어요"
NO_REASON = "AI가 이유를 적지 않았어요"

_FACTS = {
    "distance": "가까이 살아요",
    "mbti": "MBTI가 잘 맞아요",
    "height": "바라는 키예요",
    "smoking": "흡연 습관이 맞아요",
    "drinking": "음주 습관이 맞아요",
}


def cleaned(written: str, names: Iterable[str]) -> str | None:
    """A model's sentence made fit to show, or None when nothing Korean is left of it."""
    sentence = without_contacts(written[:_MAX_RAW], names)
    if not _HANGUL.search(sentence):
        return None
    return shortened(sentence, MAX_REASON_CHARACTERS)


def from_facts(opening: str, parts: list[ScorePart], age_gap: int) -> str:
    """`opening`, then what facts speak for the candidate, as many as fit."""
    facts = ["동갑이에요" if age_gap == 0 else f"{age_gap}살 차이예요"]
    facts += [
        _FACTS[part.criterion]
        for part in parts
        if part.criterion in _FACTS and part.points * 10 >= part.limit * 8
    ]
    while len(sentence := f"{opening}: {', '.join(facts)}.") > MAX_REASON_CHARACTERS:
        facts.pop()
    return sentence
