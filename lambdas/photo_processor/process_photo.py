"""The use case: an upload becomes a READY photo, or a REJECTED one with a reason.

Files are written before the state and the upload is deleted last, so that a repeated event finds
what it needs at every point, and writes the same again.
"""

from base64 import b64encode
from enum import StrEnum
from hashlib import sha256

from cufit_contracts.photos import PhotoItem, PhotoState, RejectionReason
from photo_processor.ports import ImageCleaner, PhotoFiles, Photos, Rejected


class Verdict(StrEnum):
    READY = "READY"
    REJECTED = "REJECTED"
    REPEATED = "REPEATED"
    """Decided before: the event came twice."""
    UNKNOWN = "UNKNOWN"
    """No such photo (any more): the file is deleted."""


class UploadMissing(RuntimeError):
    """The photo waits for an upload that cannot be read: expired, or the role may not read it."""


class ProcessPhoto:
    def __init__(self, photos: Photos, files: PhotoFiles, cleaner: ImageCleaner) -> None:
        self._photos = photos
        self._files = files
        self._cleaner = cleaner

    def __call__(self, photo_id: str) -> tuple[Verdict, RejectionReason | None]:
        """Verdict, and the reason when REJECTED. Raises `UploadMissing`."""
        photo = self._photos.get(photo_id)
        if photo is None or photo.state is PhotoState.REJECTED:
            # An earlier attempt may have left files: its photo was deleted before its state.
            verdict = self._without_row(photo_id)
            self._files.delete_upload(photo_id)
            return (Verdict.REPEATED if photo else verdict), None
        if photo.state is not PhotoState.PENDING:
            self._files.delete_upload(photo_id)
            return Verdict.REPEATED, None
        data = self._files.read_upload(photo_id, at_most=photo.content_length + 1)
        if data is None:
            return self._without_upload(photo_id)
        try:
            verdict = self._accept(photo, data)
        except Rejected as rejected:
            self._photos.reject(photo, rejected.reason)
            self._files.delete_upload(photo_id)
            return Verdict.REJECTED, rejected.reason
        self._files.delete_upload(photo_id)
        return verdict, None

    def _without_upload(self, photo_id: str) -> tuple[Verdict, None]:
        found = self._photos.get(photo_id)
        if found is not None and found.state is PhotoState.PENDING:
            raise UploadMissing(photo_id)
        return Verdict.REPEATED, None  # an event that ran beside this one was quicker

    def _accept(self, photo: PhotoItem, data: bytes) -> Verdict:
        if len(data) != photo.content_length:
            raise Rejected(RejectionReason.LENGTH_MISMATCH)
        if b64encode(sha256(data).digest()).decode() != photo.sha256:
            raise Rejected(RejectionReason.CHECKSUM_MISMATCH)
        clean = self._cleaner.clean(data)
        self._files.write_clean(photo.photo_id, clean)
        if self._photos.make_ready(photo, clean):
            return Verdict.READY
        return self._without_row(photo.photo_id)

    def _without_row(self, photo_id: str) -> Verdict:
        """Deleted, or expired: its files belong to nobody, once it can become READY no more."""
        if not self._photos.close(photo_id):
            return Verdict.REPEATED
        self._files.delete_clean(photo_id)
        return Verdict.UNKNOWN
