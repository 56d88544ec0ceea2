"""What the use cases need to tell others of what happened (see ports)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from cufit_service.domain.events import Event, ProfileChanged, RecommendationRequested


class Outbox(Protocol):
    """Events stored with the change they tell of, until they have been sent."""

    async def waiting(
        self, before: datetime, limit: int, *, leaving: bool | None = None
    ) -> Sequence[Event]:
        """Unsent events that were due before `before`; if told, only those of who has left, or
        only the others."""

    async def keep(self, event: Event) -> None:
        """Have an event sent (again); one that is kept already is replaced."""

    async def remove(self, event: Event) -> None: ...


class RecommendationRequests(Protocol):
    async def send(self, request: RecommendationRequested, /) -> None:
        """Ask for partners to be ranked. Delivered at least once."""


class ProfileChanges(Protocol):
    async def send(self, change: ProfileChanged, /) -> None:
        """Tell the search index. Delivered at least once."""
