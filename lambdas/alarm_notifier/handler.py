"""Entry point: SNS notifications of alarms. Raising makes SNS's delivery to Lambda try again."""

import os
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools import Logger
from botocore.config import Config

from alarm_notifier.notice import notice_of
from alarm_notifier.settings import Settings
from alarm_notifier.webhook import post
from cufit_contracts.environment import load_settings

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext
    from mypy_boto3_ssm import SSMClient

logger = Logger()

_SSM = Config(
    connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 2}
)


@cache
def _app() -> tuple[Settings, "SSMClient"]:
    return load_settings(Settings, os.environ), boto3.client("ssm", config=_SSM)


def handler(event: dict[str, Any], _context: "LambdaContext") -> None:
    settings, ssm = _app()
    # Read each time: alarms are rare, and a replaced webhook must work at once.
    found = ssm.get_parameter(Name=settings.webhook_parameter, WithDecryption=True)
    url = found["Parameter"]["Value"]
    for record in event["Records"]:
        notification = record["Sns"]
        post(
            url, notice_of(notification.get("Subject") or "", notification["Message"], settings.env)
        )
        logger.info("notice sent", extra={"sns_message_id": notification.get("MessageId")})


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    _app()  # In Lambda a wrong environment ends the start, before any alarm is taken.
