"""Teaches MiniStack's CloudFormation a resource type."""

import logging
from collections.abc import Callable, Mapping
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
    resource_type: str, *, create: Create, delete: Delete, update: Update | None = None
) -> None:
    """Register a type MiniStack does not know. Without `update` a change creates it anew."""
    if resource_type in provisioners._RESOURCE_HANDLERS:
        logger.warning("MiniStack provisions %s itself by now; ours takes over", resource_type)
    handlers: dict[str, Any] = {"create": create, "delete": delete}
    if update is not None:
        handlers["update"] = update
    provisioners._RESOURCE_HANDLERS[resource_type] = handlers


def extend(resource_type: str, operation: str, wrap: Callable[[Any], Any]) -> None:
    """Replace a handler MiniStack has by `wrap(handler)`."""
    handlers = provisioners._RESOURCE_HANDLERS[resource_type]
    handlers[operation] = wrap(handlers[operation])


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
