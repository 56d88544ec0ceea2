"""Texts with IAM's wildcards: `*` is any characters, `?` is one."""

import re
from functools import cache


@cache
def contains(wide: str, narrow: str) -> bool:
    """Whether `wide` matches everything that `narrow` does; wildcards of `narrow` count as text,
    which only a wildcard of `wide` can match."""
    return _expression(wide).fullmatch(narrow) is not None


@cache
def meet(one: str, other: str) -> bool:
    """Whether any text matches both; of two ARNs, part by part."""
    if one.startswith("arn:") and other.startswith("arn:"):
        mine, theirs = one.split(":", _PARTS), other.split(":", _PARTS)
        if len(mine) == len(theirs) == _PARTS + 1:
            return all(_meet(a, b) for a, b in zip(mine, theirs, strict=True))
    return _meet(one, other)


_PARTS = 5
"""Colons before the resource of an ARN."""


@cache
def _meet(one: str, other: str) -> bool:
    reached = {0}
    for position in range(len(one) + 1):
        reached = _closed(reached, other)
        if position == len(one):
            return len(other) in reached
        sign = one[position]
        if sign == "*":
            # Any text: from a place in `other`, every later place.
            reached = set(range(min(reached), len(other) + 1)) if reached else set()
        else:
            reached = _after(sign, reached, other)
    return False


def _closed(places: set[int], text: str) -> set[int]:
    """With the places behind `*`, which may match nothing."""
    found = set(places)
    for start in places:
        rest = text[start:]
        stars = len(rest) - len(rest.lstrip("*"))
        found.update(range(start + 1, start + stars + 1))
    return found


def _after(sign: str, places: set[int], text: str) -> set[int]:
    found = set()
    for place in places:
        if place == len(text):
            continue
        if text[place] == "*":
            found.add(place)
        elif sign in ("?", text[place]) or text[place] == "?":
            found.add(place + 1)
    return found


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    """`${…}` is a policy variable or an unknown value, and stands for itself."""
    return re.compile(
        "".join({"*": ".*", "?": "[^*]"}.get(sign, re.escape(sign)) for sign in pattern), re.DOTALL
    )
