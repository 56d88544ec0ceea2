"""Delivery: who deploys from GitHub, what people may look at and repair. Once per account."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import region_info
from constructs import Construct

from stacks.components.environment_stack import EnvironmentStack
from stacks.components.permissions import acknowledge, grant
from stacks.settings import Delivery, Environment

GITHUB = "token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"
OURS = "cufit-*"
"""Names that CloudFormation gives begin with the stack's, so this is every environment's."""
_OURS_ONLY = "Covers every environment of this account and nothing but this project's names"
RECOMMENDATION_FACTS = [
    "recommendation_id", "maker_id", "candidate_id", "status", "created_at", "finished_at",
    "timeline", "failure", "open",
]  # fmt: skip
"""Attributes that tell what happened to a request; profiles and reasons are not among them."""


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
        self._may_read(read)
        act = self._people_role("OpsActRole", hours=1)
        self._may_read(act)
        self._may_act(act)
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
                self._arn("iam", f"role/cdk-{synthesizer}-{kind}-role-{self.account}-{self.region}")
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

    def _may_read(self, role: iam.Role) -> None:
        """Why did a request fail, how full are the queues, what runs: no profile, photo, secret."""
        logs = self._arn("logs", f"log-group:{OURS}", regional=True)
        queues = self._arn("sqs", OURS, regional=True)
        tables = self._arn("dynamodb", f"table/{OURS}-Recommendations*", regional=True)
        stacks = self._arn("cloudformation", f"stack/{OURS}", regional=True)
        services = self._arn("ecs", f"service/{OURS}", regional=True)
        grant(role, ["logs:FilterLogEvents", "logs:StartQuery"], [logs])
        grant(role, ["sqs:GetQueueAttributes"], [queues])
        grant(role, ["cloudformation:DescribeStacks"], [stacks])
        grant(role, ["ecs:DescribeServices"], [services])
        grant(
            role,
            ["dynamodb:GetItem", "dynamodb:Query"],
            [tables],
            {
                "ForAllValues:StringEquals": {"dynamodb:Attributes": RECOMMENDATION_FACTS},
                "StringEqualsIfExists": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"},
            },
        )
        nameless = ["cloudwatch:GetMetricData", "cloudwatch:DescribeAlarms", "logs:GetQueryResults"]
        grant(role, nameless, ["*"])
        self._acknowledge(role, [logs, queues, tables, stacks, services])
        acknowledge(
            role, **{"IAM5[Resource::*]": f"{', '.join(nameless)} know no resource of ours to name"}
        )

    def _may_act(self, role: iam.Role) -> None:
        """Give messages another chance, and start the service afresh."""
        queues = self._arn("sqs", OURS, regional=True)
        services = self._arn("ecs", f"service/{OURS}", regional=True)
        grant(
            role,
            [
                "sqs:StartMessageMoveTask",
                "sqs:CancelMessageMoveTask",
                "sqs:ListMessageMoveTasks",
                "sqs:ReceiveMessage",
                "sqs:DeleteMessage",
                "sqs:SendMessage",
            ],
            [queues],
        )
        grant(role, ["ecs:UpdateService"], [services])

    def _acknowledge(self, role: iam.Role, patterns: list[str]) -> None:
        partition = region_info.RegionInfo.get(self.settings.region).partition or "aws"
        account = self.settings.account or "<AWS::AccountId>"
        for pattern in patterns:
            named = pattern.replace(self.partition, partition).replace(self.account, account)
            acknowledge(role, **{f"IAM5[Resource::{named}]": _OURS_ONLY})

    def _arn(self, service: str, resource: str, *, regional: bool = False) -> str:
        region = self.region if regional else ""
        return f"arn:{self.partition}:{service}:{region}:{self.account}:{resource}"


def subject_prefix(delivery: Delivery) -> str:
    """How GitHub's tokens begin to name the repository: immutable with ids, or by names alone."""
    if delivery.owner_id is None:
        return f"repo:{delivery.github_repository}"
    owner, name = delivery.github_repository.split("/")
    return f"repo:{owner}@{delivery.owner_id}/{name}@{delivery.repository_id}"
