"""A LanguageModel that rests while Bedrock is out: Powertools' circuit breaker.

Its state is one item of the idempotency table, shared by all copies of the function. Failures
are counted in memory, so the healthy path writes nothing. A table that does not answer leaves
the circuit closed.
"""

from collections.abc import Callable

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

from match_worker.errors import ModelResting, ModelUnavailable
from match_worker.ports import LanguageModel, ModelReply, Search

CIRCUIT = "match_worker.bedrock"

CONFIG = CircuitBreakerConfig(
    failure_threshold=5,
    recovery_timeout=60,
    success_threshold=1,
    handled_exceptions=ModelUnavailable,
)
"""Five questions in a row without an answer (each of two attempts), then one probe a minute."""

logger = Logger(child=True)


class CircuitBrokenModel:
    def __init__(
        self, model: LanguageModel, store: CircuitBreakerPersistenceLayer, name: str = CIRCUIT
    ) -> None:
        self.seconds_at_most = model.seconds_at_most
        guard = circuit_breaker(name, store, on_transition=_report, config=CONFIG)
        self._ask: Callable[[Search, str | None], ModelReply] = guard(model.ask)

    def ask(self, search: Search, correction: str | None) -> ModelReply:
        """Raises `ModelResting` at once while the circuit is open."""
        try:
            return self._ask(search, correction)
        except CircuitBreakerOpenError as error:
            raise ModelResting("CIRCUIT_OPEN") from error


def _report(transition: CircuitTransition) -> None:
    logger.warning(
        "circuit changed",
        extra={"from": str(transition.from_state), "to": str(transition.to_state)},
    )
