"""What a prompt shows of a good answer: criteria with anchors, and examples that keep their rules.

v1 is older than these rules and stays as it was evaluated.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from cufit_contracts.alias import LENGTH
from match_worker.errors import UnusableAnswer
from match_worker.model.answer import read_answer
from match_worker.model.prompt import Prompt

WITHOUT_RULES = frozenset({"v1"})

ORDER = ("id", "reason", "parts")
"""Of an answer's entry: what is written first decides what follows."""

_FIRST = re.compile(r'\{"candidates":\s*\[\s*\{')
_ALIAS = re.compile(f"[a-z0-9]{{{LENGTH}}}")
_STAND_IN = re.compile(r"…|\.\.\.|[{}<>$]|자 이하|한 문장|\b(id|reason|parts)\b")
"""What stands in an example for something that nobody wrote out."""
_LOW, _HIGH = Fraction(1, 3), Fraction(2, 3)


@dataclass(frozen=True, slots=True)
class Finding:
    code: str
    message: str


def shown_by(prompt: Prompt) -> Iterator[Finding]:
    """Faults of the anchors, the schema's order and the examples of `prompt`."""
    if prompt.version in WITHOUT_RULES:
        return
    for name, rule in prompt.rubric.judged.items():
        if rule.anchors is None:
            yield Finding("unanchored", f"rubric.toml: judged.{name} has no anchors")
    yield from _order_of_the_schema(prompt)
    examples = list(_examples(prompt.render()))
    for example in examples:
        yield from _faults(example, prompt)
    entries = [entry for example in examples for entry in example["candidates"]]
    sides = {side for entry in entries for side in _sides(entry, prompt)}
    for side in ("high", "low"):
        if side not in sides:
            yield Finding("one-sided", f"template.txt: no example is {side} in every criterion")


def _examples(rendered: str) -> Iterator[dict[str, Any]]:
    for begin in _FIRST.finditer(rendered):
        try:
            yield json.JSONDecoder().raw_decode(rendered, begin.start())[0]
        except ValueError:
            continue


def _order_of_the_schema(prompt: Prompt) -> Iterator[Finding]:
    entry = prompt.answer_schema["properties"]["candidates"]["items"]
    for where, keys in (("properties", entry["properties"]), ("required", entry["required"])):
        if tuple(keys) != ORDER:
            found = ", ".join(keys)
            yield Finding("order", f"answer.schema.json: {where} are {found}, not {_list(ORDER)}")


def _faults(example: dict[str, Any], prompt: Prompt) -> Iterator[Finding]:
    text = json.dumps(example, ensure_ascii=False)
    try:
        read = read_answer(text, prompt.rubric).judgements
    except UnusableAnswer as error:
        yield Finding("unreadable-example", f"template.txt: {text} is {error.code}")
        return
    if [(one.alias, one.parts, one.reason) for one in read] != [
        (entry.get("id"), entry.get("parts"), entry.get("reason"))
        for entry in example["candidates"]
    ]:
        yield Finding("unreadable-example", f"template.txt: {text} is not read as it is written")
        return
    for entry in example["candidates"]:
        yield from _faults_of_entry(entry, prompt)


def _faults_of_entry(entry: dict[str, Any], prompt: Prompt) -> Iterator[Finding]:
    name, reason = entry["id"], entry["reason"]
    if tuple(entry) != ORDER:
        yield Finding("order", f"example {name}: {_list(entry)}, not {_list(ORDER)}")
    if not _ALIAS.fullmatch(name):
        yield Finding("alias", f"example {name}: an id is {_ALIAS.pattern}, as the documents' are")
    longest = prompt.longest_reason
    if not 1 <= len(reason) <= longest:
        yield Finding("reason", f"example {name}: {len(reason)} characters, 1 to {longest} legal")
    if found := _STAND_IN.search(reason):
        yield Finding("placeholder", f"example {name}: {found[0]!r} is no reason anybody gives")
    if not list(_sides(entry, prompt)):
        shares = _list(f"{part} {points}" for part, points in entry["parts"].items())
        yield Finding("middle", f"example {name}: {shares}; up to a third of each, or two and more")


def _sides(entry: dict[str, Any], prompt: Prompt) -> Iterator[str]:
    parts = entry["parts"]
    shares = [(rule, parts.get(name)) for name, rule in prompt.rubric.judged.items()]
    if all(points is not None and points <= rule.points(_LOW) for rule, points in shares):
        yield "low"
    if all(points is not None and points >= rule.points(_HIGH) for rule, points in shares):
        yield "high"


def _list(words: Any) -> str:
    return ", ".join(words)
