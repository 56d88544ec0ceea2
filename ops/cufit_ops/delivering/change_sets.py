"""Change sets of one environment: made, described, and held against what was approved."""

import time
from collections.abc import Iterator, Set
from secrets import token_hex
from typing import Any

from botocore.exceptions import ClientError

from cufit_ops.delivering.assembly import SynthesizedStack, Template, as_answered, digest
from cufit_ops.delivering.plan import Change, PlanError, PlannedStack, State
from cufit_ops.failed_creations import NEVER_MADE
from cufit_ops.review.replacement import referred, replaced

_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
"""As the CDK CLI gives them (aws-cdk 2.1148.1, deploy-stack)."""
_EMPTY = ("didn't contain changes", "No updates are to be performed")
"""What CloudFormation says of a change set without any."""
_UNDER_WAY = ("CREATE_PENDING", "CREATE_IN_PROGRESS")
_NOT_YET = "REVIEW_IN_PROGRESS"
"""A stack of which there is nothing but change sets."""


class ChangeSets:
    """Asks CloudFormation by a boto3 client of the environment's account and region."""

    def __init__(self, cloudformation: Any, *, poll_seconds: float = 2, polls: int = 150) -> None:
        self._cloudformation = cloudformation
        self._poll_seconds = poll_seconds
        self._polls = polls

    def prepare(
        self, stack: SynthesizedStack, exported: set[str], changing: Set[str] = frozenset()
    ) -> PlannedStack:
        """Make the change set that brings `stack` to its template, and say what it changes.

        `exported` are the names that stacks of the environment export by now, `changing` those of
        SSM parameters that stacks before it will write: a change set made now would hold what they
        were.

        Raises:
            PlanError: CloudFormation cannot make it; with its reason.
        """
        status, new = self._status(stack.name), digest(stack.template)
        if status and status.endswith("_IN_PROGRESS") and status != _NOT_YET:
            raise PlanError(
                f"{stack.name} is {status}: CloudFormation is at work on it; prepare again when it "
                "is done"
            )
        exists = status not in (None, _NOT_YET, *NEVER_MADE)
        awaited = {parameter: name for parameter, name in stack.reads.items() if name in changing}
        if because := _why_later(status, stack.imports - exported, set(awaited.values())):
            old = self.template(stack.name) if exists else {}
            changes = template_changes(old, stack.template, awaited.keys())
            return PlannedStack(stack.name, State.FOLLOWS, new, changes, because=because)
        made = self._create(stack, "UPDATE" if exists else "CREATE")
        if made["Status"] == "FAILED":
            self._cloudformation.delete_change_set(
                StackName=stack.name, ChangeSetName=made["ChangeSetId"]
            )
            reason = made.get("StatusReason", "")
            if any(said in reason for said in _EMPTY):
                deployed = digest(as_answered(self.template(stack.name)))
                return PlannedStack(stack.name, State.UNCHANGED, new, answered=deployed)
            raise PlanError(f"{stack.name}: CloudFormation refuses this change: {reason}")
        arn = made["ChangeSetId"]
        changes, answered = self._changes(stack.name, arn), digest(as_answered(stack.template))
        return PlannedStack(stack.name, State.PREPARED, new, changes, arn, answered)

    def verify(self, planned: PlannedStack) -> None:
        """Hold what waits in the account against the plan.

        Raises:
            PlanError: the change set is another one, is gone, or fits the stack no more.
        """
        name = planned.name
        again = "prepare again and have that approved: `cufit prepare --env NAME`"
        unchanged = planned.state is State.UNCHANGED
        if unchanged and digest(as_answered(self.template(name))) != planned.answered:
            raise PlanError(f"{name} was deployed by somebody else meanwhile; {again}")
        if planned.change_set is None:
            return
        try:
            found = self._cloudformation.describe_change_set(
                StackName=name, ChangeSetName=planned.change_set
            )
            template = self.template(name, planned.change_set)
            changes = self._changes(name, planned.change_set)
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("ChangeSetNotFound", "ValidationError"):
                raise
            raise PlanError(f"{name}: the approved change set is not there; {again}") from error
        if found["ExecutionStatus"] != "AVAILABLE":
            raise PlanError(
                f"{name}: the approved change set is {found['ExecutionStatus']}, "
                f"because the stack was changed meanwhile; {again}"
            )
        if digest(as_answered(template)) != planned.answered or changes != planned.changes:
            raise PlanError(f"{name}: the change set is not what was approved; {again}")

    def exported(self, names: list[str]) -> set[str]:
        """What the stacks of these names export by now."""
        return {
            output["ExportName"]
            for name in names
            for output in (self._described(name) or {}).get("Outputs", [])
            if "ExportName" in output
        }

    def template(self, stack: str, change_set: str | None = None) -> Template:
        """The template of a stack, or of one of its change sets; {} where there is no stack."""
        which = {"ChangeSetName": change_set} if change_set else {}
        try:
            found = self._cloudformation.get_template(
                StackName=stack, TemplateStage="Original", **which
            )
        except ClientError as error:
            if change_set or error.response["Error"]["Code"] != "ValidationError":
                raise
            return {}
        template: Template = found["TemplateBody"]
        return template

    def forget_failed_creation(self, stack: str) -> None:
        """Delete a stack whose first creation failed: there is nothing in it, and no other way."""
        if self._status(stack) in NEVER_MADE:
            self._cloudformation.update_termination_protection(
                StackName=stack, EnableTerminationProtection=False
            )
            self._cloudformation.delete_stack(StackName=stack)
            waiter = self._cloudformation.get_waiter("stack_delete_complete")
            waiter.wait(
                StackName=stack, WaiterConfig={"Delay": self._poll_seconds, "MaxAttempts": 450}
            )

    def _create(self, stack: SynthesizedStack, kind: str) -> dict[str, Any]:
        bucket, _, key = stack.template_url.removeprefix("s3://").partition("/")
        endpoint = self._cloudformation.meta.endpoint_url
        region = self._cloudformation.meta.region_name
        on_aws = ".amazonaws.com" in endpoint
        host = f"https://s3.{region}.amazonaws.com" if on_aws else endpoint
        made = self._cloudformation.create_change_set(
            StackName=stack.name,
            ChangeSetName=f"cufit-{token_hex(8)}",
            ChangeSetType=kind,
            TemplateURL=f"{host}/{bucket}/{key}",
            RoleARN=stack.execution_role,
            Capabilities=_CAPABILITIES,
            Tags=[{"Key": key, "Value": value} for key, value in stack.tags.items()],
        )
        for _ in range(self._polls):
            found = self._cloudformation.describe_change_set(
                StackName=stack.name, ChangeSetName=made["Id"]
            )
            if found["Status"] not in _UNDER_WAY:
                described: dict[str, Any] = found
                return described
            time.sleep(self._poll_seconds)
        raise PlanError(f"{stack.name}: its change set is still being made; try again")

    def _changes(self, stack: str, change_set: str) -> tuple[Change, ...]:
        pages = self._cloudformation.get_paginator("describe_change_set")
        return tuple(
            sorted(
                _change(change["ResourceChange"])
                for page in pages.paginate(StackName=stack, ChangeSetName=change_set)
                for change in page["Changes"]
                if change.get("Type") == "Resource"
            )
        )

    def _status(self, name: str) -> str | None:
        found = self._described(name)
        return found["StackStatus"] if found else None

    def _described(self, name: str) -> dict[str, Any] | None:
        try:
            found = self._cloudformation.describe_stacks(StackName=name)["Stacks"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "ValidationError":
                raise
            return None
        described: dict[str, Any] = found[0]
        return None if described["StackStatus"] == "DELETE_COMPLETE" else described


def template_changes(
    old: Template, new: Template, awaited: Set[str] = frozenset()
) -> tuple[Change, ...]:
    """The resources in which two templates differ, and those made of `awaited` parameters or of one
    another; what is made anew by CloudFormation's schemas is said to be replaced."""
    before, after = old.get("Resources", {}), new.get("Resources", {})
    anew = replaced(old, new, awaited)
    changed = set(_template_changes(before, after, anew))
    named = {change.logical_id for change in changed}
    touched = set(awaited)
    while more := {
        logical_id
        for logical_id in before.keys() & after.keys() - touched
        if touched.intersection(referred(after[logical_id]))
    }:
        touched |= more
    resources = touched - awaited - named
    changed |= {_modified(each, after[each]["Type"], anew) for each in resources}
    return tuple(sorted(changed))


def _template_changes(old: Template, new: Template, anew: Set[str]) -> Iterator[Change]:
    for logical_id in old.keys() | new.keys():
        before, after = old.get(logical_id), new.get(logical_id)
        if before is None or after is None:
            kind = (after or before or {})["Type"]
            yield Change("Remove" if after is None else "Add", logical_id, kind)
        elif before != after:
            yield _modified(logical_id, after["Type"], anew)


def _modified(logical_id: str, kind: str, anew: Set[str]) -> Change:
    return Change("Modify", logical_id, kind, "True" if logical_id in anew else "")


def _why_later(status: str | None, missing: Set[str], changing: Set[str]) -> str:
    if status in NEVER_MADE:
        return f"its first creation failed ({status}) and it is made anew"
    if missing:
        return f"it imports {', '.join(f'`{name}`' for name in sorted(missing))}, not exported yet"
    if changing:
        written = ", ".join(f"`{name}`" for name in sorted(changing))
        return f"it reads {written}, which another stack writes before"
    return ""


def _change(found: dict[str, Any]) -> Change:
    names = {
        detail["Target"].get("Name") or detail["Target"]["Attribute"]
        for detail in found.get("Details", [])
    }
    return Change(
        found["Action"],
        found["LogicalResourceId"],
        found["ResourceType"],
        found.get("Replacement", ""),
        tuple(sorted(names)),
    )
