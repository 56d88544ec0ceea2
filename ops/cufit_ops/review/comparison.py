"""What differs between versions of environments, as @aws-cdk/cloudformation-diff sees it."""

import json
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cufit_ops.cdk import node, shell_environment
from cufit_ops.review.change import (
    Change,
    Impact,
    PropertyDifference,
    ResourceDifference,
    Side,
    StackText,
)
from cufit_ops.templates import stacks
from cufit_ops.workspace import ROOT

_PROGRAM = Path(__file__).with_name("compare.cjs")
_SECONDS = 60
_LEFT = "[-] not in the app any more: it stays deployed until somebody deletes it"

Template = dict[str, Any]


class ComparisonError(ValueError):
    """The templates could not be compared; the message is what Node said."""


@dataclass(frozen=True)
class Pair:
    """The two versions of one environment; None where it does not exist."""

    environment: str
    base: Side | None
    head: Side | None

    def templates(self) -> Iterator[tuple[str, Template, Template]]:
        """Stack, its old and its new template, of each stack that differs; {}: not there."""
        old = self.base.account.stacks if self.base else {}
        new = self.head.account.stacks if self.head else {}
        for name in sorted(old.keys() | new.keys()):
            if old.get(name) != new.get(name):
                yield name, old.get(name, {}), new.get(name, {})


def compare(pairs: Sequence[Pair]) -> list[Change]:
    """A Change for each pair, in their order; one Node for all of them.

    Raises:
        ComparisonError: a template is none that the library reads, or too much to compare.
    """
    differing = [list(pair.templates()) for pair in pairs]
    answers = iter(
        _ask(
            [
                {"old": old, "new": new, "paths": _paths(pair, stack)}
                for pair, templates in zip(pairs, differing, strict=True)
                for stack, old, new in templates
            ]
        )
    )
    changes = []
    for pair, templates in zip(pairs, differing, strict=True):
        change = Change(pair.environment, pair.base, pair.head, [])
        for stack, old, new in templates:
            answer = next(answers)
            change.differences.extend(_differences(stack, old, new, answer["differences"]))
            text = answer["text"] if new else f"{_LEFT}\n\n{answer['text']}"
            change.texts.append(StackText(stack, text, answer["broadened"]))
        changes.append(change)
    return changes


def _ask(questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if not questions:
        return []
    try:
        done = subprocess.run(
            [str(node()), str(_PROGRAM)],
            input=json.dumps(questions),
            cwd=ROOT,
            env={**shell_environment(), "FORCE_COLOR": "0"},
            capture_output=True, text=True, check=False, timeout=_SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise ComparisonError(f"the templates were not compared after {_SECONDS} s") from error
    if done.returncode:
        raise ComparisonError(done.stderr.strip())
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def _differences(
    stack: str, old: Template, new: Template, found: list[dict[str, Any]]
) -> Iterator[ResourceDifference]:
    before, after = old.get("Resources", {}), new.get("Resources", {})
    for one in found:
        properties = [
            PropertyDifference(p["name"], p.get("old"), p.get("new"), _impact(p["impact"]))
            for p in one["properties"]
        ]
        # The CDK deletes no stack that left the app.
        impact = _impact(one["impact"]) if new else Impact.ORPHAN
        yield ResourceDifference(
            stack, one["id"], one["kind"], impact,
            before.get(one["id"]), after.get(one["id"]), properties,
        )  # fmt: skip


def _impact(said: str) -> Impact:
    """A property that the library's schemas do not know differs, and it says NO_CHANGE."""
    impact = Impact(said)
    return Impact.UPDATE if impact is Impact.NOTHING else impact


def _paths(pair: Pair, stack: str) -> dict[str, str]:
    """Logical id → path of the construct, by which the text then calls it."""
    found: dict[str, str] = {}
    for side in (pair.base, pair.head):
        folder = side.folder if side else None
        for artifact in stacks(folder).values() if folder else ():
            path = str(artifact["displayName"]).partition(" ")[0]
            metadata = artifact.get("metadata", {})
            if folder and (file := artifact.get("additionalMetadataFile")):
                metadata |= json.loads((folder / file).read_text(encoding="utf-8"))
            if path.rpartition("/")[2] == stack:
                found |= _logical_ids(metadata)
    return found


def _logical_ids(metadata: dict[str, Any]) -> dict[str, str]:
    """The stage's own name is left out: the library takes the first part for the stack's."""
    return {
        entry["data"]: path.lstrip("/").partition("/")[2]
        for path, entries in metadata.items()
        for entry in entries
        if entry["type"] == "aws:cdk:logicalId"
    }
