"""Entry point: SNS notifications of alarms. Raising makes Lambda try again, twice; after that the
event waits in the failures queue, which has an alarm."""

import os
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools import Logger
from botocore.config import Config

from alarm_notifier.notice import Reader, notice_of
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


LAPTOP = "local"
"""There a webhook is optional. Anywhere else its absence is a failure that an alarm watches."""


@cache
def _app() -> tuple[Settings, "SSMClient"]:
    return load_settings(Settings, os.environ), boto3.client("ssm", config=_SSM)


def handler(event: dict[str, Any], _context: "LambdaContext") -> None:
    settings, ssm = _app()
    notifications = [record["Sns"] for record in event["Records"]]
    reader = Reader(settings.env, settings.github_repository)
    notices = [notice_of(sns.get("Subject") or "", sns["Message"], reader) for sns in notifications]
    # Read each time: alarms are rare, and a replaced webhook must work at once.
    try:
        found = ssm.get_parameter(Name=settings.webhook_parameter, WithDecryption=True)
    except ssm.exceptions.ParameterNotFound:
        if settings.env != LAPTOP:
            raise
        logger.warning(
            f"no webhook in {settings.webhook_parameter}: the notices are in this log alone",
            extra={"notices": notices},
        )
        return
    for sns, notice in zip(notifications, notices, strict=True):
        post(found["Parameter"]["Value"], notice)
        logger.info("notice sent", extra={"sns_message_id": sns.get("MessageId")})


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    _app()  # In Lambda a wrong environment ends the start, before any alarm is taken.
