"""What others have collected: the Big List of Naughty Strings and the JSON Parsing Test Suite, as
packages of npm (package.json). The second comes as text, so what is no UTF-8 there is made here.
"""

import json
from collections.abc import Iterator
from functools import cache
from typing import Final

from cufit_ops.workspace import ROOT

PACKAGES: Final = ROOT / "node_modules"

OF_KOREA: Final = (
    "010\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18",  # full width
    "\u0660\u0661\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668",  # Arabic digits
    "+82 10 1234 5678",
    "010.1234.5678",
    "\u1100\u1161\u11a8",  # 각, decomposed
    "\u3164",  # Hangul filler
    "\u1160\u115f",
    "a\U000e0061\U000e007f",  # tags
    "\U0001f3f4\U000e0067\U000e0062\U000e007f",
    "\u202emoc.live\u202c",
    "\u2800",  # braille blank
    "\ufe0f",
)
"""What the list lacks: phone numbers and names as a Korean service may meet them."""

NOT_UTF8: Final = "�"


@cache
def naughty_strings() -> tuple[str, ...]:
    strings: list[str] = json.loads(_read("blns/resources/blns.json"))
    return tuple(dict.fromkeys([*strings, *OF_KOREA]))


@cache
def json_suite() -> dict[str, bytes]:
    """By name: y_… is JSON, n_… is not, i_… is as a parser likes it."""
    text = _read("json-test-suite/data/parsing.js").partition("export default")[2]
    cases = json.loads(text.strip().rstrip(";"))
    whole = {
        case["name"]: case["input"].encode() for case in cases if NOT_UTF8 not in case["input"]
    }
    return whole | dict(_bytes())


def _bytes() -> Iterator[tuple[str, bytes]]:
    yield "n_string_invalid_utf8", b'["\xff"]'
    yield "n_string_overlong", b'["\xc0\xaf"]'
    yield "n_string_surrogate_in_utf8", b'["\xed\xa0\x80"]'
    yield "n_string_beyond_unicode", b'["\xf4\xbf\xbf\xbf"]'
    yield "n_string_cut_off", b'["\xe0\xff"]'
    yield "n_string_latin_1", b'["\xe9"]'
    yield "i_byte_order_mark", b"\xef\xbb\xbf{}"
    yield "i_utf16_le", '{"a": 1}'.encode("utf-16")
    yield "i_utf16_be", '{"a": 1}'.encode("utf-16-be")
    yield "i_utf32", '{"a": 1}'.encode("utf-32")
    for depth in (100, 1_000, 10_000, 32_000):
        yield f"i_arrays_{depth}_deep", b"[" * depth + b"]" * depth
        yield f"n_arrays_{depth}_open", b"[" * depth
    yield "i_objects_9000_deep", b'{"a":' * 9_000 + b"1" + b"}" * 9_000
    yield "i_integer_of_5000_digits", b"[" + b"9" * 5_000 + b"]"
    yield "i_integer_of_60000_digits", b"9" * 60_000
    yield "y_decimal_of_5000_digits", b"0." + b"9" * 5_000
    yield "y_exponent_of_400", b"1e400"
    yield "y_minus_exponent_of_400", b"-1e400"
    yield "y_key_twice", b'{"paused": true, "paused": false}'
    yield "y_6000_keys", b"{" + b",".join(b'"%d":0' % n for n in range(6_000)) + b"}"
    yield "y_20000_strings", b"[" + b",".join([b'""'] * 20_000) + b"]"
    yield "y_null", b"null"
    yield "n_nothing", b""
    yield "n_blank", b" \r\n\t"
    yield "n_nul", b"\x00"


def _read(path: str) -> str:
    return (PACKAGES / path).read_text(encoding="utf-8")
