"""Teaches MiniStack's CloudFormation a resource type."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ministack.services.cloudformation import provisioners

logger = logging.getLogger("embedded_aws.plugins")

Properties = dict[str, Any]
Provisioned = tuple[str, dict[str, Any]]
"""Physical id (Ref) and attributes (Fn::GetAtt)."""

Create = Callable[[str, Properties, str], Provisioned]
"""(logical id, properties, stack name)"""

Update = Callable[[str, Properties, Properties, str], Provisioned]
"""(physical id, old properties, new properties, stack name)"""

Delete = Callable[[str, Properties], None]


def add(
    resource_type: str,
    *,
    create: Create,
    delete: Delete,
    update: Update | None = None,
    create_only: Sequence[str] = (),
) -> None:
    """Register a type MiniStack does not know.

    Without `update`, or when a `create_only` property changes, it is created anew; MiniStack
    deletes the one before when it cleans up.
    """
    if resource_type in provisioners._RESOURCE_HANDLERS:
        logger.warning("MiniStack provisions %s itself by now; ours takes over", resource_type)
    handlers: dict[str, Any] = {"create": create, "delete": delete}
    if update is not None:

        def updated(
            physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str
        ) -> Provisioned:
            if any(old.get(name) != new.get(name) for name in create_only):
                return create(logical_id, new, stack)
            return update(physical_id, old, new, stack)

        handlers |= {"update": updated, "update_with_logical_id": True}
    provisioners._RESOURCE_HANDLERS[resource_type] = handlers


def extend(
    resource_type: str,
    *,
    rewrite: Callable[[Properties], Properties] = lambda properties: properties,
    complete: Callable[[str, Properties], None] = lambda _physical_id, _properties: None,
) -> None:
    """Have MiniStack's own handlers see rewritten properties, and complete what they made."""
    handlers = provisioners._RESOURCE_HANDLERS[resource_type]
    create, update = handlers["create"], handlers["update"]

    def created(logical_id: str, properties: Properties, stack: str) -> Provisioned:
        provisioned: Provisioned = create(logical_id, rewrite(properties), stack)
        complete(provisioned[0], properties)
        return provisioned

    def updated(physical_id: str, old: Properties, new: Properties, *where: str) -> Provisioned:
        provisioned: Provisioned = update(physical_id, old, rewrite(new), *where)
        complete(provisioned[0], new)
        return provisioned

    handlers |= {"create": created, "update": updated}


def physical_name(stack_name: str, logical_id: str, longest: int) -> str:
    name: str = provisioners._physical_name(stack_name, logical_id, max_len=longest)
    return name


def camel_cased(value: Any, untouched: frozenset[str] = frozenset()) -> Any:
    """CloudFormation's PascalCase names as the service API writes them.

    The values under names in `untouched` are maps of the user's own keys and stay as they are.
    """
    if isinstance(value, list):
        return [camel_cased(member, untouched) for member in value]
    if not isinstance(value, Mapping):
        return value
    return {
        name[:1].lower() + name[1:]: member if name in untouched else camel_cased(member, untouched)
        for name, member in value.items()
    }
