"""The one way a Lambda function of this project is made."""

import sys
from collections.abc import Mapping, Sequence

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cufit_contracts import metrics
from cufit_contracts.environment import variable
from stacks.components.bundle import Bundle, Target
from stacks.components.log_group import log_group
from stacks.components.permissions import acknowledge, grant
from stacks.settings import LAMBDA_PYTHON, Environment

TIMEOUT = 15
"""Seconds, of a function that says nothing else: enough for one call of another service."""


class PythonFunction(Construct):
    """Function `name`: code from lambdas/<name>, a role and a log group of its own.

    `environment` maps fields of the function's settings model to values; `env` is added.
    `timeout` is in seconds, `memory` in MiB.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        settings: Environment,
        environment: Mapping[str, str],
        timeout: int = TIMEOUT,
        memory: int = 256,
        description: str,
    ) -> None:
        super().__init__(scope, id_)
        self.name = name
        self.timeout = timeout
        self.target = Target.of(settings.functions.architecture, settings.functions.python)
        self.log_group = log_group(self, "Logs", settings)
        self.role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        self.allow(["logs:CreateLogStream", "logs:PutLogEvents"], [self.log_group.log_group_arn])
        self.function = lambda_.Function(
            self,
            "Function",
            description=description,
            code=_code(self, name, self.target),
            handler=f"{name}.handler.handler",
            runtime=lambda_.Runtime(f"python{self.target.python}", lambda_.RuntimeFamily.PYTHON),
            architecture=(
                lambda_.Architecture.ARM_64
                if self.target.architecture == "arm64"
                else lambda_.Architecture.X86_64
            ),
            role=self.role,
            log_group=self.log_group,
            timeout=cdk.Duration.seconds(timeout),
            memory_size=memory,
            environment=_environment(name, settings, environment),
        )
        if self.target.python != LAMBDA_PYTHON:
            acknowledge(self.function, L1="Runs on this machine's Python, in the embedded AWS only")

    def allow(
        self,
        actions: Sequence[str],
        resources: Sequence[str],
        conditions: Mapping[str, Mapping[str, object]] | None = None,
    ) -> None:
        """Let the function's code do exactly `actions` on exactly `resources` (ARNs)."""
        grant(self.role, actions, resources, conditions)


def _environment(
    name: str, settings: Environment, environment: Mapping[str, str]
) -> dict[str, str]:
    fields = {"env": settings.name, **environment}
    return {
        **{variable(field): value for field, value in fields.items()},
        "POWERTOOLS_SERVICE_NAME": name,
        "POWERTOOLS_LOG_LEVEL": settings.log_level,
        "POWERTOOLS_METRICS_NAMESPACE": metrics.NAMESPACE,
    }


def _code(scope: Construct, name: str, target: Target) -> lambda_.Code:
    """An asset whose zip the CLI builds when it publishes it, and only if it is not yet there."""
    stack = cdk.Stack.of(scope)
    build = f"{name} --architecture {target.architecture} --python {target.python}"
    location = stack.synthesizer.add_file_asset(
        source_hash=Bundle(name, target).digest(),
        executable=[sys.executable, "-m", "stacks.components.bundle", *build.split()],
        display_name=name,
    )
    bucket = s3.Bucket.from_bucket_name(scope, "CodeBucket", location.bucket_name)
    cdk.Annotations.of(bucket).acknowledge_warning(
        "@aws-cdk/aws-lambda:codeFromBucketObjectVersionNotSpecified",
        "The key is the digest of everything that decides the code",
    )
    return lambda_.Code.from_bucket_v2(bucket, location.object_key)
