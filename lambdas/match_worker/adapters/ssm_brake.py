"""The brake is an SSM parameter: "off" or "rules". The cost_brake function and operators set it."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

ON = "rules"

MAX_AGE_SECONDS = 30.0
"""How long a value is believed."""

logger = Logger(child=True)


class SsmBrake:
    def __init__(
        self,
        client: "SSMClient",
        parameter: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._parameter = parameter
        self._clock = clock
        self._is_on = False
        self._read_at: float | None = None

    def is_on(self) -> bool:
        """The last known value when SSM does not answer: an outage neither spends nor degrades."""
        now = self._clock()
        if self._read_at is None or now - self._read_at >= MAX_AGE_SECONDS:
            self._read_at = now
            try:
                response = self._client.get_parameter(Name=self._parameter)
            except (ClientError, BotoCoreError) as error:
                logger.warning("brake unreadable", extra={"error": type(error).__name__})
            else:
                self._is_on = response["Parameter"].get("Value") == ON
        return self._is_on
