"""What the use cases need for photos (see ports)."""

from collections.abc import Sequence
from typing import Protocol

from cufit_service.domain.events import MemberLeft
from cufit_service.domain.photo import Photo


class Photos(Protocol):
    async def of_candidate(self, candidate_id: str) -> Sequence[Photo]:
        """All of them in their order (domain.photo.in_order), also what has expired and is not
        deleted yet. One made a moment ago may be missing, and one removed then still be there."""

    async def find(self, photo_id: str) -> Photo | None:
        """Also one that has expired."""

    async def everything_of(self, candidate_id: str) -> Sequence[Photo]:
        """All there are, in any order; dear, and nothing is missing."""

    async def withdraw(self, photo_id: str) -> None:
        """From now on nothing becomes of it, and it takes no place; it stays until it is forgotten,
        lest files outlive their row. Nothing happens when it is gone or takes none already."""

    async def place(self, photo_id: str, position: int) -> None:
        """Nothing happens when it is gone."""

    async def forget(self, photo_id: str) -> None: ...

    async def forget_quota(self, left: MemberLeft) -> None:
        """What is counted of that membership's photos."""


class PhotoFiles(Protocol):
    async def link(self, key: str) -> str:
        """A URL that shows the stored picture to whoever has it, for a few minutes."""

    async def delete(self, photo_id: str) -> None:
        """The upload, the picture and the thumbnail, as far as they exist."""
