"""Faults the stand-in commits on demand, until cleared or a number of times."""

import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from embedded_aws.bedrock.errors import ValidationError

DEFAULT_TIMEOUT_SECONDS = 120.0


class Fault(StrEnum):
    NONE = "none"
    # Instead of an answer:
    THROTTLE = "throttle"
    TIMEOUT = "timeout"
    SERVER_ERROR = "server_error"
    DEPENDENCY_FAILED = "dependency_failed"
    ACCESS_DENIED = "access_denied"
    # Instead of the model's answer:
    PROSE = "prose"
    TRUNCATED_JSON = "truncated_json"
    UNKNOWN_IDS = "unknown_ids"
    REFUSAL = "refusal"

    @property
    def spoils_the_answer(self) -> bool:
        return self in (self.PROSE, self.TRUNCATED_JSON, self.UNKNOWN_IDS, self.REFUSAL)


GENERATING = frozenset({"RetrieveAndGenerate", "Converse"})
MATCHING = GENERATING | {"Retrieve"}
OPERATIONS = MATCHING | {
    "IngestKnowledgeBaseDocuments",
    "GetKnowledgeBaseDocuments",
    "DeleteKnowledgeBaseDocuments",
}


@dataclass(frozen=True)
class Order:
    """Which fault, on which operations, how often (None: until cleared)."""

    mode: Fault = Fault.NONE
    times: int | None = None
    operations: frozenset[str] = MATCHING
    seconds: float = DEFAULT_TIMEOUT_SECONDS
    """How long `timeout` keeps a caller waiting."""
    for_seconds: float | None = None
    """After which the order ends by itself; None: never."""

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "operations": sorted(self.operations)}


def order_of(body: Any) -> Order:
    """Read an order from JSON.

    Raises:
        ValidationError: says which key is wrong and what would be legal.
    """
    if not isinstance(body, dict):
        raise ValidationError('faults: a JSON object like {"mode": "throttle", "times": 2}')
    unknown = set(body) - {"mode", "times", "operations", "seconds", "for_seconds"}
    if unknown:
        raise ValidationError(f"faults: unknown keys {sorted(unknown)}")
    modes = [fault.value for fault in Fault]
    if body.get("mode") not in modes:
        raise ValidationError(f"faults: mode is one of {', '.join(modes)}")
    times = body.get("times")
    if times is not None and (not isinstance(times, int) or times < 1):
        raise ValidationError("faults: times is a whole number from 1, or null for every call")
    operations = frozenset(body.get("operations") or MATCHING)
    if not operations <= OPERATIONS:
        raise ValidationError(f"faults: operations are among {', '.join(sorted(OPERATIONS))}")
    seconds = float(body.get("seconds") or DEFAULT_TIMEOUT_SECONDS)
    lasts = body.get("for_seconds")
    if lasts is not None and (not isinstance(lasts, int | float) or lasts <= 0):
        raise ValidationError("faults: for_seconds is a number above 0, or null until cleared")
    return Order(Fault(body["mode"]), times, operations, seconds, lasts)


class Faults:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._order = Order()
        self._set_at = 0.0
        self._lock = threading.Lock()

    @property
    def order(self) -> Order:
        """Which holds now."""
        lasts = self._order.for_seconds
        is_over = lasts is not None and self._clock() - self._set_at >= lasts
        return Order() if is_over else self._order

    def set(self, order: Order) -> None:
        with self._lock:
            self._order, self._set_at = order, self._clock()

    def clear(self) -> None:
        self.set(Order())

    def take(self, operation: str) -> Order:
        """The fault this call commits; counts it."""
        with self._lock:
            order = self.order
            if order.mode is Fault.NONE or operation not in order.operations:
                return Order()
            if order.mode.spoils_the_answer and operation not in GENERATING:
                return Order()
            if order.times is not None:
                left = order.times - 1
                self._order = replace(order, times=left) if left else Order()
            return order
