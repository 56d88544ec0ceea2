"""What indexing needs from outside."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Protocol

from cufit_contracts.items import IndexedItem
from cufit_contracts.vocabulary import IndexState
from profile_indexer.document import Document


class DocumentState(StrEnum):
    """Where a document stands in the knowledge base."""

    INDEXED = "INDEXED"
    WORKING = "WORKING"
    FAILED = "FAILED"
    DELETING = "DELETING"
    """Not gone yet: until then a search may find it, and a deletion may fail."""
    ABSENT = "ABSENT"


class DocumentRefused(Exception):
    """The knowledge base does not take a document of this call; trying again cannot help."""


class Marking(StrEnum):
    DONE = "DONE"
    OUTRUN = "OUTRUN"
    """The item has another version by now, or belongs to somebody who joined anew."""
    GONE = "GONE"
    """There is no item any more."""


class IndexedCandidates(Protocol):
    def get_many(self, candidate_ids: Collection[str]) -> Mapping[str, IndexedItem | None]:
        """Those that exist now, by id; None for one that is out of shape."""

    def mark(self, item: IndexedItem, state: IndexState, reason: str | None = None) -> Marking:
        """Note that the index holds, will hold (PENDING) or refused this version of this
        membership: versions begin again with the next."""

    def reopen(self, candidate_id: str) -> None:
        """Note that the index may hold an outdated version, so that it is written again."""


class KnowledgeBase(Protocol):
    def put(self, documents: Sequence[Document]) -> None:
        """Add or replace. Accepted when it returns, searchable some time later.

        Raises:
            DocumentRefused: none of them was taken.
        """

    def remove(self, candidate_ids: Sequence[str]) -> None:
        """Remove; an absent document is removed already. Accepted when it returns, gone some time
        later or, when it fails, never: `states` tells."""

    def states(self, candidate_ids: Sequence[str]) -> Mapping[str, tuple[DocumentState, str]]:
        """State and, when FAILED, the reason, by id."""
