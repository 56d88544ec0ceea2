"""Executes one change set by its ARN, and waits until its stack has settled."""

import time
from typing import Any

from cufit_ops.cdk import OnLine
from cufit_ops.delivering.assembly import SynthesizedStack
from cufit_ops.delivering.plan import PlanError

_DONE = ("CREATE_COMPLETE", "UPDATE_COMPLETE")
_CONSEQUENCE = "Resource creation cancelled"
"""CloudFormation's reason for resources that failed only because another did."""


def execute_change_set(
    cloudformation: Any,
    stack: SynthesizedStack,
    change_set: str,
    on_event: OnLine,
    *,
    poll_seconds: float = 2,
    seconds: float = 3300,
) -> None:
    """Execute `change_set` on `stack`; `on_event` gets a line for each resource's step.

    Protection against deletion comes on afterwards, so that a first creation that failed can be
    deleted and tried again.

    Raises:
        PlanError: the stack did not get there; CloudFormation went back to what was before.
    """
    seen = {event["EventId"] for event in _events(cloudformation, stack.name)}
    failures = []
    cloudformation.execute_change_set(StackName=stack.name, ChangeSetName=change_set)
    deadline = time.monotonic() + seconds
    while True:
        (found,) = cloudformation.describe_stacks(StackName=stack.name)["Stacks"]
        for event in reversed(_events(cloudformation, stack.name)):
            if event["EventId"] not in seen:
                seen.add(event["EventId"])
                on_event(_line(event))
                if event["ResourceStatus"].endswith("_FAILED"):
                    failures.append(_line(event))
        if not found["StackStatus"].endswith("IN_PROGRESS"):
            break
        if time.monotonic() > deadline:
            raise PlanError(f"{stack.name} is {found['StackStatus']} after {seconds:.0f} s")
        time.sleep(poll_seconds)
    if found["StackStatus"] not in _DONE:
        causes = [line for line in failures if _CONSEQUENCE not in line]
        raise PlanError("\n".join([f"{stack.name} is {found['StackStatus']}:", *causes]))
    if bool(found.get("EnableTerminationProtection")) is not stack.protected:
        cloudformation.update_termination_protection(
            StackName=stack.name, EnableTerminationProtection=stack.protected
        )


def _events(cloudformation: Any, stack: str) -> list[dict[str, Any]]:
    """The last hundred, the newest first."""
    found: list[dict[str, Any]] = cloudformation.describe_stack_events(StackName=stack)[
        "StackEvents"
    ]
    return found


def _line(event: dict[str, Any]) -> str:
    parts = (event["ResourceStatus"], event["LogicalResourceId"], event["ResourceType"])
    reason = event.get("ResourceStatusReason")
    return " ".join(parts) + (f": {reason}" if reason else "")
