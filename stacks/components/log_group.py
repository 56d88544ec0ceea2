"""Log groups that forget after the configured days and leave with their stack."""

import aws_cdk as cdk
from aws_cdk import aws_logs as logs
from constructs import Construct

from stacks.settings import Environment


def log_group(scope: Construct, id_: str, settings: Environment) -> logs.LogGroup:
    """A log group of class STANDARD: the cheaper one has neither filters nor live tail."""
    group = logs.LogGroup(scope, id_, removal_policy=cdk.RemovalPolicy.DESTROY)
    resource = group.node.default_child
    assert isinstance(resource, logs.CfnLogGroup)  # noqa: S101 - what an L2 log group is made of
    resource.retention_in_days = settings.log_retention_days
    return group
