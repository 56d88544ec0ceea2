"""Text that a pull request's author may have written, as GitHub Markdown that shows just that.

A description in a template, a key of config/ or a file's name can hold Markdown, HTML, a mention of
a team or this report's own marker. GitHub finds mentions, issues and addresses in the text after it
has undone entities, so those are parted by a space of no width.
"""

import json
import re

_CODE = re.compile(r"`([^`\n]+)`")
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    r"\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff"
    r"\ud800-\udfff\U000e0000-\U000e0fff]"
)
"""Controls, and what turns, hides or is not seen (Default_Ignorable_Code_Point of Unicode 16's
DerivedCoreProperties.txt, without its musical and shorthand signs): never of use in a sentence."""
_MARKDOWN = re.compile(r"[\\`*_\[\]|~<>&]|^[#+=-]")
_DOLLAR = "<span>$</span>"
"""Between two dollars GitHub sees a formula; so its documentation writes one that is none."""
_PARTED = re.compile(r"@(?=\w)|#(?=\d)|(?<=GH-)(?=\d)|:(?=//)|(?<=www)\.", re.IGNORECASE)
_RUN = re.compile(r"`+")
_PART = "\u200b"
_LONGEST_SENTENCE = 600
_LONGEST_BLOCK = 4_000


def inline(text: str) -> str:
    """One line. `…` stays code, everything else is text and nothing but.

    Code is written as HTML: what stands between two tags is Markdown to GitHub, so it is escaped
    like the rest, and a lone backtick cannot join two lines' code.
    """
    line = shortened(_INVISIBLE.sub("\ufffd", " ".join(text.split())), _LONGEST_SENTENCE)
    parts = _CODE.split(line)
    return "".join(
        f"<code>{_plain(part)}</code>" if at % 2 else _plain(part) for at, part in enumerate(parts)
    )


def block(text: str, longest: int = _LONGEST_BLOCK) -> str:
    """Lines as they are, fenced by more backticks than they hold in a row."""
    shown = shortened(_INVISIBLE.sub("\ufffd", text.replace("\r\n", "\n")), longest)
    longest_run = max(map(len, _RUN.findall(shown)), default=0)
    fence = "`" * max(3, longest_run + 1)
    return f"{fence}\n{shown}\n{fence}"


def opened(text: str) -> str:
    """Each line that is a JSON object, such as a policy statement, with a line for each key."""
    return "\n".join(map(_opened, text.splitlines()))


def _opened(line: str) -> str:
    try:
        value = json.loads(line)
    except ValueError:
        return line
    if not isinstance(value, dict):
        return line
    inside = (f"  {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in value.items())
    return "{\n" + ",\n".join(inside) + "\n}"


def shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _plain(text: str) -> str:
    parted = _PARTED.sub(lambda found: found[0] + _PART, text)
    text = _MARKDOWN.sub(lambda found: f"&#{ord(found[0])};", parted)
    return text.replace("$", _DOLLAR)
