"""Photos as their owner and as makers see them; their owner orders and deletes them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cufit_contracts.photos import PhotoState, webp_key
from cufit_service.application.photo_ports import PhotoFiles, Photos
from cufit_service.application.ports import Candidates, Clock
from cufit_service.domain.candidate import Candidate
from cufit_service.domain.errors import CandidateUnknown, Fault, Invalid, PhotoUnknown
from cufit_service.domain.member import Member, Role
from cufit_service.domain.photo import Photo


@dataclass(frozen=True, slots=True)
class LinkedPhoto:
    """A photo and links to it that soon expire."""

    photo: Photo
    url: str | None
    thumbnail_url: str | None
    webp_url: str | None
    thumbnail_webp_url: str | None


@dataclass(frozen=True, slots=True)
class PhotoUseCases:
    photos: Photos
    files: PhotoFiles
    candidates: Candidates
    clock: Clock

    async def of_candidate(self, maker: Member, candidate_id: str) -> list[LinkedPhoto]:
        """The ready photos of any candidate: they belong to the card.

        Raises:
            NotAllowed: the member is no maker.
            CandidateUnknown: there is no such candidate.
        """
        maker.require(Role.MAKER)
        found = await self.candidates.find(candidate_id)
        if found is None:
            raise CandidateUnknown
        photos = await self.photos.of_candidate(candidate_id)
        ready = [photo for photo in photos if photo.state is PhotoState.READY]
        return await self._linked(one for one in ready if _is_of(one, found, self.clock.now()))

    async def own(self, member: Member) -> list[LinkedPhoto]:
        """All photos of the candidate. Raises NotAllowed unless one."""
        return await self._linked(await self._own(member))

    async def delete(self, member: Member, photo_id: str) -> None:
        """Raises PhotoUnknown: not one of the candidate's photos."""
        member.require(Role.CANDIDATE)
        photo = await self.photos.find(photo_id)
        if photo is None or not _is_own(photo, member, self.clock.now()):
            raise PhotoUnknown
        await self.remove(photo)

    async def remove(self, photo: Photo) -> None:
        """Withdrawn first: photo_processor makes nothing of a photo that is not pending. An
        interrupted removal leaves the photo listed, so that it can be removed again."""
        await self.photos.withdraw(photo.photo_id)
        await self.files.delete(photo.photo_id)
        await self.photos.forget(photo.photo_id)

    async def arrange(self, member: Member, photo_ids: Sequence[str]) -> None:
        """Show these first, in this order.

        Raises:
            PhotoUnknown: one is not the candidate's, or was rejected.
            Invalid: one is named twice.
        """
        member.require(Role.CANDIDATE)
        if len(set(photo_ids)) != len(photo_ids):
            raise Invalid([Fault("photo_ids", "names a photo twice")])
        for photo_id in photo_ids:
            photo = await self.photos.find(photo_id)
            if not _is_shown(photo, member, self.clock.now()):
                raise PhotoUnknown(field="photo_ids")
        own = [photo.photo_id for photo in await self._own(member) if photo.state.takes_a_place]
        rest = [photo_id for photo_id in own if photo_id not in photo_ids]
        for position, photo_id in enumerate([*photo_ids, *rest]):
            await self.photos.place(photo_id, position)

    async def _own(self, member: Member) -> Sequence[Photo]:
        member.require(Role.CANDIDATE)
        photos = await self.photos.of_candidate(member.member_id)
        now = self.clock.now()
        return [photo for photo in photos if _is_own(photo, member, now)]

    async def _linked(self, photos: Iterable[Photo]) -> list[LinkedPhoto]:
        return [await self._one_linked(photo) for photo in photos]

    async def _one_linked(self, photo: Photo) -> LinkedPhoto:
        jpegs = (photo.key, photo.thumbnail_key)
        webps = tuple(None if key is None else webp_key(key) for key in jpegs)
        return LinkedPhoto(photo, *[await self._link(key) for key in jpegs + webps])

    async def _link(self, key: str | None) -> str | None:
        return None if key is None else await self.files.link(key)


def _is_own(photo: Photo, member: Member, now: datetime) -> bool:
    return photo.candidate_id == member.member_id and _is_of(photo, member, now)


def _is_of(photo: Photo, theirs: Member | Candidate, now: datetime) -> bool:
    """Not what a membership before left that is not forgotten yet, nor what has expired."""
    return photo.created_at >= theirs.joined_at and photo.is_there(now)


def _is_shown(photo: Photo | None, member: Member, now: datetime) -> bool:
    return photo is not None and _is_own(photo, member, now) and photo.state.takes_a_place
