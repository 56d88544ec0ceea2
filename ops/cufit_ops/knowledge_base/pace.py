"""Calls of the knowledge base within its quotas, whoever else uses them."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as Unreachable
from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_random_exponential

from profile_indexer.bedrock_knowledge_base import MAX_DOCUMENTS
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
class TokenBucket:
    """`rate` tokens a second, at most `size` in store; `take` waits for one."""

    rate: float = CALLS_A_SECOND
    size: float = 1.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _tokens: float = field(init=False)
    _at: float = field(init=False)

    def __post_init__(self) -> None:
        self._tokens, self._at = self.size, self.clock()

    def take(self) -> None:
        now = self.clock()
        self._tokens = min(self.size, self._tokens + (now - self._at) * self.rate)
        self._at = now
        self._tokens -= 1
        if self._tokens < 0:
            self.sleep(-self._tokens / self.rate)


@dataclass
class Paced:
    """Makes calls of one operation: each within its pace, again when it may pass."""

    bucket: TokenBucket = field(default_factory=TokenBucket)
    patience: float = PATIENCE_SECONDS

    def __call__(self, call: Callable[[], Answer]) -> Answer:
        """Raises what `call` raised last when it never passed."""

        def within_pace() -> Answer:
            self.bucket.take()
            return call()

        again: Retrying = Retrying(
            retry=retry_if_exception(_may_pass),
            stop=stop_after_delay(self.patience),
            wait=wait_random_exponential(multiplier=0.5, max=15),
            sleep=self.bucket.sleep,
            reraise=True,
        )
        return again(within_pace)


class PacedKnowledgeBase:
    """A KnowledgeBase whose calls keep to the pace."""

    def __init__(self, knowledge_base: KnowledgeBase, paced: Callable[[], Paced] = Paced) -> None:
        self._knowledge_base = knowledge_base
        self._ingest, self._delete, self._get = paced(), paced(), paced()

    def put(self, documents: Sequence[Document]) -> None:
        for chunk in _chunks(documents):
            self._ingest(partial(self._knowledge_base.put, chunk))

    def remove(self, candidate_ids: Sequence[str]) -> None:
        for chunk in _chunks(candidate_ids):
            self._delete(partial(self._knowledge_base.remove, chunk))

    def states(self, candidate_ids: Sequence[str]) -> Mapping[str, tuple[DocumentState, str]]:
        found: dict[str, tuple[DocumentState, str]] = {}
        for chunk in _chunks(candidate_ids):
            found |= self._get(partial(self._knowledge_base.states, chunk))
        return found


Item = TypeVar("Item")


def _chunks(items: Sequence[Item]) -> list[Sequence[Item]]:
    """As many as one call takes, so that a token is a call."""
    return [items[at : at + MAX_DOCUMENTS] for at in range(0, len(items), MAX_DOCUMENTS)]


def _may_pass(error: BaseException) -> bool:
    if isinstance(error, ClientError):
        return error.response["Error"]["Code"] in _PASSING
    return isinstance(error, Unreachable | HTTPClientError)
