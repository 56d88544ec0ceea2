"""A LanguageModel and a Nearness that rest while Bedrock is out: Powertools' circuit breaker.

The state of each is one item of the idempotency table, shared by all copies of the function.
Failures are counted in memory, so the healthy path writes nothing. A table that does not answer
leaves the circuit closed.

It rests from a Bedrock that is broken. A throttle comes from one that works, is waited for, and
says nothing; one at the probe leaves the circuit half open, to be probed again: at once by the
copy that did, by another one after `recovery_timeout` (Powertools 3.37, circuit_breaker/base.py:
what is not among handled_exceptions changes no state). What is refused for good is refused at once
and costs nothing, so there is nothing to rest from.
"""

from collections.abc import Callable, Sequence
from typing import ParamSpec, TypeVar

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.circuit_breaker import (
    CircuitBreakerConfig,
    CircuitBreakerOpenError,
    CircuitTransition,
    circuit_breaker,
)
from aws_lambda_powertools.utilities.circuit_breaker.persistence import (
    CircuitBreakerPersistenceLayer,
)

from match_worker.errors import ModelResting, ModelUnreachable
from match_worker.ports import Correction, LanguageModel, ModelReply, Nearness, Search

AskedT = ParamSpec("AskedT")
AnswerT = TypeVar("AnswerT")

CIRCUIT, NEARNESS_CIRCUIT = "match_worker.bedrock", "match_worker.nearness"

CONFIG = CircuitBreakerConfig(
    failure_threshold=3,
    recovery_timeout=30,
    success_threshold=1,
    handled_exceptions=ModelUnreachable,
)
"""Three questions in a row without an answer (each tried twice if there was time), then a probe
every half minute. A copy that hangs learns it within three timeouts, about a minute; a rest of a
whole one would outlast the last attempt of those who came first (tests/drills/test_patience.py)."""

logger = Logger(child=True)


class CircuitBrokenModel:
    def __init__(
        self, model: LanguageModel, store: CircuitBreakerPersistenceLayer, name: str = CIRCUIT
    ) -> None:
        self._ask = _resting(model.ask, store, name)

    def ask(self, search: Search, correction: Correction | None) -> ModelReply:
        """Raises `ModelResting` at once while the circuit is open."""
        return self._ask(search, correction)


class CircuitBrokenNearness:
    """A circuit of its own: a Retrieve that answers says nothing about the model."""

    def __init__(self, nearness: Nearness, store: CircuitBreakerPersistenceLayer) -> None:
        self._nearest = _resting(nearness.nearest, store, NEARNESS_CIRCUIT)

    def nearest(self, search: Search, limit: int) -> Sequence[str]:
        """Raises `ModelResting` at once while the circuit is open."""
        return self._nearest(search, limit)


def _resting(
    call: Callable[AskedT, AnswerT], store: CircuitBreakerPersistenceLayer, name: str
) -> Callable[AskedT, AnswerT]:
    guarded: Callable[AskedT, AnswerT] = circuit_breaker(
        name, store, on_transition=_report, config=CONFIG
    )(call)

    def asked(*given: AskedT.args, **named: AskedT.kwargs) -> AnswerT:
        try:
            return guarded(*given, **named)
        except CircuitBreakerOpenError as error:
            raise ModelResting("CIRCUIT_OPEN") from error

    return asked


def _report(transition: CircuitTransition) -> None:
    logger.warning(
        "circuit changed",
        extra={"from": str(transition.from_state), "to": str(transition.to_state)},
    )
