"""Entry point: what CloudWatch and Budgets publish. After a breach recommendations are ranked by
rules, without AI, until the day or the month is over."""

import os
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools import Logger
from botocore.config import Config

from cost_brake.breach import breach_of, decision
from cost_brake.settings import Settings
from cufit_contracts.brake import BrakeValue
from cufit_contracts.environment import load_settings

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext
    from mypy_boto3_ssm import SSMClient

logger = Logger()

_SSM = Config(
    connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 3}
)


@cache
def _app() -> tuple[Settings, "SSMClient"]:
    return load_settings(Settings, os.environ), boto3.client("ssm", config=_SSM)


def handler(event: dict[str, Any], _context: "LambdaContext") -> None:
    """Delivered twice, late or out of order, a notification changes nothing more."""
    for record in event["Records"]:
        _obey(record["Sns"])


def _obey(sns: dict[str, Any]) -> None:
    settings, ssm = _app()
    subject = {"by": sns.get("Subject"), "sns_message_id": sns.get("MessageId")}
    breach = breach_of(sns["Message"], datetime.fromisoformat(sns["Timestamp"]))
    if breach is None:
        logger.warning("no breach, ignored", extra={**subject, "said": sns["Message"][:1000]})
        return
    found = ssm.get_parameter(Name=settings.brake_parameter)["Parameter"]
    before = BrakeValue.read(found["Value"])
    value = decision(before, found["LastModifiedDate"], breach, datetime.now(UTC))
    fields = {**subject, "breach": breach.what, "before": found["Value"]}
    if value is None:
        logger.warning("brake left as it is", extra=fields)
        return
    # Without a condition (SSM has none): what is written in the milliseconds since the read is
    # lost, and found in the parameter's history.
    ssm.put_parameter(Name=settings.brake_parameter, Value=str(value), Overwrite=True)
    logger.warning("brake pulled", extra={**fields, "after": str(value)})


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    _app()  # In Lambda a wrong environment ends the start, not the day the budget is spent.
