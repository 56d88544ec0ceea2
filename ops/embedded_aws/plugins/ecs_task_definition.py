"""ECS task definitions as DescribeTaskDefinition reports them on AWS.

MiniStack's CloudFormation rewrites some members of a container definition and leaves others
(Secrets, HealthCheck, DependsOn, Ulimits, volumes) in the template's PascalCase, where botocore
finds nothing, and drops RuntimePlatform and EphemeralStorage. The local runner reads a container's
command, environment and secrets from here.
"""

from ministack.services import ecs

from embedded_aws.plugins import resource_types
from embedded_aws.plugins.resource_types import Properties, camel_cased

_MAPS = frozenset({"DockerLabels", "Options", "DriverOpts", "Labels"})
"""Members whose keys are the user's own."""

_MEMBERS = ("ContainerDefinitions", "Volumes", "RuntimePlatform", "EphemeralStorage")


def apply() -> None:
    resource_types.extend("AWS::ECS::TaskDefinition", complete=_describe)


def _describe(arn: str, properties: Properties) -> None:
    record = ecs._task_defs[arn.rpartition("/")[2]]
    for member in _MEMBERS:
        if member in properties:
            name = member[:1].lower() + member[1:]
            record[name] = camel_cased(properties[member], _MAPS)
