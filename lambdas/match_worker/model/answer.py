"""From whatever a model wrote to judgements that may be used, or UnusableAnswer.

Three rungs of the ladder: the text is the asked-for JSON, or exactly one such JSON stands somewhere
in it, or the text begins as that JSON and ends before it does. Two different ones are refused: one
of them may be an echo of a profile.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cufit_contracts.results import MAX_RAW_POINTS
from match_worker.errors import NothingRetrieved, UnusableAnswer
from match_worker.scoring.rubric import Rubric

MAX_JUDGED = 100
"""People taken from one answer; numberOfResults of a retrieval allows no more."""

MAX_ANSWER = 100_000
"""Characters looked at; far above what maxTokens allows."""

_MAX_OBJECTS = 200
"""Places where a JSON object is tried to be read in prose."""

_BEGUN = re.compile(r'(?:```(?:json)?\s*)?(?P<answer>\{\s*"candidates"\s*:\s*\[)\s*')
_COMMA = re.compile(r"\s*,\s*")
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)|[][{}]', re.DOTALL)
"""Brackets of JSON, and its strings, the last of which may be cut."""

_ID = re.compile(r"[A-Za-z0-9_\-]{1,64}")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the model thinks of one person. The alias is well-formed, maybe nobody's."""

    alias: str
    parts: dict[str, int]
    """Points per judged criterion of the rubric, within its range."""
    raw: dict[str, int]
    """The same as the model wrote them, at most MAX_RAW_POINTS either way."""
    reason: str
    """As written by the model: not yet clean."""


class Rung(StrEnum):
    STRICT = "strict"
    EXTRACTED = "extracted"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class Answer:
    rung: Rung
    judgements: list[Judgement]
    """In the model's order, at least one, at most one per person."""


def read_answer(text: str, rubric: Rubric) -> Answer:
    """Entries out of shape are left out; of two about the same person the first counts.

    Raises:
        UnusableAnswer: with a code saying why there is no judgement to use.
        NothingRetrieved: an empty list, which a prompt asks for when it shows nobody.
    """
    body = text.strip()
    if not body:
        raise UnusableAnswer("ANSWER_EMPTY")
    if len(body) > MAX_ANSWER:
        raise UnusableAnswer("ANSWER_TOO_LONG")
    try:
        rung, entries = _found(body)
    except RecursionError as error:
        raise UnusableAnswer(_unread(body)) from error
    if not entries:
        raise NothingRetrieved("NOBODY_SHOWN")
    judged: dict[str, Judgement] = {}
    for entry in entries[:MAX_JUDGED]:
        judgement = _judgement(entry, rubric)
        if judgement:
            judged.setdefault(judgement.alias, judgement)
    if not judged:
        raise UnusableAnswer("ANSWER_WITHOUT_CANDIDATES")
    return Answer(rung, list(judged.values()))


def _found(body: str) -> tuple[Rung, list[Any]]:
    try:
        entries = _entries(_DECODER.decode(body))
    except ValueError:
        entries = None
    if entries is not None:
        return Rung.STRICT, entries
    if entries := _extracted(body):
        return Rung.EXTRACTED, entries[0]
    if whole := _whole_entries(body):
        return Rung.CUT, whole
    raise UnusableAnswer(_unread(body))


def _unread(body: str) -> str:
    is_cut = body.startswith("{") and not body.endswith("}")
    return "ANSWER_CUT_SHORT" if is_cut else "ANSWER_NOT_JSON"


def _extracted(body: str) -> list[list[Any]]:
    """One list of entries, or none. One that stands inside of an answer is not taken for it."""
    found: list[list[Any]] = []
    places = set()
    for place, value in _objects(body):
        entries = _entries(value)
        if entries is None:
            continue
        places.add(place)
        if entries not in found:
            found.append(entries)
    begun = _BEGUN.match(body)
    is_inside = found and begun and begun.start("answer") not in places
    if len(found) > 1 or is_inside:
        raise UnusableAnswer("ANSWER_AMBIGUOUS")
    return found


def _whole_entries(body: str) -> list[Any]:
    """Those that an answer has to the end, when it was cut: it must begin the text, so that no
    profile quoted in prose is taken for it, and be open still where the text ends."""
    begun = _BEGUN.match(body)
    if begun is None or not _is_open(body[begun.start("answer") :]):
        return []
    found: list[Any] = []
    position = begun.end()
    while len(found) < MAX_JUDGED:
        try:
            entry, position = _DECODER.raw_decode(body, position)
        except ValueError:
            break
        found.append(entry)
        if (comma := _COMMA.match(body, position)) is None:
            return found if body[position:].strip() in ("", "]") else []
        position = comma.end()
    return found


def _is_open(text: str) -> bool:
    """Whether the JSON that begins `text` goes on beyond its end."""
    depth = 0
    for bracket in _BRACKETS.findall(text):
        if bracket in "{[":
            depth += 1
        elif bracket in "}]":
            depth -= 1
            if depth == 0:
                return False
    return True


def _objects(body: str) -> Iterator[tuple[int, Any]]:
    """Outermost JSON objects in `body`, from left to right, and where each begins."""
    position = 0
    for _ in range(_MAX_OBJECTS):
        position = body.find("{", position)
        if position < 0:
            return
        try:
            value, end = _DECODER.raw_decode(body, position)
        except (ValueError, RecursionError):
            position += 1
        else:
            yield position, value
            position = end


def _entries(value: Any) -> list[Any] | None:
    """The list under `candidates` when that is all `value` has."""
    if isinstance(value, dict) and set(value) == {"candidates"}:
        entries = value["candidates"]
        if isinstance(entries, list):
            return entries
    return None


def _judgement(entry: Any, rubric: Rubric) -> Judgement | None:
    if not isinstance(entry, dict):
        return None
    alias, parts, reason = entry.get("id"), entry.get("parts"), entry.get("reason")
    if not isinstance(alias, str) or not _ID.fullmatch(alias):
        return None
    if not isinstance(parts, dict):
        return None
    points, raw = {}, {}
    for name, rule in rubric.judged.items():
        number = _whole_number(parts.get(name))
        if number is None:
            return None
        points[name] = max(0, min(rule.weight, number))
        raw[name] = max(-MAX_RAW_POINTS, min(MAX_RAW_POINTS, number))
    return Judgement(alias, points, raw, reason if isinstance(reason, str) else "")


def _whole_number(value: Any) -> int | None:
    """12 and 12.0 are whole numbers; true, "12", 12.5 and 1e400 are not."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return value if isinstance(value, int) else None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON lets a key stand twice; which one counts would be up to the reader."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant, object_pairs_hook=_unique)
