"""An embedded AWS of its own, the CDK CLI that deploys onto it, and what is there afterwards."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cufit_contracts.environment import variable
from cufit_ops.cdk import CdkError, cdk
from cufit_ops.laptop import embedded_aws, processes
from cufit_ops.laptop.environment import ACCOUNT, client, root_environment
from cufit_ops.workspace import Workspace
from stacks.bootstrap import qualifier, toolkit_stack
from stacks.settings import Environment

IMAGE_BUILDER = Path(__file__).with_name("image_builder.sh")

Physical = dict[tuple[str, str], tuple[str, str]]
"""(stack, logical id) → type and physical id."""


@dataclass
class EmbeddedAccount:
    workspace: Workspace
    environment: Environment
    said: list[str] = field(default_factory=list)
    """Every line of the CLI."""

    @property
    def stage(self) -> str:
        return f"cufit-{self.environment.name}"

    def bootstrap(self) -> None:
        """As `cufit bootstrap` does."""
        self._cdk(
            "bootstrap", f"aws://{ACCOUNT}/{self.environment.region}",
            "--qualifier", qualifier(self.environment),
            "--toolkit-stack-name", toolkit_stack(self.environment),
        )  # fmt: skip

    def deploy(self, assembly: Path) -> str | None:
        """As `cufit deploy` does, of what was synthesized; None, or why it failed."""
        try:
            self._cdk(
                "deploy", f"{self.stage}/*", "--app", str(assembly), "--require-approval", "never"
            )
        except CdkError as error:
            return str(error)
        return None

    def resources(self) -> Physical:
        cloudformation = self.client("cloudformation")
        found: Physical = {}
        for stack in self.stacks():
            pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
            for page in pages:
                for each in page["StackResourceSummaries"]:
                    kind, physical_id = each["ResourceType"], each["PhysicalResourceId"]
                    found[stack, each["LogicalResourceId"]] = kind, physical_id
        return found

    def stacks(self) -> dict[str, dict[str, Any]]:
        """Those of the environment, by name."""
        described = self.client("cloudformation").describe_stacks()["Stacks"]
        return {
            stack["StackName"]: stack
            for stack in described
            if stack["StackName"].startswith(f"{self.stage}-")
        }

    def client(self, service: str) -> Any:
        return client(service, self.workspace)

    @contextmanager
    def taken_role(self, name: str) -> Iterator[None]:
        iam = self.client("iam")
        trust = '{"Version": "2012-10-17", "Statement": []}'
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
        try:
            yield
        finally:
            iam.delete_role(RoleName=name)

    def stale(self) -> list[str]:
        """What runs with something that was replaced, or whose image nobody pushed."""
        functions = self.client("lambda").get_paginator("list_functions").paginate()
        variables = [
            function["Environment"]["Variables"]
            for page in functions
            for function in page["Functions"]
            if function["FunctionName"].startswith(f"{self.stage}-")
        ]
        outputs = {
            output["OutputKey"]: output["OutputValue"]
            for stack in self.stacks().values()
            for output in stack.get("Outputs", [])
        }
        found = []
        for name, key in (
            (variable("knowledge_base_id"), "KnowledgeBaseId"),
            (variable("data_source_id"), "DataSourceId"),
        ):
            named = {each[name] for each in variables if name in each}
            if named != {outputs[key]}:
                found.append(f"functions have {name} {named}, and Knowledge has {outputs[key]}")
        task = self.client("ecs").describe_task_definition(
            taskDefinition=outputs["TaskDefinitionArn"]
        )["taskDefinition"]
        for container in task["containerDefinitions"]:
            if f"push {container['image']}" not in self.images:
                found.append(f"nobody pushed {container['image']}")
        return found

    @property
    def images(self) -> list[str]:
        """What the stand-in builder was asked, a line each."""
        log = self._image_log
        return log.read_text(encoding="utf-8").splitlines() if log.exists() else []

    @property
    def _image_log(self) -> Path:
        return self.workspace.state / "images.log"

    def _cdk(self, *arguments: str) -> None:
        region = self.environment.region
        env = root_environment(self.workspace) | {
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            "CDK_DEFAULT_REGION": region,
            "CDK_DOCKER": str(IMAGE_BUILDER),
            "IMAGE_BUILDER_LOG": str(self._image_log),
        }
        # Outside the checkout: with an app at hand the CLI would synthesize it first.
        cdk(*arguments, env=env, on_line=self.said.append, cwd=self.workspace.state, seconds=170)


@contextmanager
def embedded_account(state: Path, environment: Environment) -> Iterator[EmbeddedAccount]:
    workspace = Workspace(state, processes.free_port(), processes.free_port())
    workspace.make_folders()
    embedded_aws.start(workspace)
    try:
        yield EmbeddedAccount(workspace, environment)
    finally:
        processes.stop(workspace, embedded_aws.NAME)


def replaced(before: Physical, after: Physical, leaving_out: Sequence[str]) -> frozenset[str]:
    """Types of what has another physical id than before."""
    return frozenset(
        after[address][0]
        for address in before.keys() & after.keys()
        if before[address] != after[address] and after[address][0] not in leaving_out
    )
