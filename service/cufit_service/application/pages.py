"""Lists by creation, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic, TypeVar

from cufit_service.domain.candidate import Candidate
from cufit_service.domain.member import Member

ItemT = TypeVar("ItemT")


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a list ordered by creation: continue after the item created then, with that id."""

    created_at: str
    item_id: str


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list: at most `limit` items, from its start or after a position."""

    limit: int
    after: Position | None = None
    joined_at: datetime | None = None
    """Only what is of the owner's membership that began then; None: of all they have had."""

    def since(self, owner: Member | Candidate) -> "Window":
        return replace(self, joined_at=owner.joined_at)


@dataclass(frozen=True, slots=True)
class Page(Generic[ItemT]):
    items: Sequence[ItemT]
    end: Position | None
    """Where the next page starts; None on the last."""
