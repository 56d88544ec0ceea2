"""Entry point: a budget's notification. From then on recommendations are ranked by rules, without
AI, until an operator sets the parameter back to `off`."""

import os
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools import Logger
from botocore.config import Config

from cost_brake.settings import Settings
from cufit_contracts.environment import load_settings

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext
    from mypy_boto3_ssm import SSMClient

logger = Logger()

RULES = "rules"

_SSM = Config(
    connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 3}
)


@cache
def _app() -> tuple[Settings, "SSMClient"]:
    return load_settings(Settings, os.environ), boto3.client("ssm", config=_SSM)


def handler(event: dict[str, Any], _context: "LambdaContext") -> None:
    """Pulling a pulled brake changes nothing, so a repeated notification is harmless."""
    settings, ssm = _app()
    ssm.put_parameter(Name=settings.brake_parameter, Value=RULES, Overwrite=True)
    subjects = [record["Sns"].get("Subject") for record in event["Records"]]
    logger.warning("brake pulled", extra={"parameter": settings.brake_parameter, "by": subjects})


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    _app()  # In Lambda a wrong environment ends the start, not the day the budget is spent.
