"""Entry point of a schedule: GET the health page through the public entry, fail when it fails.

The function's errors are what the alarm counts. The call also keeps a VPC link in use: one without
traffic for 60 days is switched off (API Gateway guide, HTTP API VPC links).
"""

import os
import urllib.error
import urllib.request
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from cufit_contracts.environment import load_settings
from heartbeat.settings import Settings

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()

TIMEOUT_SECONDS = 8.0


class Unhealthy(RuntimeError):
    """The health page did not answer 200."""


@cache
def _app() -> Settings:
    return load_settings(Settings, os.environ)


def handler(_event: dict[str, Any], _context: "LambdaContext") -> None:
    settings = _app()
    if settings.on and not settings.on.are_on(datetime.now(UTC)):
        logger.debug("parked, nothing is to answer")
        return
    url = settings.health_url
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as response:  # noqa: S310
            status = response.status
    except urllib.error.HTTPError as error:
        with error:
            status = error.code
    except OSError as error:
        raise Unhealthy(f"{url}: {error}") from error
    if status != HTTPStatus.OK:
        raise Unhealthy(f"{url}: {status}")
    logger.debug("healthy")


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    _app()  # In Lambda a wrong environment ends the start.
