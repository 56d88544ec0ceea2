"""The deployed task definition: what ECS would run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class TaskDefinition:
    """Of the service, with the one container it has."""

    arn: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    role_arn: str
    log_group: str
    stop_timeout_seconds: int
    cpu_units: int
    memory_mib: int


def deployed_arn(ecs: Any, cluster: str, service: str) -> str:
    """The revision that the service's last deployment asks for."""
    described = ecs.describe_services(cluster=cluster, services=[service])
    arn: str = described["services"][0]["taskDefinition"]
    return arn


def read_task_definition(
    clients: Callable[[str], Any], cluster: str, service: str
) -> TaskDefinition:
    """That of the service's last deployment, with the values of its secrets."""
    ecs = clients("ecs")
    arn = deployed_arn(ecs, cluster, service)
    task = ecs.describe_task_definition(taskDefinition=arn)["taskDefinition"]
    container = task["containerDefinitions"][0]
    environment = {item["name"]: item["value"] for item in container.get("environment", [])}
    for secret in container.get("secrets", []):
        environment[secret["name"]] = _secret(clients, secret["valueFrom"])
    return TaskDefinition(
        arn=arn,
        command=tuple(container["command"]),
        environment=environment,
        role_arn=task["taskRoleArn"],
        log_group=container["logConfiguration"]["options"]["awslogs-group"],
        stop_timeout_seconds=int(container.get("stopTimeout", 30)),
        cpu_units=int(task["cpu"]),
        memory_mib=int(task["memory"]),
    )


def _secret(clients: Callable[[str], Any], value_from: str) -> str:
    """A parameter's or a secret's value, as ECS injects it."""
    if ":secretsmanager:" in value_from:
        found = clients("secretsmanager").get_secret_value(SecretId=value_from)
        return str(found["SecretString"])
    name = value_from.partition(":parameter")[2] or value_from
    return str(clients("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"])
