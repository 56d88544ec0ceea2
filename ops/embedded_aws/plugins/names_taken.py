"""A role or parameter under a name that the account has already is refused.

MiniStack takes over what is there, whoever made it, and a rollback deletes it.
"""

from collections.abc import Container
from typing import Any

from ministack.services import iam, ssm
from ministack.services.cloudformation import provisioners

from embedded_aws.plugins.resource_types import Properties, Provisioned

NAMED: dict[str, tuple[str, Container[str]]] = {
    "AWS::IAM::Role": ("RoleName", iam._roles),
    "AWS::SSM::Parameter": ("Name", ssm._parameters),
}
"""Type → the property that names it, and what there is by name."""


def apply() -> None:
    for resource_type, (key, existing) in NAMED.items():
        handlers = provisioners._RESOURCE_HANDLERS[resource_type]
        handlers["create"] = _unless_taken(resource_type, handlers["create"], key, existing)


def _unless_taken(resource_type: str, create: Any, key: str, existing: Container[str]) -> Any:
    def created(logical_id: str, properties: Properties, stack: str) -> Provisioned:
        name = properties.get(key)
        if name in existing:
            raise ValueError(
                f"Resource of type '{resource_type}' with identifier '{name}' already exists."
            )
        made: Provisioned = create(logical_id, properties, stack)
        return made

    return created
