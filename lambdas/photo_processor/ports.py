"""What processing a photo needs from outside."""

from dataclasses import dataclass
from typing import Protocol

from cufit_contracts.photos import PhotoItem, RejectionReason


class Rejected(Exception):
    """The upload is not a photo that may be shown; `reason` is stored and told to its owner."""

    def __init__(self, reason: RejectionReason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Encoded:
    """One picture in two formats. Nothing of the original file is left in them but its pixels."""

    jpeg: bytes
    webp: bytes


@dataclass(frozen=True, slots=True)
class CleanPhoto:
    """What is stored of a photo, and what is told of it before it is loaded."""

    image: Encoded
    thumbnail: Encoded
    width: int
    height: int
    placeholder: str
    dominant_colour: str


class Photos(Protocol):
    def get(self, photo_id: str) -> PhotoItem | None:
        """As of now; not one that has expired."""

    def make_ready(self, photo: PhotoItem, clean: CleanPhoto) -> bool:
        """PENDING becomes READY and stays; False when the photo is gone or has expired."""

    def close(self, photo_id: str) -> bool:
        """Of a photo that is gone, refused or has expired: whether none can make it READY now, not
        one who read it before it expired either; False when it is READY."""

    def reject(self, photo: PhotoItem, reason: RejectionReason) -> None:
        """PENDING becomes REJECTED, for its owner to read a while; else without effect."""


class PhotoFiles(Protocol):
    def read_upload(self, photo_id: str, at_most: int) -> bytes | None:
        """The uploaded bytes, cut after `at_most`; None when there is no upload (any more)."""

    def write_clean(self, photo_id: str, clean: CleanPhoto) -> None: ...

    def delete_upload(self, photo_id: str) -> None: ...

    def delete_clean(self, photo_id: str) -> None: ...


class ImageCleaner(Protocol):
    def clean(self, data: bytes) -> CleanPhoto:
        """Raises `Rejected` when the bytes are not one sound photo."""
