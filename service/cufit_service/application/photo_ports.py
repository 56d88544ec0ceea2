"""What the use cases need for photos (see ports)."""

from collections.abc import Sequence
from typing import Protocol

from cufit_service.domain.photo import Photo


class Photos(Protocol):
    async def of_candidate(self, candidate_id: str) -> Sequence[Photo]:
        """In their order (domain.photo.in_order)."""

    async def withdraw(self, photo: Photo) -> None:
        """From now on nothing becomes of it, and it takes no place; nothing happens when it is
        gone or takes none already."""

    async def place(self, photo_id: str, position: int) -> None:
        """Nothing happens when it is gone."""

    async def forget(self, photo_id: str) -> None: ...


class PhotoFiles(Protocol):
    async def link(self, key: str) -> str:
        """A URL that shows the stored picture to whoever has it, for a few minutes."""

    async def delete(self, photo_id: str) -> None:
        """The upload, the picture and the thumbnail, as far as they exist."""
