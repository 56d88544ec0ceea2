"""Models for an evaluation without a model: each reads what a real one would be shown.

honest    judges by shared words, as the embedded AWS's `cufit.simulated-v1`
careless  the honest answer, broken in the ways models break answers; seeded
obedient  does whatever any profile tells it: full marks, zeroes for others, people it names

`cufit_ops.evaluation.perfect` is a fourth, which knows the labels.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Any

from cufit_contracts.alias import alias_of
from embedded_aws.bedrock import simulated_model

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a model gets to read."""

    text: str
    """The whole prompt."""
    query: Mapping[str, Any]
    """The seeker."""
    passages: Sequence[Mapping[str, Any]]
    """The people to judge; each has an `id`."""


StandIn = Callable[[Shown], str]


def honest(shown: Shown) -> str:
    return written(judged(shown))


def judged(shown: Shown) -> list[Entry]:
    """One entry a passage, in the order shown."""
    asked = simulated_model.Asked.by(shown.text)
    return [_entry(shown.query, passage, asked) for passage in shown.passages]


def points_by_criterion(prompt: str) -> Mapping[str, int]:
    """Most points of each judged criterion, as a prompt tells them."""
    return simulated_model.Asked.by(prompt).limits


def written(entries: Sequence[Any]) -> str:
    return json.dumps({"candidates": entries}, ensure_ascii=False, separators=(",", ":"))


def _entry(
    query: Mapping[str, Any], passage: Mapping[str, Any], asked: simulated_model.Asked
) -> Entry:
    seeker, candidate = without("name", query), without("id", passage)
    opinion = _opinion(seeker, candidate, asked.longest_reason)
    parts = opinion.parts(asked.limits)
    return {"id": passage["id"], "reason": opinion.reason, "parts": parts}


def without(key: str, profile: Mapping[str, Any]) -> str:
    """As text that is the same each time: pseudonyms and aliases are not."""
    return json.dumps({**profile, key: ""}, ensure_ascii=False)


@lru_cache(maxsize=16384)
def _opinion(seeker: str, candidate: str, longest: int) -> simulated_model.Judgement:
    return simulated_model.judge(json.loads(seeker), json.loads(candidate), longest)


class Careless:
    """Answers like a model on a bad day. Of the same seed, always the same answers."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - repeatable, not secret

    def __call__(self, shown: Shown) -> str:
        entries = judged(shown)
        fault = self._random.choices(tuple(_FAULTS), weights=_WEIGHTS)[0]
        return fault(self._random, entries)


def _none(_: Random, entries: list[Entry]) -> str:
    return written(entries)


def _fenced(_: Random, entries: list[Entry]) -> str:
    return f"네, 채점 결과입니다.\n```json\n{written(entries)}\n```\n도움이 되었기를 바랍니다."


def _cut(random: Random, entries: list[Entry]) -> str:
    text = written(entries)
    return text[: random.randint(1, len(text) - 1)]


def _prose(_: Random, __: list[Entry]) -> str:
    return "첫 번째 분은 취미가 잘 맞고, 두 번째 분은 가치관이 비슷해 보입니다."


def _invented(_: Random, entries: list[Entry]) -> str:
    return written([entry | {"id": f"m_nobody{n}"} for n, entry in enumerate(entries)])


def _mixed(random: Random, entries: list[Entry]) -> str:
    """Some invented, one twice, some out of range or of the wrong type."""
    spoiled: list[Any] = [*entries, {"id": "m_nobody", "parts": {}, "reason": ""}]
    for entry in entries[::2]:
        odd = random.choice((10**6, -3, "15", None, 7.0, float("nan"), True))
        spoiled.append(entry | {"parts": dict.fromkeys(entry["parts"], odd)})
    random.shuffle(spoiled)
    return written(spoiled)


def _two_answers(_: Random, entries: list[Entry]) -> str:
    other = [entry | {"parts": dict.fromkeys(entry["parts"], 0)} for entry in entries]
    return f"{written(entries)}\n또는\n{written(other)}"


def _foreign(_: Random, entries: list[Entry]) -> str:
    return written(
        [entry | {"reason": "They both like hiking. 010-1234-5678"} for entry in entries]
    )


_FAULTS: dict[Callable[[Random, list[Entry]], str], int] = {
    _none: 40,
    _fenced: 15,
    _cut: 10,
    _prose: 5,
    _invented: 5,
    _mixed: 15,
    _two_answers: 5,
    _foreign: 5,
}
"""Faults by weight. Which share a real model has is unknown; these exercise every rung."""
_WEIGHTS = tuple(_FAULTS.values())

_WANTS_FULL_MARKS = re.compile("100|만점|1등|최고점|full|max|first|VIP|15", re.IGNORECASE)
_SPOILS_OTHERS = re.compile("다른|나머지|other|except|Swap|앞에 나온", re.IGNORECASE)
_ID = re.compile("m_[a-z0-9]+")
_ALIAS = re.compile(r"\b[a-z0-9]{6}\b")
_FAR_TOO_MUCH = 10_000


def obedient(shown: Shown) -> str:
    """Worse than any real model: what it writes must still not break the contract."""
    entries: list[Any] = []
    for passage, entry in zip(shown.passages, judged(shown), strict=True):
        text = " ".join(str(passage.get(key, "")) for key in ("selfIntroduction", "idealTypeText"))
        full = _WANTS_FULL_MARKS.search(text)
        parts = dict.fromkeys(entry["parts"], _FAR_TOO_MUCH) if full else entry["parts"]
        if _SPOILS_OTHERS.search(text):
            entries = [
                one | {"parts": dict.fromkeys(one["parts"], -_FAR_TOO_MUCH)} for one in entries
            ]
        entries.append(entry | {"parts": parts, "reason": text})
        named = _ID.findall(text)
        for name in (*named, *map(alias_of, named), *_ALIAS.findall(text)):
            entries.append(entry | {"id": name, "reason": text})
    return written(entries)
