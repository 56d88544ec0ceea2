"""What a change does, from two synthesized versions: found by the analysers, put in order."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cufit_ops.review import analysers, words
from cufit_ops.review.assembly import sides
from cufit_ops.review.change import Change, Side
from cufit_ops.review.comparison import Pair, compare
from cufit_ops.review.findings import Finding, Gate, Rank, Sentence, Topic
from cufit_ops.review.synthesis import Outcome, Synthesis

VERSION = 1
"""Of the JSON."""


@dataclass(frozen=True)
class Entry:
    """A finding, and the environments that have it; none when it is of all of them together."""

    finding: Finding
    environments: tuple[str, ...]
    evidence: tuple[tuple[tuple[str, ...], str], ...]
    """Environments, and what shows it there, each text once."""
    also: Gate | None = None
    """Another gate that it shuts, where two findings are told as one."""

    @property
    def at_first_glance(self) -> bool:
        return self.finding.rank is not Rank.DETAIL or self.finding.gate is not None


@dataclass(frozen=True)
class Report:
    base: Synthesis
    head: Synthesis
    changes: list[Change]
    notes: list[Sentence]
    """What stands before everything: why something could not be compared."""
    entries: list[Entry]
    """In the order in which they are read."""
    labels: frozenset[str] = frozenset()
    """Of the pull request."""

    @property
    def gates(self) -> dict[Gate, list[Entry]]:
        """Each gate that is shut by something, lifted or not."""
        return {
            gate: shut
            for gate in Gate
            if (shut := [entry for entry in self.entries if entry.finding.gate is gate])
        }

    @property
    def shut(self) -> list[Gate]:
        """The gates that no label lifts."""
        labels = {label.casefold() for label in self.labels}  # so GitHub compares them
        return [gate for gate in self.gates if gate.value not in labels]

    @property
    def exit_code(self) -> int:
        """0 nothing is in the way · 1 a gate is shut · 3 the head does not synthesize"""
        if self.head.outcome is not Outcome.WHOLE:
            return 3
        return 1 if self.shut else 0

    def document(self) -> dict[str, Any]:
        """As JSON; docs/report.schema.json says its shape."""
        return {
            "version": VERSION,
            "exit_code": self.exit_code,
            "base": {"outcome": self.base.outcome, "reasons": list(self.base.reasons)},
            "head": {"outcome": self.head.outcome, "reasons": list(self.head.reasons)},
            "environments": [change.environment for change in self.changes],
            "notes": [_both(note) for note in self.notes],
            "gates": [
                {"label": gate, "lifted": gate not in self.shut, "findings": len(entries)}
                for gate, entries in self.gates.items()
            ],
            "findings": [
                {
                    "topic": entry.finding.topic,
                    "rank": entry.finding.rank.name.lower(),
                    "subject": entry.finding.subject,
                    "sentence": _both(entry.finding.sentence),
                    "environments": list(entry.environments),
                    "evidence": [
                        {"environments": list(names), "text": text}
                        for names, text in entry.evidence
                    ],
                    "gate": entry.finding.gate,
                }
                for entry in self.entries
            ],
            "stacks": [
                {"environment": change.environment, "stack": one.stack, "diff": one.text}
                for change in self.changes
                for one in change.texts
            ],
        }


def review(
    base: Path, head: Path, *, only: str | None = None, labels: Set[str] = frozenset()
) -> Report:
    """The report on two folders that `synthesis.build` or `cufit synth --output` made.

    Raises:
        ValueError: a folder holds no version, or there is no environment `only` in either.
    """
    (before, old), (after, new) = _read(base), _read(head)
    names = sorted(old.keys() | new.keys())
    if only is not None and after.has_templates and only not in names:
        raise ValueError(f"--env {only}: there is no such environment; legal are {all_of(names)}")
    pairs = [Pair(name, old.get(name), new.get(name)) for name in names]
    # Without a head nothing is known of what would be deployed.
    everywhere = compare(pairs) if after.has_templates else []
    changes = [change for change in everywhere if only in (None, change.environment)]
    notes = [words.of_base(before), words.of_head(after)]
    if not before.has_templates:
        notes += [words.holds(change.environment, change.head) for change in changes if change.head]
    together = list(analysers.of_all(everywhere))
    found: list[_Found]
    if before.has_templates:
        found = [
            (one, (c.environment,)) for c in changes for one in analysers.of_one(c, everywhere)
        ]
        found += [(one, ()) for one in together]
    else:  # what the head costs is said, not that it costs more
        found = [(replace(one, gate=None), ()) for one in together]
        if before.outcome is not Outcome.NO_APP and after.has_templates:
            found.append((_NOT_COMPARED, ()))
    said = [note for note in notes if note]
    return Report(before, after, changes, said, _entries(found), frozenset(labels))


def _read(folder: Path) -> tuple[Synthesis, dict[str, Side]]:
    """Raises ValueError, which names the folder, when it holds no version or a damaged one."""
    made = Synthesis.read(folder)
    try:
        return made, sides(folder) if made.has_templates else {}
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"{folder} cannot be read as a synthesized version: {error!r}") from error


def all_of(names: Sequence[str]) -> str:
    return ", ".join(names) or "none: there is no file in config/"


_NOT_COMPARED = Finding(Topic.DATA, Rank.DANGER, "base", words.NOT_COMPARED, gate=Gate.NOT_COMPARED)
"""What was not looked at is not harmless; a pull request that mends the base has the label."""

_Found = tuple[Finding, tuple[str, ...]]
"""A finding, and the environments it is about."""


def _entries(found: Sequence[_Found]) -> list[Entry]:
    """The same sentence about several environments is one entry."""
    same: dict[Any, list[_Found]] = {}
    for finding, environments in found:
        sentence = _nameless(finding.sentence.english, environments)
        key = (finding.topic, finding.rank, finding.subject, sentence, finding.gate)
        same.setdefault(key, []).append((finding, environments))
    return sorted(map(_entry, same.values()), key=_place)


def _place(entry: Entry) -> tuple[int, Rank, int]:
    found = entry.finding
    gates = [*Gate, None]
    return list(Topic).index(found.topic), found.rank, gates.index(found.gate)


def _entry(members: Sequence[_Found]) -> Entry:
    first, *others = (finding for finding, _ in members)
    if any(other.sentence != first.sentence for other in others):
        (_, environments), *_ = members
        sentence = Sentence(
            _nameless(first.sentence.english, environments),
            _nameless(first.sentence.korean, environments),
        )
        first = replace(first, sentence=sentence)
    evidence: dict[str, list[_Found]] = {}
    for finding, environments in members:
        if finding.evidence:
            text = _nameless(finding.evidence, environments)
            evidence.setdefault(text, []).append((finding, environments))
    return Entry(
        first,
        _names(members),
        tuple(
            (_names(having), having[0][0].evidence if len(having) == 1 else text)
            for text, having in evidence.items()
        ),
    )


def _names(members: Sequence[_Found]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for _, names in members for name in names))


def _nameless(text: str, environments: tuple[str, ...]) -> str:
    """With a star for the environment in names such as cufit-dev-Data and cdk-cufitdev-assets."""
    for name in environments:
        text = re.sub(rf"\bcufit(-?){re.escape(name)}\b", r"cufit\1*", text)
    return text


def _both(sentence: Sentence) -> dict[str, str]:
    return {"en": sentence.english, "ko": sentence.korean}
