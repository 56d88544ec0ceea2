"""A grammar of what models write instead of what they were asked for. Seeded, so repeatable."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

from cufit_contracts.alias import alias_of

_PEOPLE = ("m_a", "m_b", "m_c", "m_paused", "m_man", "m_paired", "m_nobody", "m_seeker")
IDS = tuple(map(alias_of, _PEOPLE))
_PROSE = (
    "네, 프로필을 살펴보았습니다.",
    "Sorry, I am unable to assist you with this request.",
    "Here is the ranking you asked for:",
    "죄송하지만 도와드릴 수 없습니다.",
    "候補者を評価しました。",
    "<answer>",
    "```json",
    "```",
    "",
)
_ODD_VALUES: tuple[Any, ...] = (
    None, True, False, "", "15", "열다섯", 15.0, 7.5, -1, 16, 10**9, 10**400, 1e308, float("nan"),
    float("inf"), [], {}, [15], {"points": 15}, "\ud800", "\u0000", "010-1234-5678",
)  # fmt: skip


def good_entry(random: Random) -> dict[str, Any]:
    return {
        "id": random.choice(IDS),
        "parts": {
            "hobbies": random.randint(0, 15),
            "values": random.randint(0, 15),
            "introduction": random.randint(0, 10),
        },
        "reason": random.choice(
            ("둘 다 산을 좋아해요", "They like hiking", "", "010-1234-5678 김나나", "가" * 300)
        ),
    }


def entry(random: Random) -> Any:
    made: Any = good_entry(random)
    for _ in range(random.choice((0, 0, 0, 1, 1, 2))):
        made = random.choice(_ENTRY_FAULTS)(random, made) if isinstance(made, dict) else made
    return made


def _odd_field(random: Random, made: dict[str, Any]) -> Any:
    return made | {random.choice(("id", "parts", "reason", "total")): random.choice(_ODD_VALUES)}


def _odd_part(random: Random, made: dict[str, Any]) -> Any:
    parts = made.get("parts")
    if not isinstance(parts, dict):
        return made
    name = random.choice(("hobbies", "values", "introduction", "looks"))
    return made | {"parts": parts | {name: random.choice(_ODD_VALUES)}}


def _without_field(random: Random, made: dict[str, Any]) -> Any:
    gone = random.choice(("id", "parts", "reason"))
    return {name: value for name, value in made.items() if name != gone}


def _not_an_object(random: Random, made: dict[str, Any]) -> Any:
    return random.choice((made.get("id"), [made], None, 7))


_ENTRY_FAULTS: tuple[Callable[[Random, dict[str, Any]], Any], ...] = (
    _odd_field,
    _odd_part,
    _without_field,
    _not_an_object,
)


def answer(random: Random) -> Any:
    entries = [entry(random) for _ in range(random.choice((0, 1, 2, 3, 5, 12)))]
    entries += random.sample(entries, k=min(len(entries), random.choice((0, 0, 1))))
    whole: Any = {"candidates": entries}
    return random.choice(
        (
            whole, whole, whole, whole,
            entries,
            {"result": whole},
            {"candidates": whole},
            whole | {"comment": "참고하세요"},
            {"Candidates": entries},
            {"candidates": dict(enumerate(map(str, entries)))},
        )
    )  # fmt: skip


def text(random: Random) -> str:
    """One answer as a model might have written it."""
    written = json.dumps(answer(random), ensure_ascii=random.random() < 0.2)
    for _ in range(random.choice((0, 0, 1, 1, 2))):
        written = random.choice(_TEXT_FAULTS)(random, written)
    return written


def _cut(random: Random, written: str) -> str:
    return written[: random.randint(0, len(written))]


def _in_prose(random: Random, written: str) -> str:
    return f"{random.choice(_PROSE)}\n{written}\n{random.choice(_PROSE)}"


def _twice(random: Random, written: str) -> str:
    other = json.dumps(answer(random), ensure_ascii=False)
    return written + random.choice(("", "\n또는\n", ",")) + other


def _noise(random: Random, written: str) -> str:
    position = random.randint(0, len(written))
    junk = random.choice(("}", "{", '"', ",", "\\", "\n", "…", "NaN", "//", "{" * 300, "[" * 3000))
    return written[:position] + junk + written[position:]


def _lost(random: Random, written: str) -> str:
    mark = random.choice(('"', ",", ":", "}", "]"))
    return written.replace(mark, "", random.randint(1, 3))


def _single_quotes(random: Random, written: str) -> str:
    return written.replace('"', "'")


def _only_prose(random: Random, written: str) -> str:
    return random.choice(_PROSE)


_TEXT_FAULTS: tuple[Callable[[Random, str], str], ...] = (
    _cut,
    _in_prose,
    _twice,
    _noise,
    _lost,
    _single_quotes,
    _only_prose,
)
