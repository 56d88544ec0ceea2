"""What each role is known to do: the committed lists of what tests and drills heard.

One file a role, written by `make approve LIST=used` (tests/infra/simulated/used.py), read by
whoever has a checkout, or a copy of the folder beside a cloud assembly.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cufit_ops.access.granted import Permission
from cufit_ops.review.permissions.patterns import contains
from cufit_ops.workspace import ROOT

CODE = "as its code does"
"""Said of a use that was heard; anything else is done in the role's name (words.REASONS)."""
COPIED = Path("tests/infra/approved/used")
"""Of a checkout, and of the copy beside its assembly."""
HERE = ROOT / COPIED


@dataclass(frozen=True)
class Use:
    """An action on a resource that somebody needs, for a reason."""

    action: str
    on: str
    """As Permission.on; whatever a pattern covers is used."""
    by: str
    """CODE, or what AWS or a person does in the role's name."""
    attributes: frozenset[str] | None = None
    """Of DynamoDB, where the role is held to some; None: it is held to none."""
    only_if: frozenset[str] = frozenset()
    """Keys, in small letters, of the conditions under which it is allowed."""

    def covers(self, permission: Permission) -> bool:
        return (
            self.action.lower() == permission.action.lower()
            and contains(self.on, permission.on)
            and self.only_if <= permission.keys
        )


@dataclass(frozen=True)
class Used:
    """Of every role, by who takes it."""

    by_holder: Mapping[str, list[Use]]

    @classmethod
    def read(cls, folder: Path) -> "Used":
        """Raises FileNotFoundError where there is no list."""
        files = sorted(folder.glob("*.json"))
        if not files:
            raise FileNotFoundError(
                f"{folder} has no list of what roles do; `make approve LIST=used` writes it"
            )
        return cls({file.stem: [*_uses(file)] for file in files})

    @cached_property
    def _by_action(self) -> Mapping[tuple[str, str], list[Use]]:
        """By holder and action, in small letters: a role that may do everything is asked 20,000
        times."""
        found: dict[tuple[str, str], list[Use]] = {}
        for holder, uses in self.by_holder.items():
            for use in uses:
                found.setdefault((holder, use.action.lower()), []).append(use)
        return found

    def of(self, holder: str, permission: Permission) -> Use | None:
        """What needs the permission."""
        uses = self._by_action.get((holder, permission.action.lower()), ())
        return next((use for use in uses if use.covers(permission)), None)

    def attributes_beyond(self, holder: str, permission: Permission) -> frozenset[str]:
        """Attributes that the permission is held to and nobody touches.

        A statement's are those of all its actions: what one of them reads, another may.
        """
        held = permission.attributes
        use = None if held is None else self.of(holder, permission)
        if held is None or use is None or use.attributes is None:
            return frozenset()
        alike = (
            other.attributes or frozenset()
            for other in self.by_holder[holder]
            if (other.on, other.only_if) == (use.on, use.only_if)
        )
        return held.difference(*alike)


def _uses(file: Path) -> Iterable[Use]:
    for on, actions in json.loads(file.read_text(encoding="utf-8")).items():
        for action, told in actions.items():
            attributes = told.get("attributes")
            yield Use(
                action,
                on,
                told["by"],
                frozenset(attributes.split(", ")) if attributes else None,
                frozenset(told["only if"].split(", ")) if "only if" in told else frozenset(),
            )
