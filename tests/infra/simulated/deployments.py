"""What the roles that deploy need: what the CDK's CLI does with the cloud assembly.

Its manifests name the roles, buckets and parameters of `cdk bootstrap` that each step uses.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from cufit_ops.template_graph import Address
from tests.infra.simulated.needs import as_role
from tests.infra.simulated.policies import Policies
from tests.infra.simulated.requests import Request

CLOUDFORMATION = {
    "PrepareRole": (
        "CreateChangeSet",
        "DeleteChangeSet",
        "DescribeChangeSet",
        "DescribeStacks",
        "GetTemplate",
    ),
    "DeployRole": ("DescribeStacks",),
}
"""What each asks of it by itself: `cdk deploy --method=prepare-change-set` without the CDK's deploy
role, and where the API is that was deployed."""


def deployments(policies: Policies) -> Iterator[Request]:
    folder = policies.environment.folder
    assets = [json.loads(file.read_text(encoding="utf-8")) for file in folder.glob("*.assets.json")]
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    publishing = _all(policies, assets, "assumeRoleArn")
    deploying = _all(policies, manifest, "assumeRoleArn")
    read = _read_by_templates(policies, manifest)
    for arn in sorted(deploying):
        cdks: Address = ("", arn.rpartition("/")[2])
        yield from _reads(policies, cdks, read)
    for role in policies.roles():
        if role[1].startswith("PrepareRole"):
            yield from _takes(policies, role, publishing)
            yield from _asks_cloudformation(policies, role, CLOUDFORMATION["PrepareRole"])
            yield from _hands_over(policies, role, manifest, assets)
            yield from _reads(policies, role, read)
        elif role[1].startswith("DeployRole"):
            yield from _takes(policies, role, publishing | deploying)
            yield from _asks_cloudformation(policies, role, CLOUDFORMATION["DeployRole"])


def _read_by_templates(policies: Policies, manifest: Any) -> set[str]:
    """Names of SSM parameters, without that of the bootstrap's version, which it lets be read."""
    names = {
        declared["Default"]
        for template in policies.environment.templates.values()
        for declared in template.get("Parameters", {}).values()
        if declared["Type"].startswith("AWS::SSM::Parameter::Value<")
    }
    return names - _all(policies, manifest, "bootstrapStackVersionSsmParameter")


def _reads(policies: Policies, role: Address, names: set[str]) -> Iterator[Request]:
    """CreateChangeSet evaluates a template's parameters in the caller's name."""
    for name in sorted(names):
        arn = policies.naming.arn("ssm", f"parameter{name}")
        yield as_role(policies, role, "prepares", "ssm:GetParameters", arn)


def _takes(policies: Policies, role: Address, arns: set[str]) -> Iterator[Request]:
    for arn in sorted(arns):
        yield as_role(policies, role, "deploys", "sts:AssumeRole", arn)


def _asks_cloudformation(
    policies: Policies, role: Address, operations: Iterable[str]
) -> Iterator[Request]:
    naming = policies.naming
    for stack in policies.environment.templates:
        arn = naming.arn("cloudformation", f"stack/cufit-{naming.settings.name}-{stack}/made-up")
        for operation in operations:
            yield as_role(policies, role, "deploys", f"cloudformation:{operation}", arn)


def _hands_over(policies: Policies, role: Address, manifest: Any, assets: Any) -> Iterator[Request]:
    """CloudFormation reads the template in the caller's name, and is handed its own role."""
    for bucket in _all(policies, assets, "bucketName"):
        arn = f"arn:aws:s3:::{bucket}/made-up"
        yield as_role(policies, role, "prepares", "s3:GetObject", arn)
    for name in _all(policies, manifest, "bootstrapStackVersionSsmParameter"):
        for action in ("GetParameter", "GetParameters"):
            arn = policies.naming.arn("ssm", f"parameter{name}")
            yield as_role(policies, role, "prepares", f"ssm:{action}", arn)
    for handed in _all(policies, manifest, "cloudFormationExecutionRoleArn"):
        yield as_role(policies, role, "prepares", "iam:PassRole", handed)


def _all(policies: Policies, told: Any, key: str) -> set[str]:
    """Every value of `key` in an assembly's manifests."""
    if isinstance(told, list):
        return {found for one in told for found in _all(policies, one, key)}
    if not isinstance(told, dict):
        return set()
    here = {policies.naming.value("", {"Fn::Sub": told[key]})} if key in told else set()
    return here | {found for one in told.values() for found in _all(policies, one, key)}
