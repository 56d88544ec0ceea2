"""Carries out an approved plan: everything is held against it first, then stack after stack."""

from collections.abc import Callable, Mapping

from cufit_ops.delivering.assembly import SynthesizedStack, digest
from cufit_ops.delivering.change_sets import ChangeSets
from cufit_ops.delivering.plan import Plan, PlanError, PlannedStack, State

Execute = Callable[[SynthesizedStack, str], None]
"""Executes the change set of this ARN on a stack, and returns when the stack has settled."""


def carry_out(
    plan: Plan, stacks: list[SynthesizedStack], change_sets: ChangeSets, execute: Execute
) -> list[str]:
    """Names of the stacks that were changed.

    Raises:
        PlanError: something is not as it was approved. Before the first execution nothing was
            done; a stack that follows may stop it later, and what was executed stays.
    """
    by_name = {stack.name: stack for stack in stacks}
    _fits(plan, by_name)
    for planned in plan.stacks:
        change_sets.verify(planned)
    done = []
    for planned in plan.stacks:
        stack = by_name[planned.name]
        ready = planned
        if planned.state is State.FOLLOWS:
            ready = _prepared_now(planned, stack, change_sets, list(by_name))
        if ready.change_set:
            execute(stack, ready.change_set)
            done.append(stack.name)
    return done


def _fits(plan: Plan, stacks: Mapping[str, SynthesizedStack]) -> None:
    """This checkout has the stacks and templates that were approved."""
    if [stack.name for stack in plan.stacks] != list(stacks):
        raise PlanError(
            f"the plan is of {', '.join(stack.name for stack in plan.stacks)}, and this checkout "
            f"has {', '.join(stacks)}; check out {plan.commit}"
        )
    for planned in plan.stacks:
        if digest(stacks[planned.name].template) != planned.template:
            raise PlanError(
                f"{planned.name}: this checkout's template is not the approved one; "
                f"check out {plan.commit}"
            )


def _prepared_now(
    planned: PlannedStack, stack: SynthesizedStack, change_sets: ChangeSets, names: list[str]
) -> PlannedStack:
    change_sets.forget_failed_creation(stack.name)
    ready = change_sets.prepare(stack, change_sets.exported(names))
    approved = {(change.action, change.logical_id) for change in planned.changes}
    more = {(change.action, change.logical_id) for change in ready.changes} - approved
    told = {change.logical_id for change in planned.changes if change.destroys}
    more |= {
        ("Replace", change.logical_id)
        for change in ready.changes
        if change.action == "Modify" and change.destroys and change.logical_id not in told
    }
    if more:
        raise PlanError(
            f"{planned.name}: its change set does more than was approved: "
            + ", ".join(f"{action} {logical_id}" for action, logical_id in sorted(more))
            + "; what was executed stays; prepare again and have the rest approved"
        )
    if ready.state is State.FOLLOWS:
        raise PlanError(f"{planned.name} cannot be deployed: {ready.because}")
    return ready
