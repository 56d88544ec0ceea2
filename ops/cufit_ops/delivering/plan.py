"""What a deployment will do, as it is read and approved: every stack with its change set."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from cufit_ops.review.replacement import REPLACED_BY_DESIGN

_PERMISSIONS = ("AWS::IAM::", "AWS::EC2::SecurityGroup", "AWS::Lambda::Permission")


class PlanError(Exception):
    """A plan cannot be made, read or carried out; the message says why and what to do."""


class State(StrEnum):
    PREPARED = "prepared"
    """Its change set waits in the account."""
    UNCHANGED = "unchanged"
    FOLLOWS = "follows"
    """Its change set can only be made when the stacks before it are deployed."""


@dataclass(frozen=True, order=True)
class Change:
    """One resource, in CloudFormation's words (botocore: ResourceChange)."""

    action: str
    """Add, Modify, Remove, Import, Dynamic."""
    logical_id: str
    type: str
    replacement: str = ""
    """True, Conditional, False; True or empty where only templates could be read."""
    properties: tuple[str, ...] = ()
    """What is modified of it, where CloudFormation says so."""

    @property
    def destroys(self) -> bool:
        replaced = self.replacement in ("True", "Conditional")
        return self.action == "Remove" or (replaced and self.type not in REPLACED_BY_DESIGN)


@dataclass(frozen=True)
class PlannedStack:
    name: str
    state: State
    template: str
    """Digest of the checkout's template."""
    changes: tuple[Change, ...] = ()
    change_set: str | None = None
    """Its ARN, which no other change set ever has; None unless it is prepared."""
    answered: str | None = None
    """Digest of what GetTemplate says: of the change set, or of the stack that stays unchanged,
    whose template may differ where CloudFormation counts no change. None for what follows."""
    because: str = ""
    """Why it follows."""


@dataclass(frozen=True)
class Plan:
    environment: str
    account: str
    region: str
    commit: str
    stacks: tuple[PlannedStack, ...]
    version: Literal[1] = 1

    @classmethod
    def read(cls, file: Path) -> "Plan":
        """Raises PlanError for what is no plan of this version."""
        try:
            return TypeAdapter(cls).validate_json(file.read_bytes())
        except FileNotFoundError as error:
            raise PlanError(f"{file} is not there; make it: `cufit prepare --env NAME`") from error
        except ValidationError as error:
            raise PlanError(f"{file} is no plan that `cufit prepare` wrote: {error}") from error

    def json(self) -> dict[str, Any]:
        return asdict(self)

    def markdown(self) -> str:
        """What a reviewer reads: what is lost first, then permissions, then all of it."""
        changed = [stack for stack in self.stacks if stack.state is not State.UNCHANGED]
        lines = [
            f"### Deployment of `{self.environment}`, commit `{self.commit[:12]}`",
            "",
            f"Account {self.account}, {self.region}. {self._promise()}",
            "",
        ]
        if not changed:
            return "\n".join([*lines, "No stack changes.", ""])
        lines += _listed("‼ Removes or replaces", changed, lambda change: change.destroys)
        lines += _listed(
            "Permissions and ways in", changed, lambda change: change.type.startswith(_PERMISSIONS)
        )
        for stack in changed:
            lines += _details(stack)
        equal = len(self.stacks) - len(changed)
        return "\n".join([*lines, f"{equal} of {len(self.stacks)} stacks are unchanged.", ""])

    def _promise(self) -> str:
        if all(stack.state is not State.FOLLOWS for stack in self.stacks):
            return "Exactly this is executed, or nothing is."
        return (
            "Nothing else is executed; when a stack that follows is refused, those before it stay "
            "deployed."
        )


def _listed(title: str, stacks: list[PlannedStack], wanted: Any) -> Iterator[str]:
    found = [(s.name, change) for s in stacks for change in s.changes if wanted(change)]
    if found:
        yield from (f"**{title}:**", "")
        for name, change in found:
            yield f"- `{name}`: {change.action} `{change.logical_id}` ({change.type})"
        yield ""


def _details(stack: PlannedStack) -> Iterator[str]:
    count = len(stack.changes)
    yield f"<details><summary><code>{stack.name}</code>: {count} resources</summary>"
    yield ""
    if stack.state is State.FOLLOWS:
        yield f"Follows, because {stack.because}. Read from the templates; its change set is made "
        yield "then, and refused if it changes or replaces more than is listed."
        yield ""
    yield from ("| | resource | type | replaced | what |", "|---|---|---|---|---|")
    for change in stack.changes:
        what = ", ".join(change.properties)
        yield (
            f"| {change.action} | `{change.logical_id}` | {change.type} | "
            f"{change.replacement} | {what} |"
        )
    yield from ("", "</details>", "")
