"""What another stack imports can be neither removed nor changed.

MiniStack refuses to delete a stack whose exports are imported; an update that takes one away or
changes its value goes through, and the old value stays to be imported for ever. Here such an update
fails when its outputs are worked out, after its resources, and rolls back, as on AWS.
"""

from collections.abc import Callable, Mapping
from typing import Any

from ministack.services import cloudformation
from ministack.services.cloudformation import handlers, stacks

Outputs = tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]


def apply() -> None:
    resolve: Callable[..., Outputs] = stacks._resolve_stack_outputs

    def resolve_unless_in_use(*given: Any) -> Outputs:
        *_, stack_name, stack_id = given
        outputs, exports = resolve(*given)
        _refuse(stack_name, stack_id, exports)
        for name in [name for name, held in _held(stack_id).items() if name not in exports]:
            del cloudformation._exports[name]
        return outputs, exports

    stacks._resolve_stack_outputs = resolve_unless_in_use


def _refuse(stack_name: str, stack_id: str, exports: Mapping[str, dict[str, Any]]) -> None:
    """Raises: ValueError, in the words of CloudFormation's own events."""
    for name in exports:
        other = cloudformation._exports.get(name)
        if other is not None and other["StackId"] != stack_id:
            owner = other["StackId"].split("/")[1]
            raise ValueError(f"Export with name {name} is already exported by stack {owner}")
    for name, held in _held(stack_id).items():
        kept = exports.get(name)
        if kept is not None and kept["Value"] == held["Value"]:
            continue
        if users := _importers(name, stack_name):
            verb = "delete" if kept is None else "update"
            raise ValueError(f"Cannot {verb} export {name} as it is in use by {', '.join(users)}.")


def _held(stack_id: str) -> dict[str, dict[str, Any]]:
    return {
        name: export
        for name, export in cloudformation._exports.items()
        if export["StackId"] == stack_id
    }


def _importers(name: str, exporter: str) -> list[str]:
    return [
        other
        for other, stack in cloudformation._stacks.items()
        if other != exporter
        and stack["StackStatus"] != "DELETE_COMPLETE"
        and name in handlers._imported_export_names(stack, other)
    ]
