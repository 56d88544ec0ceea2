"""Permissions as one readable line between two named things, and the reasons for exceptions.

CDK's own `grant_*` methods are not used: they add actions the code never calls and wildcards.
"""

from collections.abc import Mapping, Sequence

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from constructs import IConstruct


def grant(
    role: iam.IGrantable,
    actions: Sequence[str],
    resources: Sequence[str],
    conditions: Mapping[str, Mapping[str, object]] | None = None,
) -> None:
    """Allow `role` exactly `actions` on exactly `resources` (ARNs)."""
    role.grant_principal.add_to_principal_policy(
        iam.PolicyStatement(
            actions=list(actions), resources=list(resources), conditions=dict(conditions or {})
        )
    )


def reading_only(names: Sequence[str]) -> dict[str, dict[str, object]]:
    """Conditions under which a read of DynamoDB touches no attribute but `names`, keys among them.

    As in "Using IAM policy conditions for fine-grained access control" (DynamoDB developer guide,
    examples 2 and 3): what a request names and what it is answered count alike, and one without a
    projection is for ALL_ATTRIBUTES. ForAllValues holds where the key is missing; Null does not.
    """
    return {
        "ForAllValues:StringEquals": {"dynamodb:Attributes": [*names]},
        "Null": {"dynamodb:Attributes": "false"},
        "StringEqualsIfExists": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"},
    }


def writing_only(names: Sequence[str]) -> dict[str, dict[str, object]]:
    """As `reading_only`, of an update: no attribute but `names`, nor whole items in return."""
    return {
        "ForAllValues:StringEquals": {"dynamodb:Attributes": [*names]},
        "Null": {"dynamodb:Attributes": "false"},
        "StringEqualsIfExists": {
            "dynamodb:ReturnValues": ["NONE", "UPDATED_OLD", "UPDATED_NEW"],
        },
    }


def allow_publishing(topic: sns.Topic, service: str, source: str) -> None:
    """Allow `service` (`budgets.amazonaws.com`) to publish to `topic` for `source`, an ARN pattern.

    A policy of one's own, as `enforce_ssl` makes one, replaces SNS's default: what it does not
    allow is refused, and the service that publishes tells nobody.
    """
    topic.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[iam.ServicePrincipal(service)],
            actions=["sns:Publish"],
            resources=[topic.topic_arn],
            conditions={
                "StringEquals": {"aws:SourceAccount": cdk.Stack.of(topic).account},
                "ArnLike": {"aws:SourceArn": source},
            },
        )
    )


def acknowledge(scope: IConstruct, **reasons: str) -> None:
    """Accept cdk-nag findings on `scope` and below: rule (`VPC7`) = the reason it does not apply.

    A finding on one action or resource has its name in brackets and comes in a dictionary:
    `acknowledge(role, **{"IAM5[Resource::*]": "…"})`.
    """
    for rule, reason in reasons.items():
        cdk.Validations.of(scope).acknowledge(
            cdk.Acknowledgment(id=f"AwsSolutions-{rule}", reason=reason)
        )


def acknowledge_template(scope: IConstruct, **reasons: str) -> None:
    """Accept findings of CDK's template validation on `scope` and below: rule = reason."""
    for rule, reason in reasons.items():
        cdk.Validations.of(scope).acknowledge(
            cdk.Acknowledgment(id=f"CloudFormation-Validate::{rule}", reason=reason)
        )


def grant_objects(role: iam.IRole, actions: Sequence[str], bucket: s3.IBucket, prefix: str) -> None:
    """Allow `role` exactly `actions` on the objects of another stack's `bucket` below `prefix`."""
    grant(role, actions, [bucket.arn_for_objects(f"{prefix}*")])
    owner = cdk.Stack.of(bucket)
    # The finding names the bucket as the template does: by the export that CDK makes for it.
    imported = owner.resolve(owner.export_value(bucket.bucket_arn))["Fn::ImportValue"]
    acknowledge(
        role,
        **{
            f"IAM5[Resource::{imported}/{prefix}*]": (
                "Keys are random; the prefix is the narrowest name they share"
            )
        },
    )
