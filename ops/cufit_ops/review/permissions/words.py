"""Small pieces of both languages."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from cufit_ops.review.names import with_particle

_MOST = 3
_CAPITALS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True)
class Words:
    """A noun in both languages; the Korean one ends in Hangul, for the particle behind it."""

    english: str
    korean: str

    @property
    def subject(self) -> str:
        """With 이 or 가."""
        if self.korean.endswith("누구나"):
            return self.korean
        return with_particle(self.korean, "이/가")

    @property
    def object(self) -> str:
        """With 을 or 를."""
        return with_particle(self.korean, "을/를")


def spaced(name: str) -> str:
    """`MatchRequestsQueue` → `match requests queue`."""
    return _CAPITALS.sub(" ", name).replace("_", " ").lower()


def both(words: Iterable[str]) -> str:
    """`a, b and c`."""
    said = list(dict.fromkeys(words))
    return " and ".join(filter(None, [", ".join(said[:-1]), *said[-1:]]))


def counted(things: int) -> str:
    """`1 thing`, `2 things`."""
    return f"{things} thing{'s' if things > 1 else ''}"


def in_korean(words: Iterable[str]) -> str:
    return "·".join(dict.fromkeys(words))


def few(words: Iterable[Words]) -> Words:
    """Not more than three of them by name."""
    said = list(dict.fromkeys(words))
    if len(said) <= _MOST:
        english = both(one.english for one in said)
        korean = ", ".join(one.korean for one in said)
        return Words(english, korean)
    rest = len(said) - _MOST
    return Words(
        f"{', '.join(one.english for one in said[:_MOST])} and {rest} more",
        f"{', '.join(one.korean for one in said[:_MOST])} 외 {rest}개 자원",
    )
