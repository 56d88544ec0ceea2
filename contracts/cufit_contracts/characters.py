"""Which characters a person's text may have. Standard library only.

A text is kept composed (Unicode NFC) and trimmed, and its length is counted in code points after
that. It may have every letter, mark, sign and emoji, sequences with a zero-width joiner included,
and nothing that hides, turns around or breaks what stands beside it.
"""

import unicodedata
from collections.abc import Iterator

INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
"""Letters and marks that render as nothing, next to the format characters (category Cf)."""

_JOINERS = frozenset("\u200c\u200d")
"""Cf, but needed: emoji of several parts, and Persian or Hindi words."""

_REFUSED = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Control and format characters (direction overrides, isolates and tags among the latter), what is
no character, private ones, halves of a surrogate pair, Unicode's line separators."""


def composed(text: str) -> str:
    """`text` as it is kept. Hangul typed on a Mac arrives decomposed, a browser's form breaks lines
    by CR LF; neither is a mistake."""
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()


def character_faults(text: str, *, lines: bool) -> Iterator[str]:
    """What is wrong with the characters of `text`, in which `lines` may be broken."""
    on_one = text.replace("\n", "") if lines else text
    # Printable is what has none of the categories refused, and nearly every text is.
    refused = None if on_one.isprintable() else next(filter(_is_refused, on_one), None)
    if refused:
        yield f"must not contain {_named(refused)}"
    elif text and not any(map(_is_visible, text)):
        yield "must have a character that can be seen"
    elif text != composed(text):
        yield "must be in Unicode's NFC, without space around it"


def is_variation_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def _is_refused(character: str) -> bool:
    return (
        unicodedata.category(character) in _REFUSED
        and character not in _JOINERS
        and not _is_emoji_to_come(character)
    )


def _is_emoji_to_come(character: str) -> bool:
    """emoji-data.txt keeps these for emoji; to an older Python a new one is no character yet."""
    return (
        "\U0001f000" <= character <= "\U0001faff" or "\U0001fc00" <= character <= "\U0001fffd"
    ) and unicodedata.category(character) == "Cn"


def _is_visible(character: str) -> bool:
    return not (
        character.isspace()
        or character in INVISIBLE
        or character in _JOINERS
        or is_variation_selector(character)
    )


def _named(character: str) -> str:
    code = f"U+{ord(character):04X}"
    name = unicodedata.name(character, "")
    return f"{code} ({name})" if name else code
