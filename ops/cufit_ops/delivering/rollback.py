"""The way back: an earlier commit deployed again, from a checkout of its own with its own packages.

Its templates are held against what is deployed first: code goes back, data never does.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cufit_ops.delivering.assembly import Template, as_answered, stacks_in_order
from cufit_ops.delivering.change_sets import template_changes
from cufit_ops.delivering.plan import Change
from cufit_ops.git_worktree import RevisionError, git
from cufit_ops.review.replacement import fixed, replaced
from cufit_ops.workspace import ROOT

DATA_BEARING = {
    "AWS::DynamoDB::GlobalTable",
    "AWS::S3::Bucket",
    "AWS::S3Vectors::VectorBucket",
    "AWS::S3Vectors::Index",
    "AWS::Bedrock::KnowledgeBase",
    "AWS::Bedrock::DataSource",
    "AWS::SQS::Queue",
    "AWS::SSM::Parameter",
}
"""What a new one of would be empty, or forget what somebody set."""


class RollbackError(Exception):
    """There is no way back to that commit; the message says why."""


@dataclass(frozen=True)
class WayBack:
    environment: str
    commit: str
    subject: str
    changes: Mapping[str, tuple[Change, ...]]
    """Stack → what differs from what is deployed."""
    lost: list[str]
    """A sentence for each thing whose data would be gone."""


def known_commit(revision: str, *, root: Path = ROOT) -> tuple[str, str]:
    """The commit that `revision` names, and its subject.

    Raises:
        RollbackError: there is none, or it was never a part of this branch.
    """
    try:
        commit = git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", root=root)
    except RevisionError as error:
        raise RollbackError(
            f"--to {revision}: no commit of this repository; `git log --oneline` lists them"
        ) from error
    try:
        git("merge-base", "--is-ancestor", commit, "HEAD", root=root)
    except RevisionError as error:
        raise RollbackError(
            f"--to {revision}: {commit[:12]} is no part of this branch's history, so it was never "
            "deployed from it; check out the branch that it is on"
        ) from error
    return commit, git("log", "-1", "--format=%s", commit, root=root)


def way_back(
    environment: str, commit: str, subject: str, checkout: Path, deployed: Callable[[str], Template]
) -> WayBack:
    """What deploying `checkout`, synthesized into its cdk.out, would change.

    `deployed` gives the template of a stack by name, {} when there is none.

    Raises:
        RollbackError: the commit has no such environment.
    """
    if not (checkout / "config" / f"{environment}.toml").is_file():
        raise RollbackError(f"{commit[:12]} has no config/{environment}.toml")
    changes, lost = {}, []
    for stack in stacks_in_order(checkout / "cdk.out", environment, account="ACCOUNT"):
        now = deployed(stack.name)
        then = as_answered(stack.template)
        lost += [f"{stack.name}: {found}" for found in _lost(now, then)]
        if found := template_changes(now, then):
            changes[stack.name] = found
    return WayBack(environment, commit, subject, changes, lost)


def _lost(now: Template, then: Template) -> Iterator[str]:
    after, anew = then.get("Resources", {}), replaced(now, then)
    for logical_id, resource in now.get("Resources", {}).items():
        kind = resource["Type"]
        if kind not in DATA_BEARING:
            continue
        if after.get(logical_id, {}).get("Type") != kind:
            yield f"{logical_id} ({kind}) is not in that commit"
        elif logical_id in anew:
            differs = ", ".join(fixed(resource, after[logical_id], anew))
            yield f"{logical_id} ({kind}) would be made anew, because {differs} differs"
