"""What issuing an upload URL needs from outside."""

from collections.abc import Collection, Sequence
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
    def quota_of(self, candidate_id: str) -> Quota:
        """Also one that has expired."""

    def taking_a_place(self, candidate_id: str, since: str) -> Collection[str]:
        """Ids of photos made since then; those made a moment ago may be missing."""

    def of_ids(self, photo_ids: Collection[str]) -> Sequence[PhotoItem]:
        """Those that there are, as of now."""

    def add(
        self, photo: PhotoItem, before: Quota, after: Quota, abandoned: Collection[str]
    ) -> bool:
        """Write photo and quota and delete the abandoned, all or nothing; False if somebody else
        changed the quota or an abandoned photo since they were read, or the membership has ended
        since which `after` counts."""


class UploadUrls(Protocol):
    def sign(self, photo_id: str, upload: UploadRequest) -> SignedUpload: ...
