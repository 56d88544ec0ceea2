"""How two prompt versions differ: the weights side by side, the answer's shape, and every line."""

import difflib
from dataclasses import dataclass
from pathlib import Path

from match_worker.model.prompt import FILES, Prompt, load_prompt, prompts_folder
from match_worker.scoring.rubric import Rubric


@dataclass(frozen=True, slots=True)
class Weight:
    criterion: str
    decided_by: str
    """code or model."""
    old: int | None
    """Points; None where the version has no such criterion."""
    new: int | None

    @property
    def change(self) -> int:
        return (self.new or 0) - (self.old or 0)


@dataclass(frozen=True, slots=True)
class Size:
    """Of a version."""

    version: str
    content_hash: str
    characters: int
    """Of the template with the rubric filled in, without a correction."""
    entry: tuple[str, ...]
    """Keys of one judged candidate, in the order they are asked for."""
    longest_reason: int


@dataclass(frozen=True, slots=True)
class Difference:
    weights: tuple[Weight, ...]
    """Every criterion of either version, in the newer one's order."""
    sizes: tuple[Size, Size]
    """Old, new."""
    lines: str
    """Unified diff of the files; empty when they are the same."""


def difference(
    old: str, new: str, root: Path | None = None, old_root: Path | None = None
) -> Difference:
    """`old` is read from `old_root`, where it is another checkout's.

    Raises InvalidPrompt when one of them cannot be used.
    """
    root = root or prompts_folder()
    old_root = old_root or root
    before, after = load_prompt(old, old_root), load_prompt(new, root)
    return Difference(
        weights=_weights(before.rubric, after.rubric),
        sizes=(_size(before), _size(after)),
        lines=_lines(old_root / "match" / old, root / "match" / new),
    )


def _weights(old: Rubric, new: Rubric) -> tuple[Weight, ...]:
    before, after = _by_criterion(old), _by_criterion(new)
    return tuple(Weight(*key, before.get(key), after.get(key)) for key in {**after, **before})


def _by_criterion(rubric: Rubric) -> dict[tuple[str, str], int]:
    by_code = {(name, "code"): rule.weight for name, rule in rubric.code.listed.items()}
    return by_code | {(name, "model"): rule.weight for name, rule in rubric.judged.items()}


def _size(prompt: Prompt) -> Size:
    entry = prompt.answer_schema["properties"]["candidates"]["items"]["properties"]
    return Size(
        prompt.version,
        prompt.content_hash,
        len(prompt.render()),
        tuple(entry),
        prompt.longest_reason,
    )


def _lines(old: Path, new: Path) -> str:
    lines: list[str] = []
    for name in FILES:
        before, after = ((one / name).read_text().splitlines() for one in (old, new))
        lines += difflib.unified_diff(
            before, after, f"{old.name}/{name}", f"{new.name}/{name}", lineterm="", n=1
        )
    return "\n".join(lines)
