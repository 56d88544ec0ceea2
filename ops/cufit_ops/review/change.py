"""Two synthesized versions of one environment, side by side, and what differs between them."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from cufit_ops.template_graph import Account


class Impact(StrEnum):
    """ResourceImpact of @aws-cdk/cloudformation-diff (lib/diff/types.d.ts)."""

    CREATE = "WILL_CREATE"
    UPDATE = "WILL_UPDATE"
    IMPORT = "WILL_IMPORT"
    REPLACE = "WILL_REPLACE"
    MAY_REPLACE = "MAY_REPLACE"
    DESTROY = "WILL_DESTROY"
    ORPHAN = "WILL_ORPHAN"
    NOTHING = "NO_CHANGE"


@dataclass(frozen=True)
class PropertyDifference:
    name: str
    old: Any
    new: Any
    impact: Impact


@dataclass(frozen=True)
class ResourceDifference:
    stack: str
    """`Data`, as in Account.stacks."""
    logical_id: str
    kind: str
    """CloudFormation's type, of the old resource when it is gone."""
    impact: Impact
    old: dict[str, Any] | None
    """The whole resource as in the template; None when it is new."""
    new: dict[str, Any] | None
    properties: list[PropertyDifference] = field(default_factory=list)


@dataclass(frozen=True)
class Side:
    """One environment of one synthesized version."""

    account: Account
    folder: Path | None = None
    """The stage's folder of the cloud assembly, its assets beside it; None in tests."""
    configuration: dict[str, Any] | None = None
    """The environment's TOML as read; None when it does not lie beside the assembly."""


@dataclass(frozen=True)
class StackText:
    """One stack's difference as `cdk diff` prints it."""

    stack: str
    text: str
    broadened: bool
    """Whether the library says that permissions or security groups widen; also true when the same
    permission is written in another way."""


@dataclass(frozen=True, eq=False)
class Change:
    """What a change does to one environment. Everything known comes from the two assemblies.

    Equal to itself alone, so that what was worked out of it can be kept.
    """

    environment: str
    base: Side | None
    """None: the environment is new."""
    head: Side | None
    """None: the environment's file is gone; what is deployed stays."""
    differences: list[ResourceDifference]
    texts: list[StackText] = field(default_factory=list)
    """Of the stacks that differ."""
