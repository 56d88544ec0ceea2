"""`AWS::ApplicationAutoScaling::ScalableTarget`, a service MiniStack does not have.

Taken and remembered by CloudFormation, with the create-only properties of its schema; its hours are
not played: whoever wants to see an environment parked parks it (`cufit park`).
"""

from embedded_aws.plugins import resource_types
from embedded_aws.plugins.resource_types import Properties, Provisioned


def apply() -> None:
    resource_types.add(
        "AWS::ApplicationAutoScaling::ScalableTarget",
        create=_create,
        update=_update,
        delete=lambda _physical_id, _properties: None,
        create_only=("ResourceId", "ScalableDimension", "ServiceNamespace"),
    )


def _create(_logical_id: str, properties: Properties, _stack: str) -> Provisioned:
    least, most = int(properties["MinCapacity"]), int(properties["MaxCapacity"])
    if not 0 <= least <= most:
        raise ValueError(f"MinCapacity {least} and MaxCapacity {most} are not a range")
    parts = (properties[key] for key in ("ResourceId", "ScalableDimension", "ServiceNamespace"))
    name = "|".join(parts)
    return name, {"Id": name}


def _update(physical_id: str, _old: Properties, new: Properties, stack: str) -> Provisioned:
    return _create(physical_id, new, stack)
