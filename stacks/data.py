"""Data: what must survive everything else. Tables, one per aggregate, and the photo bucket."""

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cufit_contracts.photos import INCOMING_PREFIX, UPLOADS_KEPT
from stacks.components.environment_stack import EnvironmentStack
from stacks.components.permissions import acknowledge
from stacks.components.table import table
from stacks.settings import Environment
from stacks.tables import TABLES

MAX_SIGNATURE_AGE_MS = 1_000_000
"""Older presigned requests are refused whatever they say: above photos.upload_ttl_seconds' 900."""


class DataStack(EnvironmentStack):
    """Tables and bucket. Other stacks use them; nothing here knows who."""

    def __init__(self, scope: Construct, id_: str, *, settings: Environment) -> None:
        super().__init__(
            scope, id_, settings=settings, description="tables and photo bucket", stateful=True
        )
        self.members = self._table("members")
        self.invitations = self._table("invitations")
        self.candidates = self._table("candidates")
        self.recommendations = self._table("recommendations")
        self.matches = self._table("matches")
        self.photos = self._table("photos")
        self.outbox = self._table("outbox")
        self.idempotency = self._table("idempotency")
        self.photo_bucket = self._photo_bucket()
        self.output("PhotoBucketName", self.photo_bucket.bucket_name, "Bucket of the photos")
        self.output("CandidatesTableName", self.candidates.table_name, "Table of the profiles")
        self.output(
            "RecommendationsTableName", self.recommendations.table_name, "Table of the answers"
        )

    def _table(self, name: str) -> dynamodb.TableV2:
        return table(self, name.capitalize(), TABLES[name], self.settings)

    def _photo_bucket(self) -> s3.Bucket:
        retained = self.settings.retain_data
        bucket = s3.Bucket(
            self,
            "PhotoBucket",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            removal_policy=cdk.RemovalPolicy.RETAIN if retained else cdk.RemovalPolicy.DESTROY,
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="forget-unclaimed-uploads",
                    prefix=INCOMING_PREFIX,
                    expiration=cdk.Duration.days(UPLOADS_KEPT.days),
                    abort_incomplete_multipart_upload_after=cdk.Duration.days(1),
                )
            ],
            cors=_uploads_from(self.settings.web.origins),
        )
        bucket.add_to_resource_policy(_no_old_signatures(bucket))
        _tell_eventbridge(bucket)
        acknowledge(
            bucket,
            S1="Access logs would cost more than the photos; the API logs who asked for a URL",
        )
        return bucket


def _uploads_from(origins: list[str]) -> list[s3.CorsRule] | None:
    if not origins:
        return None
    return [
        s3.CorsRule(
            allowed_methods=[s3.HttpMethods.PUT],
            allowed_origins=origins,
            allowed_headers=["content-type", "x-amz-checksum-sha256", "if-none-match"],
            exposed_headers=["ETag"],
            max_age=3000,
        )
    ]


def _no_old_signatures(bucket: s3.Bucket) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        sid="RefuseOldSignatures",
        effect=iam.Effect.DENY,
        principals=[iam.AnyPrincipal()],
        actions=["s3:*"],
        resources=[bucket.arn_for_objects("*")],
        conditions={"NumericGreaterThan": {"s3:signatureAge": MAX_SIGNATURE_AGE_MS}},
    )


def _tell_eventbridge(bucket: s3.Bucket) -> None:
    """In the resource itself: CDK's own way is a custom resource with one more function."""
    resource = bucket.node.default_child
    assert isinstance(resource, s3.CfnBucket)  # noqa: S101 - what an L2 bucket is made of
    resource.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
        event_bridge_configuration=s3.CfnBucket.EventBridgeConfigurationProperty(
            event_bridge_enabled=True
        )
    )
