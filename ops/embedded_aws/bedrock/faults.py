"""Faults the stand-in commits on demand, until cleared or a number of times."""

import threading
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

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "operations": sorted(self.operations)}


def order_of(body: Any) -> Order:
    """Read an order from JSON.

    Raises:
        ValidationError: says which key is wrong and what would be legal.
    """
    if not isinstance(body, dict):
        raise ValidationError('faults: a JSON object like {"mode": "throttle", "times": 2}')
    unknown = set(body) - {"mode", "times", "operations", "seconds"}
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
    return Order(Fault(body["mode"]), times, operations, seconds)


class Faults:
    def __init__(self) -> None:
        self._order = Order()
        self._lock = threading.Lock()

    @property
    def order(self) -> Order:
        return self._order

    def set(self, order: Order) -> None:
        with self._lock:
            self._order = order

    def clear(self) -> None:
        self.set(Order())

    def take(self, operation: str) -> Order:
        """The fault this call commits; counts it."""
        with self._lock:
            order = self._order
            if order.mode is Fault.NONE or operation not in order.operations:
                return Order()
            if order.mode.spoils_the_answer and operation not in GENERATING:
                return Order()
            if order.times is not None:
                left = order.times - 1
                self._order = replace(order, times=left) if left else Order()
            return order
