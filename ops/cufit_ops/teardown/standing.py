"""What of an environment stands in its account: found by name, whether a stack still knows it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cufit_ops.deployed_environment import Deployed
from stacks.bootstrap import qualifier, toolkit_stack
from stacks.settings import Environment

STACK, TABLE, PHOTOS, PARAMETER, LOGS = "stack", "table", "photo bucket", "parameter", "log group"
BOOTSTRAP_STACK, BOOTSTRAP_BUCKET, BOOTSTRAP_IMAGES = (
    "bootstrap's stack",
    "bootstrap's bucket",
    "bootstrap's images",
)
DATA = (TABLE, PHOTOS)
"""Kinds that people's data is in."""


@dataclass(frozen=True, slots=True)
class Thing:
    kind: str
    name: str
    holds: str = ""
    """How much is in it, as far as it is known without reading it."""

    def __str__(self) -> str:
        return f"{self.kind} {self.name}" + (f" ({self.holds})" if self.holds else "")


def what_stands(deployed: Deployed, settings: Environment) -> list[Thing]:
    """Everything that a deployment, a bootstrap, or a person as told by docs/deploy.md has made.

    Not found by name: what AWS shares between environments (service-linked roles) or keeps for a
    while by itself (backups of deleted tables, metrics).
    """
    found = _Found(deployed, settings.name)
    return [
        *found.stacks(),
        *found.tables(),
        *found.photo_buckets(),
        *found.parameters(),
        *found.log_groups(),
        *found.bootstrap(settings),
    ]


def environments_that_trust(deployed: Deployed, settings: Environment) -> list[str]:
    """Others of the account whose GitHub deployments use the provider that goes with this one."""
    cloudformation = deployed.client("cloudformation")
    mine = f"cufit-{settings.name}-Delivery"
    names = [stack["StackName"] for stack in living_stacks(cloudformation)]
    others = [n.split("-")[1] for n in names if n.startswith("cufit-") and n.endswith("-Delivery")]
    if mine not in names:
        return []
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=mine)
    types = {one["ResourceType"] for page in pages for one in page["StackResourceSummaries"]}
    if "AWS::IAM::OIDCProvider" not in types:
        return []
    return [name for name in others if name != settings.name]


def living_stacks(cloudformation: Any) -> Iterator[dict[str, Any]]:
    for page in cloudformation.get_paginator("describe_stacks").paginate():
        yield from (s for s in page["Stacks"] if s["StackStatus"] != "DELETE_COMPLETE")


class _Found:
    def __init__(self, deployed: Deployed, environment: str) -> None:
        self._deployed, self._environment = deployed, environment
        self._prefix = f"cufit-{environment}-"

    def stacks(self) -> Iterator[Thing]:
        for stack in living_stacks(self._deployed.client("cloudformation")):
            if stack["StackName"].startswith(self._prefix):
                yield Thing(STACK, stack["StackName"])

    def tables(self) -> Iterator[Thing]:
        dynamodb = self._deployed.client("dynamodb")
        for name in self._pages(dynamodb, "list_tables", "TableNames"):
            if name.startswith(f"{self._prefix}Data-"):
                described = dynamodb.describe_table(TableName=name)["Table"]
                yield Thing(TABLE, name, f"about {described['ItemCount']} items")

    def photo_buckets(self) -> Iterator[Thing]:
        s3 = self._deployed.client("s3")
        for bucket in s3.list_buckets()["Buckets"]:
            if bucket["Name"].startswith(f"{self._prefix}data-"):  # as CloudFormation names it
                count = s3.list_objects_v2(Bucket=bucket["Name"], MaxKeys=1000)["KeyCount"]
                more = "more than " if count == 1000 else ""
                yield Thing(PHOTOS, bucket["Name"], f"{more}{count} objects")

    def parameters(self) -> Iterator[Thing]:
        below = {"Key": "Name", "Option": "BeginsWith", "Values": [f"/cufit/{self._environment}/"]}
        ssm = self._deployed.client("ssm")
        listed = self._pages(ssm, "describe_parameters", "Parameters", ParameterFilters=[below])
        for parameter in listed:
            yield Thing(PARAMETER, parameter["Name"])

    def log_groups(self) -> Iterator[Thing]:
        logs = self._deployed.client("logs")
        for prefix in (self._prefix, f"/aws/lambda/{self._prefix}"):
            listed = self._pages(
                logs, "describe_log_groups", "logGroups", logGroupNamePrefix=prefix
            )
            for group in listed:
                yield Thing(LOGS, group["logGroupName"])

    def bootstrap(self, settings: Environment) -> Iterator[Thing]:
        """In the order in which it goes: images keep the stack, which retains the bucket."""
        prefix = f"cdk-{qualifier(settings)}-"
        repositories = self._pages(
            self._deployed.client("ecr"), "describe_repositories", "repositories"
        )
        for repository in repositories:
            if repository["repositoryName"].startswith(f"{prefix}container-assets-"):
                yield Thing(BOOTSTRAP_IMAGES, repository["repositoryName"])
        stack = toolkit_stack(settings)
        stacks = living_stacks(self._deployed.client("cloudformation"))
        if stack in {one["StackName"] for one in stacks}:
            yield Thing(BOOTSTRAP_STACK, stack)
        for bucket in self._deployed.client("s3").list_buckets()["Buckets"]:
            if bucket["Name"].startswith(f"{prefix}assets-"):
                yield Thing(BOOTSTRAP_BUCKET, bucket["Name"])

    @staticmethod
    def _pages(client: Any, operation: str, key: str, **request: Any) -> Iterator[Any]:
        for page in client.get_paginator(operation).paginate(**request):
            yield from page[key]
