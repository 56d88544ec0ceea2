"""ECS task definitions as DescribeTaskDefinition reports them on AWS.

MiniStack's CloudFormation rewrites some members of a container definition and leaves others
(Secrets, HealthCheck, DependsOn, Ulimits, volumes) in the template's PascalCase, where botocore
finds nothing, and drops RuntimePlatform and EphemeralStorage. The local runner reads a container's
command, environment and secrets from here.
"""

from typing import Any

from ministack.services import ecs

from embedded_aws.plugins import resource_types
from embedded_aws.plugins.resource_types import Properties, Provisioned, camel_cased

_MAPS = frozenset({"DockerLabels", "Options", "DriverOpts", "Labels"})
"""Members whose keys are the user's own."""

_MEMBERS = ("ContainerDefinitions", "Volumes", "RuntimePlatform", "EphemeralStorage")


def apply() -> None:
    resource_types.extend("AWS::ECS::TaskDefinition", "create", _described)
    resource_types.extend("AWS::ECS::TaskDefinition", "update", _described_after_update)


def _described(create: Any) -> Any:
    def handle(logical_id: str, properties: Properties, stack: str) -> Provisioned:
        return _complete(create(logical_id, properties, stack), properties)

    return handle


def _described_after_update(update: Any) -> Any:
    def handle(
        physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str
    ) -> Provisioned:
        return _complete(update(physical_id, old, new, stack, logical_id), new)

    return handle


def _complete(provisioned: Provisioned, properties: Properties) -> Provisioned:
    arn = provisioned[0]
    record = ecs._task_defs[arn.rpartition("/")[2]]
    for member in _MEMBERS:
        if member in properties:
            name = member[:1].lower() + member[1:]
            record[name] = camel_cased(properties[member], _MAPS)
    return provisioned
