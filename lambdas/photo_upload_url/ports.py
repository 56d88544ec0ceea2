"""What issuing an upload URL needs from outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from cufit_contracts.photos import PhotoItem
from photo_upload_url.quota import Quota
from photo_upload_url.upload_request import UploadRequest


@dataclass(frozen=True, slots=True)
class SignedUpload:
    url: str
    headers: dict[str, str]
    """Each must be sent exactly so, or storage refuses the upload."""


class Members(Protocol):
    def role_of(self, member_id: str) -> str | None:
        """Role as stored; None for somebody who never signed in."""


class Photos(Protocol):
    def quota_of(self, candidate_id: str) -> Quota: ...

    def abandoned(self, candidate_id: str, created_before: str) -> Sequence[str]:
        """Ids of photos PENDING since before that time: their upload cannot come any more."""

    def add(self, photo: PhotoItem, before: Quota, after: Quota, abandoned: Sequence[str]) -> bool:
        """Write photo and quota and drop the abandoned, all or nothing; False if somebody else
        changed the quota or an abandoned photo since they were read, or the owner is no candidate
        any more."""


class UploadUrls(Protocol):
    def sign(self, photo_id: str, upload: UploadRequest) -> SignedUpload: ...
