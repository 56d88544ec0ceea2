"""Photos as their owner and as makers see them; the links to them soon expire."""

from collections.abc import Iterable
from dataclasses import dataclass

from cufit_contracts.photos import PhotoState
from cufit_service.application.photo_ports import PhotoLinks, Photos
from cufit_service.application.ports import Candidates
from cufit_service.domain.errors import CandidateUnknown
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
    candidates: Candidates

    async def of_candidate(self, maker: Member, candidate_id: str) -> list[LinkedPhoto]:
        """The ready photos of any candidate: they belong to the card.

        Raises:
            NotAllowed: the member is no maker.
            CandidateUnknown: there is no such candidate.
        """
        maker.require(Role.MAKER)
        if await self.candidates.find(candidate_id) is None:
            raise CandidateUnknown
        photos = await self.photos.of_candidate(candidate_id)
        return await self._linked(photo for photo in photos if photo.state is PhotoState.READY)

    async def own(self, member: Member) -> list[LinkedPhoto]:
        """Every photo of the candidate. Raises NotAllowed unless a candidate."""
        member.require(Role.CANDIDATE)
        return await self._linked(await self.photos.of_candidate(member.member_id))

    async def _linked(self, photos: Iterable[Photo]) -> list[LinkedPhoto]:
        return [
            LinkedPhoto(photo, await self._link(photo.key), await self._link(photo.thumbnail_key))
            for photo in photos
        ]

    async def _link(self, key: str | None) -> str | None:
        return None if key is None else await self.links.to(key)
