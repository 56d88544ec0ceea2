"""What a change does to each environment, from templates alone: no credential, forks too.

Base and head are synthesized and the pinned CDK CLI compares each stack's templates. The report
puts first what CloudFormation will refuse, then what destroys or replaces a resource, then what
widens a permission.
"""

import json
import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cufit_ops.cdk import cdk, shell_environment
from cufit_ops.git_worktree import RevisionError, worktree
from cufit_ops.review.refused import refusals
from cufit_ops.review.replacement import REPLACED_BY_DESIGN
from cufit_ops.step_progress import Progress
from cufit_ops.template_graph import Account
from cufit_ops.templates import SynthError, stacks, synthesize, templates
from cufit_ops.workspace import ROOT

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_DESTRUCTIVE = re.compile(r"^\[.\] .*\b(destroy|replace|may be replaced)\b")
_SECURITY = re.compile(r"^(IAM Statement Changes|IAM Policy Changes|Security Group Changes)$", re.M)
_CHATTER = ("Stack ", "(NOTE: ", "✨", "Number of stacks", "start: ", "success: ")

MARKER = "<!-- cufit-diff:{environment} -->"
"""First line of a report: by it the workflow finds the comment to replace."""


class DiffError(Exception):
    """The base cannot be read; the message says why."""


@dataclass(frozen=True)
class StackDiff:
    name: str
    text: str
    """What the CLI said; empty when the templates are equal."""

    @property
    def destructive(self) -> list[str]:
        return [
            line.strip()
            for line in self.text.splitlines()
            if _DESTRUCTIVE.search(line) and not any(kind in line for kind in REPLACED_BY_DESIGN)
        ]

    @property
    def touches_permissions(self) -> bool:
        return _SECURITY.search(self.text) is not None


@dataclass(frozen=True)
class EnvironmentDiff:
    environment: str
    stacks: list[StackDiff]
    refusals: list[str] = field(default_factory=list)
    """Why CloudFormation will not take it onto the base, a sentence each."""

    @property
    def changed(self) -> list[StackDiff]:
        return [stack for stack in self.stacks if stack.text]

    def markdown(self) -> str:
        lines = [
            MARKER.format(environment=self.environment),
            f"### cdk diff: `{self.environment}`",
            "",
        ]
        if not self.changed:
            return "\n".join([*lines, "No resource changes.", ""])
        if self.refusals:
            lines += ["**✗ Cannot be deployed at once:**", ""]
            lines += [f"- {reason}" for reason in self.refusals] + [""]
        destructive = [(s.name, line) for s in self.changed for line in s.destructive]
        if destructive:
            lines += ["**‼ Destroys or replaces:**", ""]
            lines += [f"- `{name}`: `{line}`" for name, line in destructive] + [""]
        widened = [stack.name for stack in self.changed if stack.touches_permissions]
        if widened:
            names = ", ".join(f"`{name}`" for name in widened)
            lines += [f"**Permissions or security groups change in:** {names}", ""]
        for stack in self.changed:
            fence = "```"
            lines += [f"<details><summary><code>{stack.name}</code></summary>", "", fence]
            lines += [stack.text, fence, "", "</details>", ""]
        equal = len(self.stacks) - len(self.changed)
        return "\n".join([*lines, f"{equal} of {len(self.stacks)} stacks are unchanged.", ""])


def compare(base: str, only: str | None, progress: Progress) -> list[EnvironmentDiff]:
    """Compare this checkout with the commit `base` (any git revision).

    Raises:
        DiffError: `base` is no revision here.
        SynthError: this checkout does not synthesize.
    """
    with tempfile.TemporaryDirectory(prefix="cufit-diff-") as folder:
        before, after = Path(folder) / "base.out", Path(folder) / "head.out"
        with progress.step("templates of this checkout"):
            synthesize(ROOT, after, validate=False)
        with progress.step(f"templates of {base}"):
            _synthesize_base(base, Path(folder), before)
        found = []
        for environment in _environments(before, after):
            if only in (None, environment):
                with progress.step(f"cdk diff {environment}"):
                    found.append(_compare_environment(environment, before, after))
        return found


def _synthesize_base(base: str, folder: Path, output: Path) -> None:
    try:
        with worktree(base, folder / "base") as checkout:
            if not (checkout / "app.py").is_file():
                output.mkdir()  # a commit from before there was an app: everything is new
                return
            synthesize(checkout, output, validate=False)
    except RevisionError as error:
        raise DiffError(f"--base {base}: {error}") from error
    except SynthError as error:
        raise DiffError(f"{base} does not synthesize:\n{error}") from error


def _environments(*assemblies: Path) -> list[str]:
    """Names of the stages: `assembly-cufit-dev` holds environment dev."""
    prefix = "assembly-cufit-"
    found = {
        folder.name.removeprefix(prefix)
        for assembly in assemblies
        for folder in assembly.glob(f"{prefix}*")
    }
    return sorted(found)


def _compare_environment(environment: str, before: Path, after: Path) -> EnvironmentDiff:
    stage = f"assembly-cufit-{environment}"
    old = {path.name: path for path in templates(before / stage)}
    new = {path.name: path for path in templates(after / stage)}
    artifacts = stacks(before / stage) | stacks(after / stage)
    diffs = [
        StackDiff(
            artifacts[name]["properties"]["stackName"],
            _compare_stack(old.get(name), new.get(name), artifacts[name], after / stage),
        )
        for name in sorted(old | new)
    ]
    refused = refusals(Account.read(before / stage), Account.read(after / stage))
    return EnvironmentDiff(environment, diffs, refused)


def _compare_stack(
    old: Path | None, new: Path | None, artifact: dict[str, Any], assembly: Path
) -> str:
    if new is None:
        return "[-] not in the app any more; it stays deployed until somebody deletes it"
    if old is not None and json.loads(old.read_text()) == json.loads(new.read_text()):
        return ""
    if old is None:
        old = new.with_suffix(".empty.json")
        old.write_text("{}")
    selector = str(artifact["displayName"]).partition(" ")[0]
    said = cdk(
        "diff", selector, "--exclusively", "--app", str(assembly),
        "--template", str(old), "--context-lines", "1",
        env=shell_environment(), on_line=lambda _: None,
    )  # fmt: skip
    kept = [line for line in _ANSI.sub("", said).splitlines() if not line.startswith(_CHATTER)]
    return "\n".join(kept).strip()
