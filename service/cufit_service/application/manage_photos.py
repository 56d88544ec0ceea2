"""A candidate deletes one of their photos, or says in which order they are shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from cufit_contracts.photos import PhotoState
from cufit_service.application.photo_ports import PhotoFiles, Photos
from cufit_service.domain.errors import Fault, Invalid, PhotoUnknown
from cufit_service.domain.member import Member, Role
from cufit_service.domain.photo import Photo


@dataclass(frozen=True, slots=True)
class ManagePhotos:
    photos: Photos
    files: PhotoFiles

    async def delete(self, member: Member, photo_id: str) -> None:
        """Raises PhotoUnknown: not one of the candidate's photos."""
        member.require(Role.CANDIDATE)
        own = await self.photos.of_candidate(member.member_id)
        photo = next((photo for photo in own if photo.photo_id == photo_id), None)
        if photo is None:
            raise PhotoUnknown
        await self.remove(photo)

    async def remove(self, photo: Photo) -> None:
        """Withdrawn first: photo_processor makes nothing of a photo that is not pending. An
        interrupted removal leaves the photo listed, so that it can be removed again."""
        await self.photos.withdraw(photo)
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
        own = await self.photos.of_candidate(member.member_id)
        shown = {photo.photo_id for photo in own if photo.state is not PhotoState.REJECTED}
        if not shown.issuperset(photo_ids):
            raise PhotoUnknown(field="photo_ids")
        rest = [photo.photo_id for photo in own if photo.photo_id not in photo_ids]
        for position, photo_id in enumerate([*photo_ids, *rest]):
            await self.photos.place(photo_id, position)
