"""Entry point: EventBridge events "Object Created" of the photo bucket, prefix incoming/.

Raising makes Lambda try twice more and then hand the event to the failure destination.
"""

import os
import re
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import MetricUnit, single_metric
from botocore.config import Config

from cufit_contracts.environment import load_settings
from cufit_contracts.photos import INCOMING_PREFIX
from photo_processor.confined_image_cleaner import ConfinedImageCleaner
from photo_processor.dynamodb_photos import DynamodbPhotos
from photo_processor.pillow_image_cleaner import PillowImageCleaner
from photo_processor.process_photo import ProcessPhoto, Verdict
from photo_processor.s3_photo_files import S3PhotoFiles
from photo_processor.settings import Settings

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()

_STORES = Config(
    connect_timeout=1, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 3}
)
_KEY = re.compile(INCOMING_PREFIX + r"(pho_[a-z2-7]{26})")


@cache
def _app() -> ProcessPhoto:
    settings = load_settings(Settings, os.environ)
    return ProcessPhoto(
        photos=DynamodbPhotos(
            boto3.resource("dynamodb", config=_STORES),
            settings.photos_table,
            lambda: datetime.now(UTC),
        ),
        files=S3PhotoFiles(boto3.client("s3", config=_STORES), settings.photo_bucket),
        cleaner=ConfinedImageCleaner(PillowImageCleaner(settings.max_pixels), settings.decoder_mib),
    )


def handler(event: dict[str, Any], _context: "LambdaContext") -> None:
    key = str(event["detail"]["object"]["key"])
    found = _KEY.fullmatch(key)
    if not found:
        # Only our own URLs write here, and they name the key; retrying would change nothing.
        logger.error("not a key of ours", extra={"key_length": len(key)})
        return
    logger.append_keys(correlation_id=found[1])
    verdict, reason = _app()(found[1])
    logger.info("photo processed", extra={"verdict": str(verdict), "reason": reason})
    if verdict is Verdict.REJECTED:
        with single_metric(name="PhotosRejected", unit=MetricUnit.Count, value=1):
            pass  # printed on leaving


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    _app()  # In Lambda a wrong environment ends the start, before any event is taken.
