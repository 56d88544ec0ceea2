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


@dataclass(frozen=True, slots=True)
class Member:
    """As stored."""

    role: str
    joined_at: str
    """When the membership began: who leaves and comes back has another."""


class Members(Protocol):
    def find(self, member_id: str) -> Member | None:
        """None for somebody who never signed in, or left."""


class Photos(Protocol):
    def quota_of(self, candidate_id: str) -> Quota: ...

    def abandoned(self, candidate_id: str, since: str, created_before: str) -> Sequence[str]:
        """Ids of photos made between these times and PENDING now: their upload cannot come any
        more."""

    def add(self, photo: PhotoItem, before: Quota, after: Quota, abandoned: Sequence[str]) -> bool:
        """Write photo and quota and drop the abandoned, all or nothing; False if somebody else
        changed the quota or an abandoned photo since they were read, or the membership has ended
        since which `after` counts."""


class UploadUrls(Protocol):
    def sign(self, photo_id: str, upload: UploadRequest) -> SignedUpload: ...
