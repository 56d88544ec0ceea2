"""Delivery: who deploys from GitHub, what people may look at and repair. Once per account."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.components.environment_stack import EnvironmentStack
from stacks.components.operator_permissions import OperatorPermissions
from stacks.components.permissions import grant
from stacks.settings import Delivery, Environment

GITHUB = "token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"


class DeliveryStack(EnvironmentStack):
    """GitHub's OIDC provider with a diff and a deploy role; ops-read and ops-act for people."""

    def __init__(
        self, scope: Construct, id_: str, *, settings: Environment, delivery: Delivery
    ) -> None:
        super().__init__(scope, id_, settings=settings, description="deploy and operator roles")
        self._provider = iam.OidcProviderNative(
            self, "GitHub", url=f"https://{GITHUB}", client_ids=[AUDIENCE]
        )
        repository = subject_prefix(delivery)
        diff = self._github_role("DiffRole", [f"{repository}:pull_request"])
        self._may_use_bootstrap(diff, ["lookup"])
        deploy = self._github_role(
            "DeployRole", [f"{repository}:{end}" for end in delivery.deploy_from]
        )
        self._may_use_bootstrap(deploy, ["deploy", "file-publishing", "image-publishing", "lookup"])
        read = self._people_role("OpsReadRole", hours=8)
        act = self._people_role("OpsActRole", hours=1)
        permissions = OperatorPermissions(self)
        permissions.allow_looking(read)
        permissions.allow_looking(act)
        permissions.allow_repairing(act)
        for name, role in (
            ("DiffRoleArn", diff),
            ("DeployRoleArn", deploy),
            ("OpsReadRoleArn", read),
            ("OpsActRoleArn", act),
        ):
            self.output(name, role.role_arn, name.removesuffix("Arn"))

    def _github_role(self, id_: str, subjects: list[str]) -> iam.Role:
        """Whole subjects by StringEquals; a pattern would let a branch name choose its rights."""
        return iam.Role(
            self,
            id_,
            assumed_by=iam.WebIdentityPrincipal(
                self._provider.oidc_provider_arn,
                {"StringEquals": {f"{GITHUB}:aud": AUDIENCE, f"{GITHUB}:sub": subjects}},
            ),
            max_session_duration=cdk.Duration.hours(1),
        )

    def _may_use_bootstrap(self, role: iam.Role, kinds: list[str]) -> None:
        """The CDK's own roles do the work; the names are those of `cdk bootstrap`."""
        synthesizer = cdk.DefaultStackSynthesizer.DEFAULT_QUALIFIER
        grant(
            role,
            ["sts:AssumeRole"],
            [
                f"arn:{self.partition}:iam::{self.account}:role/"
                f"cdk-{synthesizer}-{kind}-role-{self.account}-{self.region}"
                for kind in kinds
            ],
        )

    def _people_role(self, id_: str, *, hours: int) -> iam.Role:
        """Anyone of the account whom an administrator lets assume it, with a second factor."""
        return iam.Role(
            self,
            id_,
            assumed_by=iam.AccountRootPrincipal().with_conditions(
                {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
            ),
            max_session_duration=cdk.Duration.hours(hours),
        )


def subject_prefix(delivery: Delivery) -> str:
    """How GitHub's tokens begin to name the repository: immutable with ids, or by names alone."""
    if delivery.owner_id is None:
        return f"repo:{delivery.github_repository}"
    owner, name = delivery.github_repository.split("/")
    return f"repo:{owner}@{delivery.owner_id}/{name}@{delivery.repository_id}"
