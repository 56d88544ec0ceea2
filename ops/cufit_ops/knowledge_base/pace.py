"""Calls of the knowledge base within its quotas, whoever else uses them."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as Unreachable
from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_random_exponential

from profile_indexer.document import Document
from profile_indexer.ports import DocumentState, KnowledgeBase

Answer = TypeVar("Answer")

CALLS_A_SECOND = 4.0
"""Of each operation. Ingest-, Delete-, Get- and ListKnowledgeBaseDocuments have 5 a second each in
an account and region (Service Quotas, Amazon Bedrock); one is left to profile_indexer."""

PATIENCE_SECONDS = 120.0
"""How long one call is tried again while it is throttled or the service is at fault."""

_PASSING = {
    "ThrottlingException",
    "TooManyRequestsException",
    "ServiceQuotaExceededException",  # ten ingestions and deletions at a time (Bedrock quotas)
    "InternalServerException",
}


@dataclass
class Rate:
    """At most so many turns a second, evenly spread; a pause saves up for no burst."""

    a_second: float = CALLS_A_SECOND
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _next: float = field(default=0.0, init=False)

    def wait(self) -> None:
        """Until it is one's turn."""
        now = self.clock()
        turn = max(now, self._next)
        self._next = turn + 1 / self.a_second
        self.sleep(turn - now)


@dataclass
class Paced:
    """Makes calls of one operation: each within its pace, again when it may pass."""

    rate: Rate = field(default_factory=Rate)
    patience: float = PATIENCE_SECONDS

    def __call__(self, call: Callable[[], Answer]) -> Answer:
        """Raises what `call` raised last when it never passed."""

        def within_pace() -> Answer:
            self.rate.wait()
            return call()

        again: Retrying = Retrying(
            retry=retry_if_exception(_may_pass),
            stop=stop_after_delay(self.patience),
            wait=wait_random_exponential(multiplier=0.5, max=15),
            sleep=self.rate.sleep,
            reraise=True,
        )
        return again(within_pace)


class PacedKnowledgeBase:
    """A KnowledgeBase whose calls keep to the pace: of one call's size each (MAX_DOCUMENTS)."""

    def __init__(self, knowledge_base: KnowledgeBase, paced: Callable[[], Paced] = Paced) -> None:
        self._knowledge_base = knowledge_base
        self._ingest, self._delete, self._get = paced(), paced(), paced()

    def put(self, documents: Sequence[Document]) -> None:
        self._ingest(partial(self._knowledge_base.put, documents))

    def remove(self, candidate_ids: Sequence[str]) -> None:
        self._delete(partial(self._knowledge_base.remove, candidate_ids))

    def states(self, candidate_ids: Sequence[str]) -> Mapping[str, tuple[DocumentState, str]]:
        return self._get(partial(self._knowledge_base.states, candidate_ids))


def _may_pass(error: BaseException) -> bool:
    if isinstance(error, ClientError):
        return error.response["Error"]["Code"] in _PASSING
    return isinstance(error, Unreachable | HTTPClientError)
