"""What the roles of GitHub's jobs need: what the CDK's CLI does with the cloud assembly.

Its manifests name the roles, buckets and parameters of `cdk bootstrap` that each step uses.
"""

import json
from collections.abc import Iterator
from typing import Any

from cufit_ops.template_graph import Address
from tests.infra.simulated.needs import as_role
from tests.infra.simulated.policies import Policies
from tests.infra.simulated.requests import Request

PREPARING = (
    "CreateChangeSet",
    "DeleteChangeSet",
    "DescribeChangeSet",
    "DescribeStacks",
    "GetTemplate",
)
"""Of CloudFormation: `cdk deploy --method=prepare-change-set` without the CDK's deploy role."""


def deployments(policies: Policies) -> Iterator[Request]:
    folder = policies.environment.folder
    read = [json.loads(file.read_text(encoding="utf-8")) for file in folder.glob("*.assets.json")]
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    publishing, deploying = (
        _all(policies, read, "assumeRoleArn"),
        _all(policies, manifest, "assumeRoleArn"),
    )
    for role in policies.roles():
        takes = publishing if role[1].startswith("PrepareRole") else publishing | deploying
        if role[1].startswith(("PrepareRole", "DeployRole")):
            for arn in sorted(takes):
                yield as_role(policies, role, "deploys", "sts:AssumeRole", arn)
        if role[1].startswith("PrepareRole"):
            yield from _prepares(policies, role, manifest, read)


def _prepares(policies: Policies, role: Address, manifest: Any, assets: Any) -> Iterator[Request]:
    """CloudFormation reads the template in the caller's name, and is handed its own role."""
    naming = policies.naming
    for stack in policies.environment.templates:
        arn = naming.arn("cloudformation", f"stack/cufit-{naming.settings.name}-{stack}/made-up")
        for action in PREPARING:
            yield as_role(policies, role, "prepares", f"cloudformation:{action}", arn)
    for bucket in _all(policies, assets, "bucketName"):
        yield as_role(policies, role, "prepares", "s3:GetObject", f"arn:aws:s3:::{bucket}/made-up")
    for name in _all(policies, manifest, "bootstrapStackVersionSsmParameter"):
        for action in ("GetParameter", "GetParameters"):
            arn = naming.arn("ssm", f"parameter{name}")
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
