"""How two MBTI types are held to fit where a seeker wishes for no type in particular.

This is convention, not science: the pairs are the "최고의 궁합" of the MBTI 궁합표 that circulates
in Korea, and below them the shared second letter (S/N, how one takes in the world), which the
Myers-Briggs literature names as what makes two people understand each other. Hence few points.
"""

from enum import StrEnum

from cufit_contracts.vocabulary import Mbti


class Affinity(StrEnum):
    BEST = "best"
    ALIKE = "alike"
    OTHER = "other"


_BEST_PARTNERS = {
    Mbti.INFP: (Mbti.ENFJ, Mbti.ENTJ),
    Mbti.ENFP: (Mbti.INFJ, Mbti.INTJ),
    Mbti.ENTP: (Mbti.INFJ, Mbti.INTJ),
    Mbti.INTP: (Mbti.ENTJ, Mbti.ESTJ),
    Mbti.ISFP: (Mbti.ENFJ, Mbti.ESFJ, Mbti.ESTJ),
    Mbti.ESFP: (Mbti.ISFJ, Mbti.ISTJ),
    Mbti.ISTP: (Mbti.ESFJ, Mbti.ESTJ),
    Mbti.ESTP: (Mbti.ISFJ, Mbti.ISTJ),
}
"""Keys are the P types, partners the J types, so that each pair stands once."""

_BEST = frozenset(frozenset((p, j)) for p, partners in _BEST_PARTNERS.items() for j in partners)


def affinity(one: Mbti, other: Mbti) -> Affinity:
    """Symmetric."""
    if frozenset((one, other)) in _BEST:
        return Affinity.BEST
    return Affinity.ALIKE if one[1] == other[1] else Affinity.OTHER
