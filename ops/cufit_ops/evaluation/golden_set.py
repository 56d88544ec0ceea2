"""The golden set: synthetic people, and how much each seeker's possible partners appeal to them.

golden/people.jsonl   one person a line; `state` tells what the index knows of them
golden/labels.jsonl   one seeker a line; `appeal` of everybody the hard rules admit, `yes` the share
                      of them to whom the seeker would say yes. People are named by their line.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from cufit_contracts.items import CandidateItem
from cufit_contracts.profile import values_of
from cufit_contracts.stored import read
from match_worker.profile import Profile
from profile_indexer.document import Document, document_of

FOLDER = Path(__file__).parent / "golden"
PEOPLE, LABELS = "people.jsonl", "labels.jsonl"

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
"""When every search of an evaluation happens: ages depend on it."""

_SHARES = ((3, 0.05), (2, 0.20), (1, 0.50))
"""Grade, and the share of the people a seeker may meet who are at least that appealing."""


def grades(appeals: Mapping[str, float]) -> dict[str, int]:
    """3 for the most appealing 5 %, 2 up to 20 %, 1 up to 50 %, the rest 0 and left out."""
    order = sorted(appeals, key=lambda one: (-appeals[one], one))
    found = {}
    for position, one in enumerate(order, start=1):
        grade = next((g for g, share in _SHARES if position <= share * len(order)), 0)
        if grade:
            found[one] = grade
    return found


@dataclass(frozen=True, slots=True)
class Seeker:
    profile: Profile
    met: frozenset[str]
    """Introduced before: must not be recommended again."""
    appeal: Mapping[str, float]
    """Of everybody the hard rules admit."""
    grade: Mapping[str, int]
    """1 to 3; 0 where nothing stands."""
    likes: frozenset[str]
    """To whom the seeker would say yes: the most appealing, as many as the seeker is choosy."""
    mutual: frozenset[str]
    """Of these, who would say yes to the seeker. Outside their own wishes nobody does."""

    def after(self, meeting: Iterable[str]) -> "Seeker":
        """The same when these were met, too. Grades are of those who are left."""
        met = self.met | set(meeting)
        appeal = {one: value for one, value in self.appeal.items() if one not in met}
        return replace(
            self,
            met=met,
            appeal=appeal,
            grade=grades(appeal),
            likes=self.likes - met,
            mutual=self.mutual - met,
        )


@dataclass(frozen=True, slots=True)
class GoldenSet:
    content_hash: str
    """First 12 hex digits of SHA-256 over the files."""
    items: Mapping[str, CandidateItem]
    """Everybody in the candidates table: not those who left."""
    documents: Mapping[str, Document]
    """What the knowledge base holds, also of people who left or paused a moment ago."""
    seekers: tuple[Seeker, ...]

    secret: re.Pattern[str]
    """Any name, nickname or phone number: may stand in no prompt and no reason."""

    def with_some(self, number: int) -> "GoldenSet":
        """The same with about so many of the seekers, evenly taken."""
        step = max(1, len(self.seekers) // number)
        return replace(self, seekers=self.seekers[::step])


@cache
def load(folder: Path = FOLDER) -> GoldenSet:
    raw = {name: (folder / name).read_bytes() for name in (PEOPLE, LABELS)}
    people = [json.loads(line) for line in raw[PEOPLE].splitlines()]
    labels = [json.loads(line) for line in raw[LABELS].splitlines()]
    items = {row["candidate_id"]: _item(row) for row in people}
    names = list(items)
    seekers = [_seeker(label, names, items) for label in labels]
    likes = {one.profile.candidate_id: one.likes for one in seekers}
    return GoldenSet(
        content_hash=hashlib.sha256(raw[PEOPLE] + raw[LABELS]).hexdigest()[:12],
        items={
            row["candidate_id"]: items[row["candidate_id"]]
            for row in people
            if row["state"] != "gone"
        },
        documents={
            row["candidate_id"]: _document(row, items[row["candidate_id"]]) for row in people
        },
        seekers=tuple(
            replace(one, mutual=_liking(one.profile.candidate_id, one.likes, likes))
            for one in seekers
        ),
        secret=_any_of(row[key] for row in people for key in ("name", "nickname", "phone")),
    )


def profile_of(item: CandidateItem) -> Profile:
    return Profile(**values_of(Profile, item))


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, words)))


def _item(row: Mapping[str, Any]) -> CandidateItem:
    stored = {
        "maker_id": "m_maker",
        "created_at": "2026-11-01T00:00:00.000Z",
        "updated_at": "2026-11-01T00:00:00.000Z",
        "version": 1,
    }
    return read(CandidateItem, {**stored, **row})


def _document(row: Mapping[str, Any], item: CandidateItem) -> Document:
    """As the indexer writes it; a stale one dates from before the pause."""
    if row["state"] == "stale":
        item = replace(item, paused=False)
    return document_of(item)


def _seeker(
    label: Mapping[str, Any], names: Sequence[str], items: Mapping[str, CandidateItem]
) -> Seeker:
    appeal = {names[int(line)]: value for line, value in label["appeal"].items()}
    most_appealing = sorted(appeal, key=lambda one: (-appeal[one], one))
    return Seeker(
        profile=profile_of(items[names[label["seeker"]]]),
        met=frozenset(names[line] for line in label["met"]),
        appeal=appeal,
        grade=grades(appeal),
        likes=frozenset(most_appealing[: round(label["yes"] * len(appeal))]),
        mutual=frozenset(),
    )


def _liking(
    seeker_id: str, liked: Iterable[str], likes: Mapping[str, frozenset[str]]
) -> frozenset[str]:
    """Of `liked`, who likes the seeker too."""
    return frozenset(one for one in liked if seeker_id in likes[one])
