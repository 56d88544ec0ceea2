"""Text written by people, made safe to stand inside a prompt, a document or a reason.

Profile text is data. Whatever it says, after `plain` it has no characters that end a JSON string,
open a tag or name a template placeholder, and after `without_contacts` no way to reach a person
around the matchmaker. Both the indexer and the worker apply it.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from cufit_contracts.characters import INVISIBLE, is_variation_selector

REDACTED = "○○"

_REPLACED = str.maketrans(
    {
        "$": "＄",  # Bedrock's templates substitute $search_results$ and $query$
        "<": "‹",
        ">": "›",
        "{": "(",
        "}": ")",
        "[": "(",
        "]": ")",
        '"': "'",
        "\\": "/",
        "`": "'",
    }
)
"""Applied after NFKC, which would turn look-alikes such as ＄ and ｛ back into the originals."""

_DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Me"})

_NOT_LONE_JAMO = re.compile("[^\u3131-\u3163\u3165-\u318e]+")

_DIGIT = r"[0-9공영일이삼사오육칠팔구]"
_GAP = r"[\s.,\-_/·~()]{0,3}"
_MESSENGER = (
    "카카오톡|카톡|카카오|오픈채팅|인스타그램|인스타|텔레그램|라인"
    "|(?<![a-z])(?:kakao|insta(?:gram)?|telegram|line|dm)"
)
_CONTACTS = re.compile(
    "|".join(
        (
            r"[^\s@]{1,64}@[^\s@]{1,64}\.[a-z]{2,}",
            r"(?:https?://|www\.)\S+",
            r"\b[a-z0-9-]{1,63}\.(?:com|net|org|kr|me|io|gg|link|ly|to|ee)\b\S*",
            r"@[A-Za-z0-9_.]{2,}",
            rf"(?:{_MESSENGER})\s*(?:아이디|주소|id)?\s*(?:은|는|:|=)?\s*[A-Za-z0-9_.]{{4,}}",
            rf"\+?[0-9](?:{_GAP}[0-9]){{6,}}",
            rf"(?:공일공|영일영|010){_GAP}{_DIGIT}(?:{_GAP}{_DIGIT}){{5,}}",
        )
    ),
    re.IGNORECASE,
)
"""E-mail, links, handles, messenger ids, and numbers of seven digits or more, also when spelled
in Korean (공일공 …). Too much is redacted rather than too little."""


def plain(text: str) -> str:
    """One line of `text` in NFKC without control, invisible or syntactic characters.

    Idempotent, and every character of the result stands unescaped inside a JSON string.
    """
    kept = []
    for character in _normalized(text):
        if character.isspace():
            kept.append(" ")
        elif not _is_dropped(character):
            kept.append(character)
    # Dropping may leave a base next to a mark that composes with it, hence NFKC again.
    line = _normalized("".join(kept)).translate(_REPLACED)
    return " ".join(line.split())


def without_contacts(text: str, names: Iterable[str] = ()) -> str:
    """`plain` text with contact data and the given real `names` replaced by `REDACTED`."""
    line = _CONTACTS.sub(REDACTED, plain(text))
    for name in names:
        written = plain(name)
        if len(written) >= 2:  # a single syllable is a part of too many other words
            line = line.replace(written, REDACTED)
    return line


def shortened(text: str, limit: int) -> str:
    """`text` of at most `limit` UTF-16 units, the unit services written in Java count.

    A cut is marked with an ellipsis and never splits a character.
    """
    if utf16_length(text) <= limit:
        return text
    if limit < 1:
        return ""
    used, kept = 1, []
    for character in text:
        used += utf16_length(character)
        if used > limit:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _normalized(text: str) -> str:
    """NFKC, except for ㅋㅋ and ㅠㅠ: it would turn those into jamo that fuse into syllables."""
    if unicodedata.is_normalized("NFKC", text):
        return text
    return _NOT_LONE_JAMO.sub(lambda run: unicodedata.normalize("NFKC", run[0]), text)


@lru_cache(maxsize=4096)
def _is_dropped(character: str) -> bool:
    return (
        character in INVISIBLE
        or is_variation_selector(character)
        or unicodedata.category(character) in _DROPPED_CATEGORIES
    )
