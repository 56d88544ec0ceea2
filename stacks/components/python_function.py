"""The one way a Lambda function of this project is made."""

import sys
from collections.abc import Mapping, Sequence

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
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
        self._env = settings.name
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

    def invoked_asynchronously(
        self, *, retries: int, failures: sqs.IQueue | None = None, max_age: int | None = None
    ) -> None:
        """How often Lambda repeats an event the function failed at, and where it goes after that.

        Lambda's own default is 2 retries, and then the event is lost. `max_age` is in seconds
        (60 to 21,600, Lambda's default): how long an event may wait for its turn.
        """
        lambda_.CfnEventInvokeConfig(
            self,
            "Asynchronous",
            function_name=self.function.function_name,
            qualifier="$LATEST",
            maximum_retry_attempts=retries,
            maximum_event_age_in_seconds=max_age,
            destination_config=(
                {"onFailure": {"destination": failures.queue_arn}} if failures else None
            ),
        )
        if failures:
            self.allow(["sqs:SendMessage"], [failures.queue_arn])

    def metric(
        self, metric: metrics.Metric, *, period: cdk.Duration, statistic: str
    ) -> cloudwatch.Metric:
        """A metric of cufit's own, as this function reports it in this environment."""
        return cloudwatch.Metric(
            namespace=metrics.NAMESPACE,
            metric_name=metric,
            dimensions_map={metrics.ENVIRONMENT_DIMENSION: self._env, "service": self.name},
            period=period,
            statistic=statistic,
        )


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
