"""What DynamoDB and CloudFormation refuse to do to a table, and that an update keeps its items.

One index is added or deleted in an update, and the keys or the projection of none are changed:
MiniStack does all of it at once. A table under deletion protection is not deleted with its stack
either: MiniStack asks for the protection in the API alone. And it takes every update of a global
table without a name for a new name: a new, empty table.
"""

from typing import Any

from ministack.services.cloudformation import provisioners

from embedded_aws.plugins.resource_types import Properties, Provisioned

TYPES = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")


def apply() -> None:
    for resource_type in TYPES:
        handlers = provisioners._RESOURCE_HANDLERS[resource_type]
        update = handlers["update"]
        if resource_type == "AWS::DynamoDB::GlobalTable":
            update = _under_its_name(update)
        handlers |= {
            "update": _one_index_at_a_time(update),
            "delete": _unprotected(handlers["delete"]),
        }


def _under_its_name(update: Any) -> Any:
    def updated(physical_id: str, old: Properties, new: Properties, *where: str) -> Provisioned:
        made: Provisioned = update(physical_id, old, {**new, "TableName": physical_id}, *where)
        return made

    return updated


def _one_index_at_a_time(update: Any) -> Any:
    def updated(physical_id: str, old: Properties, new: Properties, *where: str) -> Provisioned:
        before, after = _indexes(old), _indexes(new)
        if len(before.keys() ^ after.keys()) > 1:
            raise ValueError(
                "Cannot perform more than one GSI creation or deletion in a single update"
            )
        if any(before[name] != after[name] for name in before.keys() & after.keys()):
            raise ValueError(
                "Cannot update GSI's properties other than Provisioned Throughput and Contributor "
                "Insights Specification. You can create a new GSI with a different name."
            )
        made: Provisioned = update(physical_id, old, new, *where)
        return made

    return updated


def _unprotected(delete: Any) -> Any:
    def deleted(physical_id: str, properties: Properties, *where: str) -> None:
        described = [properties, *(properties.get("Replicas") or [])]
        if any(each.get("DeletionProtectionEnabled") for each in described):
            raise ValueError(
                "Resource cannot be deleted as it is currently protected against deletion. "
                "Disable deletion protection first."
            )
        delete(physical_id, properties, *where)

    return deleted


def _indexes(properties: Properties) -> dict[str, tuple[Any, Any]]:
    return {
        index["IndexName"]: (index.get("KeySchema"), index.get("Projection"))
        for index in properties.get("GlobalSecondaryIndexes") or []
    }
