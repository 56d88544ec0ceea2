"""The documents of knowledge bases with CUSTOM data sources, as direct ingestion keeps them.

Ingestion is asynchronous on AWS: an accepted document is searchable once it is INDEXED, and until
then the version before it is. Deletion is asynchronous in the same way.
"""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

INDEXING_SECONDS = 0.1
"""How long a document stays STARTING here; AWS takes seconds to a minute."""

MAX_METADATA_BYTES = 1024
MAX_METADATA_KEYS = 35
"""A knowledge base on S3 Vectors takes this much custom metadata per vector, filterable or not
(docs.aws.amazon.com/bedrock/latest/userguide/knowledge-base-setup.html); more fails ingestion."""

Key = tuple[str, str, str]
"""Knowledge base id, data source id, document id."""


@dataclass(frozen=True)
class Content:
    text: str
    metadata: dict[str, Any]


@dataclass
class Document:
    """One document: what is searchable, and the change under way."""

    updated_at: float
    searchable: Content | None = None
    incoming: Content | None = None
    failure: str | None = None
    settles_at: float | None = None
    deleting: bool = False

    @property
    def status(self) -> str:
        if self.deleting:
            return "DELETING"
        if self.settles_at is not None:
            return "STARTING"
        return "FAILED" if self.failure else "INDEXED"


@dataclass
class KnowledgeBaseDocuments:
    """All documents of this server. Thread-safe: functions call in parallel."""

    clock: Callable[[], float] = time.time
    deleting_seconds: float = INDEXING_SECONDS
    """How long a deletion takes; until then the document may be found."""
    lost_deletions: int = 0
    """So many of the next deletions are accepted, and the document is INDEXED again after them."""
    _documents: dict[Key, Document] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def ingest(self, key: Key, content: Content, obstacle: str | None = None) -> Document:
        """Accept a new document or a new version of one (upsert); it fails for an `obstacle`."""
        with self._lock:
            now = self.clock()
            before = self.get(key)
            document = Document(
                updated_at=now,
                searchable=before.searchable if before else None,
                incoming=content,
                failure=obstacle or _metadata_fault(content.metadata),
                settles_at=now + INDEXING_SECONDS,
            )
            self._documents[key] = document
            return document

    def delete(self, key: Key, obstacle: str | None = None) -> Document | None:
        """Start deleting; it stays searchable until it is gone, for good with an `obstacle`.

        None when it is not there.
        """
        with self._lock:
            before = self.get(key)
            if before is None:
                return None
            now = self.clock()
            lost = self.lost_deletions > 0
            self.lost_deletions -= lost
            self._documents[key] = Document(
                updated_at=now,
                searchable=before.searchable,
                incoming=(before.incoming or before.searchable) if lost else None,
                failure=obstacle,
                deleting=True,
                settles_at=now + self.deleting_seconds,
            )
            return self._documents[key]

    def get(self, key: Key) -> Document | None:
        with self._lock:
            self._settle()
            return self._documents.get(key)

    def of_data_source(self, knowledge_base: str, data_source: str) -> dict[str, Document]:
        """Documents by id, in the order of their ids."""
        with self._lock:
            self._settle()
            return {
                key[2]: document
                for key, document in sorted(self._documents.items())
                if key[:2] == (knowledge_base, data_source)
            }

    def searchable(self, knowledge_base: str) -> dict[Key, Content]:
        with self._lock:
            self._settle()
            return {
                key: document.searchable
                for key, document in self._documents.items()
                if key[0] == knowledge_base and document.searchable is not None
            }

    def forget_data_source(self, knowledge_base: str, data_source: str) -> None:
        """Remove everything at once: a data source with deletion policy DELETE goes away."""
        with self._lock:
            for key in [k for k in self._documents if k[:2] == (knowledge_base, data_source)]:
                del self._documents[key]

    def _settle(self) -> None:
        now = self.clock()
        due = [
            (key, document)
            for key, document in self._documents.items()
            if document.settles_at is not None and document.settles_at <= now
        ]
        for key, document in due:
            if document.deleting and document.failure is None and document.incoming is None:
                del self._documents[key]
                continue
            if document.failure is None:
                document.searchable = document.incoming
            document.incoming = None
            document.settles_at = None
            document.deleting = False

    # MiniStack's contract of a service module with state.

    def get_state(self) -> dict[str, Any]:
        with self._lock:
            rows = [[*key, asdict(document)] for key, document in self._documents.items()]
        return {"documents": rows}

    def load_persisted_state(self, state: dict[str, Any]) -> None:
        with self._lock:
            for knowledge_base, data_source, document_id, row in state.get("documents", []):
                row["searchable"] = Content(**row["searchable"]) if row["searchable"] else None
                row["incoming"] = Content(**row["incoming"]) if row["incoming"] else None
                self._documents[(knowledge_base, data_source, document_id)] = Document(**row)

    def reset(self) -> None:
        with self._lock:
            self._documents.clear()


def iso_time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def _metadata_fault(metadata: dict[str, Any]) -> str | None:
    size = len(json.dumps(metadata, ensure_ascii=False, separators=(",", ":")).encode())
    if size > MAX_METADATA_BYTES:
        return f"Custom metadata of {size} bytes exceeds the {MAX_METADATA_BYTES} bytes per vector"
    if len(metadata) > MAX_METADATA_KEYS:
        return f"{len(metadata)} metadata keys exceed the {MAX_METADATA_KEYS} per vector"
    return None
