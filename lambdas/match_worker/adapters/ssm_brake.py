"""The brake is an SSM parameter (cufit_contracts.brake), set by cost_brake and by operators."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from cufit_contracts.brake import BrakeValue

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

MAX_AGE_SECONDS = 30.0
"""How long a value is believed."""

logger = Logger(child=True)


class SsmBrake:
    def __init__(
        self,
        client: "SSMClient",
        parameter: str,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._client = client
        self._parameter = parameter
        self._clock = clock
        self._now = now
        self._value = BrakeValue(pulled=False)
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
                self._value = BrakeValue.read(response["Parameter"].get("Value", ""))
        return self._value.holds(self._now())
