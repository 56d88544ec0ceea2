"""A candidate looks at their own photos; what is ready comes with links that soon expire."""

from dataclasses import dataclass

from cufit_service.application.ports import PhotoLinks, Photos
from cufit_service.domain.member import Member, Role
from cufit_service.domain.photo import Photo


@dataclass(frozen=True, slots=True)
class LinkedPhoto:
    photo: Photo
    url: str | None
    thumbnail_url: str | None


@dataclass(frozen=True, slots=True)
class ListPhotos:
    photos: Photos
    links: PhotoLinks

    async def own(self, member: Member) -> list[LinkedPhoto]:
        """Every photo of the candidate, oldest first. Raises NotAllowed unless a candidate."""
        member.require(Role.CANDIDATE)
        return [
            LinkedPhoto(photo, await self._link(photo.key), await self._link(photo.thumbnail_key))
            for photo in await self.photos.of_candidate(member.member_id)
        ]

    async def _link(self, key: str | None) -> str | None:
        return None if key is None else await self.links.to(key)
