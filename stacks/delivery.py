"""Delivery: who deploys an environment from GitHub; once per account, what people may do."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import region_info
from constructs import Construct

from stacks.bootstrap import qualifier, role_name
from stacks.components.environment_stack import EnvironmentStack
from stacks.components.operator_permissions import OperatorPermissions
from stacks.components.permissions import acknowledge, grant
from stacks.delivery_rules import PREPARING, legal_ends
from stacks.github_claims import AUDIENCE, GITHUB, claims
from stacks.knowledge import parameter_arns
from stacks.settings import Delivery, Environment


class DeliveryStack(EnvironmentStack):
    """A role that prepares an environment's change sets and one that deploys it, for GitHub."""

    def __init__(
        self, scope: Construct, id_: str, *, settings: Environment, delivery: Delivery
    ) -> None:
        super().__init__(scope, id_, settings=settings, description="deploy and operator roles")
        self._delivery = delivery
        self._provider_arn = self._github_provider()
        prepare = self._github_role("PrepareRole", [legal_ends(settings.name)[1]])
        self._may_use_bootstrap(prepare, ["file-publishing", "image-publishing"])
        self._may_prepare(prepare)
        deploy = self._github_role("DeployRole", delivery.deploy_from)
        self._may_use_bootstrap(deploy, ["deploy", "file-publishing", "image-publishing"])
        # To learn where the API is: what was deployed is asked whether it answers.
        self._grant_stacks(deploy, ["cloudformation:DescribeStacks"])
        roles = {"PrepareRole": prepare, "DeployRole": deploy}
        if delivery.operator_roles:
            roles |= self._operator_roles()
        for name, role in roles.items():
            self.output(f"{name}Arn", role.role_arn, name)

    def _github_provider(self) -> str:
        """Its ARN, which is the same whoever made it: an account holds one per issuer."""
        if self._delivery.github_provider == "create":
            made = iam.OidcProviderNative(
                self, "GitHub", url=f"https://{GITHUB}", client_ids=[AUDIENCE]
            )
            return made.oidc_provider_arn
        return f"arn:{self.partition}:iam::{self.account}:oidc-provider/{GITHUB}"

    def _github_role(self, id_: str, ends: list[str]) -> iam.Role:
        """Whole values by StringEquals; a pattern would let a branch name choose its rights."""
        return iam.Role(
            self,
            id_,
            assumed_by=iam.WebIdentityPrincipal(
                self._provider_arn,
                {"StringEquals": claims(self._delivery, ends)},
            ),
            max_session_duration=cdk.Duration.hours(1),
        )

    def _may_use_bootstrap(self, role: iam.Role, kinds: list[str]) -> None:
        """The CDK's own roles do the work; never `lookup`, which may read every profile."""
        grant(role, ["sts:AssumeRole"], [self._bootstrap_role(kind) for kind in kinds])

    def _bootstrap_role(self, kind: str) -> str:
        name = role_name(self.settings, kind, self.account, self.region)
        return f"arn:{self.partition}:iam::{self.account}:role/{name}"

    def _may_prepare(self, role: iam.Role) -> None:
        """Everything that a change set takes but its execution, which the CDK's deploy role has."""
        bootstrap = qualifier(self.settings)
        staged = f"arn:{self.partition}:s3:::cdk-{bootstrap}-assets-{self.account}-{self.region}/*"
        self._grant_stacks(role, PREPARING)
        grant(role, ["s3:GetObject"], [staged])
        version = self._arn("ssm", f"parameter/cdk-bootstrap/{bootstrap}/version")
        grant(role, ["ssm:GetParameter", "ssm:GetParameters"], [version])
        # CreateChangeSet reads what templates take from SSM with its caller's rights.
        grant(role, ["ssm:GetParameters"], parameter_arns(self))
        grant(role, ["iam:PassRole"], [self._bootstrap_role("cfn-exec")])
        reason = "Templates are staged by their hash, beside nothing but the code deployed"
        acknowledge(role, **{f"IAM5[Resource::{self._as_found(staged)}]": reason})

    def _grant_stacks(self, role: iam.Role, actions: list[str]) -> None:
        stacks = self._arn("cloudformation", f"stack/cufit-{self.settings.name}-*")
        grant(role, actions, [stacks])
        reason = "The stacks of this environment, by the name all of them share"
        acknowledge(role, **{f"IAM5[Resource::{self._as_found(stacks)}]": reason})

    def _operator_roles(self) -> dict[str, iam.Role]:
        read = self._people_role("OpsReadRole", hours=8)
        act = self._people_role("OpsActRole", hours=1)
        permissions = OperatorPermissions(self)
        permissions.allow_looking(read)
        permissions.allow_looking(act)
        permissions.allow_repairing(act)
        return {"OpsReadRole": read, "OpsActRole": act}

    def _people_role(self, id_: str, *, hours: int) -> iam.Role:
        """Anyone of the account whom an administrator lets assume it, with a second factor.

        Sessions of IAM Identity Center do not say whether there was one (it asks for it itself,
        at sign-in): they are known by the path of their roles, where nobody else can make one
        (IAM user guide, "Referencing permission sets in resource policies"; the region is a part
        of the path unless it is us-east-1).
        """
        signed_in = (
            f"arn:{self.partition}:iam::{self.account}:role/"
            "aws-reserved/sso.amazonaws.com/*AWSReservedSSO_*"
        )
        return iam.Role(
            self,
            id_,
            assumed_by=iam.CompositePrincipal(
                iam.AccountRootPrincipal().with_conditions(
                    {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
                ),
                iam.AccountRootPrincipal().with_conditions(
                    {"ArnLike": {"aws:PrincipalArn": signed_in}}
                ),
            ),
            max_session_duration=cdk.Duration.hours(hours),
        )

    def _as_found(self, pattern: str) -> str:
        """An ARN as cdk-nag's finding names it: the partition written out, the account by name."""
        partition = region_info.RegionInfo.get(self.settings.region).partition or "aws"
        account = self.settings.account or "<AWS::AccountId>"
        return pattern.replace(self.partition, partition).replace(self.account, account)

    def _arn(self, service: str, resource: str) -> str:
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"
