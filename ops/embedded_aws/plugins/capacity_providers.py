"""`AWS::ECS::ClusterCapacityProviderAssociations`, unknown to MiniStack's CloudFormation although
its ECS has them. Ref is the cluster, as in AWS's schema (primaryIdentifier)."""

from ministack.services import ecs

from embedded_aws.plugins import resource_types
from embedded_aws.plugins.resource_types import Properties, Provisioned, camel_cased


def apply() -> None:
    resource_types.add(
        "AWS::ECS::ClusterCapacityProviderAssociations",
        create=lambda _logical_id, properties, _stack: _put(properties),
        update=lambda _physical_id, _old, new, _stack: _put(new),
        delete=_delete,
        create_only=("Cluster",),
    )


def _put(properties: Properties) -> Provisioned:
    status, _headers, body = ecs._put_cluster_capacity_providers(camel_cased(properties))
    if status >= 400:
        raise ValueError(body)
    return properties["Cluster"], {}


def _delete(physical_id: str, _properties: Properties) -> None:
    ecs._put_cluster_capacity_providers({"cluster": physical_id, "capacityProviders": []})
