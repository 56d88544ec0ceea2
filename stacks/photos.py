"""Photos: a URL to upload one, and what happens to it afterwards."""

from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from cufit_contracts.photos import INCOMING_PREFIX, PHOTOS_PREFIX
from stacks import timing
from stacks.components.environment_stack import EnvironmentStack
from stacks.components.permissions import acknowledge, grant_objects
from stacks.components.python_function import PythonFunction
from stacks.components.queue_with_dlq import dead_letter_queue
from stacks.components.table import index_arn
from stacks.data import DataStack
from stacks.photo_rules import DECODER_MIB, PHOTO_PROCESSOR_MEMORY
from stacks.settings import Environment


class PhotosStack(EnvironmentStack):
    """photo_upload_url signs, S3 receives, photo_processor checks and re-encodes."""

    def __init__(
        self, scope: Construct, id_: str, *, settings: Environment, data: DataStack
    ) -> None:
        super().__init__(scope, id_, settings=settings, description="photos")
        self._data = data
        self.upload_url = self._upload_url()
        self.processor = self._processor()
        self.failures = dead_letter_queue(self, "Failures")
        """Events that a function was handed and failed at; of later stacks' functions as well."""
        acknowledge(self.failures, SQS3="A dead-letter queue itself, of functions and of a rule")
        self._process_uploads()
        name = self.upload_url.function.function_name
        self.output("UploadUrlFunctionName", name, "Signs uploads")

    def _upload_url(self) -> PythonFunction:
        data, photos = self._data, self.settings.photos
        function = PythonFunction(
            self,
            "PhotoUploadUrl",
            name="photo_upload_url",
            description="Signs the upload of one photo",
            settings=self.settings,
            timeout=timing.PHOTO_UPLOAD_URL_TIMEOUT,
            environment={
                "members_table": data.members.table_name,
                "photos_table": data.photos.table_name,
                "photo_bucket": data.photo_bucket.bucket_name,
                "oidc_issuer": self.settings.auth.issuer,
                "upload_ttl_seconds": str(photos.upload_ttl_seconds),
                "max_upload_bytes": str(photos.max_upload_bytes),
                "photos_per_candidate": str(photos.per_candidate),
                "uploads_per_day": str(photos.uploads_per_day),
            },
        )
        function.allow(
            ["dynamodb:GetItem", "dynamodb:ConditionCheckItem"], [data.members.table_arn]
        )
        function.allow(
            ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"], [data.photos.table_arn]
        )
        function.allow(["dynamodb:Query"], [index_arn(data.photos, "by_candidate")])
        # No call of its own: a presigned URL works with its signer's permission.
        grant_objects(function.role, ["s3:PutObject"], data.photo_bucket, INCOMING_PREFIX)
        return function

    def _processor(self) -> PythonFunction:
        data = self._data
        function = PythonFunction(
            self,
            "PhotoProcessor",
            name="photo_processor",
            description="Verifies, re-encodes and shrinks an uploaded photo",
            settings=self.settings,
            timeout=timing.PHOTO_PROCESSOR_TIMEOUT,
            memory=PHOTO_PROCESSOR_MEMORY,
            environment={
                "photos_table": data.photos.table_name,
                "photo_bucket": data.photo_bucket.bucket_name,
                "max_pixels": str(self.settings.photos.max_pixels),
                "decoder_mib": str(DECODER_MIB),
            },
        )
        function.allow(["dynamodb:GetItem", "dynamodb:UpdateItem"], [data.photos.table_arn])
        bucket, role = data.photo_bucket, function.role
        grant_objects(role, ["s3:GetObject", "s3:DeleteObject"], bucket, INCOMING_PREFIX)
        # Deleting what it wrote: the photo may have been withdrawn in between.
        grant_objects(role, ["s3:PutObject", "s3:DeleteObject"], bucket, PHOTOS_PREFIX)
        return function

    def _process_uploads(self) -> None:
        """Both ways to lose an upload end in one queue: not delivered, and delivered in vain."""
        events.Rule(
            self,
            "Uploaded",
            description="A photo arrived in incoming/",
            event_pattern=events.EventPattern(
                source=["aws.s3"],
                detail_type=["Object Created"],
                detail={
                    "bucket": {"name": [self._data.photo_bucket.bucket_name]},
                    "object": {"key": [{"prefix": INCOMING_PREFIX}]},
                },
            ),
            targets=[
                targets.LambdaFunction(self.processor.function, dead_letter_queue=self.failures)
            ],
        )
        self.processor.invoked_asynchronously(retries=2, failures=self.failures)
