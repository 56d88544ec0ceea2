"""The last calls that would have reached a model or the index, in full.

Tests read them to see that nothing private was sent: `GET /_cufit/bedrock/invocations`.
"""

import time
from collections import deque
from typing import Any

from embedded_aws.bedrock.documents import iso_time

KEPT = 200


class Invocations:
    def __init__(self) -> None:
        self._kept: deque[dict[str, Any]] = deque(maxlen=KEPT)

    def record(self, operation: str, fault: str, **details: Any) -> None:
        self._kept.append(
            {"at": iso_time(time.time()), "operation": operation, "fault": fault} | details
        )

    def as_json(self) -> list[dict[str, Any]]:
        """Oldest first."""
        return list(self._kept)

    def clear(self) -> None:
        self._kept.clear()
