"""The use case: a candidate gets the URL for one upload, if their quota has room for it."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cufit_contracts.photos import PhotoItem, PhotoState, UploadRefusal
from cufit_contracts.vocabulary import KST, timestamp
from photo_upload_url.ports import Members, Photos, SignedUpload, UploadUrls
from photo_upload_url.problems import Refused
from photo_upload_url.quota import Limits
from photo_upload_url.upload_request import UploadRequest

ABANDONED_AFTER = timedelta(hours=1)
"""An upload URL lives minutes and checking a photo takes seconds."""

_ATTEMPTS = 4
"""Writes tried when another upload of the same person comes between reading and writing."""

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


@dataclass(frozen=True, slots=True)
class IssuedUpload:
    photo_id: str
    signed: SignedUpload
    expires_at: str


@dataclass(frozen=True, slots=True)
class IssueUploadUrl:
    members: Members
    photos: Photos
    urls: UploadUrls
    limits: Limits
    ttl: timedelta
    now: Callable[[], datetime]

    def __call__(self, member_id: str, upload: UploadRequest) -> IssuedUpload:
        """Raises `Refused`: not a candidate (403), over quota (429), or too busy (409)."""
        self._require_candidate(member_id)
        now = self.now()
        photo = PhotoItem(
            photo_id=new_photo_id(),
            candidate_id=member_id,
            state=PhotoState.PENDING,
            created_at=timestamp(now),
            content_type=upload.content_type,
            content_length=upload.content_length,
        )
        # Signed first: signing makes no call, and a photo without URL would take a place.
        signed = self.urls.sign(photo.photo_id, upload)
        for _ in range(_ATTEMPTS):
            if self._added(photo, now):
                return IssuedUpload(photo.photo_id, signed, timestamp(now + self.ttl))
            self._require_candidate(member_id)  # they may have left
        raise Refused(UploadRefusal.UPLOADS_COLLIDE)

    def _require_candidate(self, member_id: str) -> None:
        if self.members.role_of(member_id) != "CANDIDATE":
            raise Refused(UploadRefusal.ROLE_NOT_ALLOWED)

    def _added(self, photo: PhotoItem, now: datetime) -> bool:
        before = self.photos.quota_of(photo.candidate_id)
        abandoned: Sequence[str] = ()
        if before.is_full(self.limits):
            since = timestamp(now - ABANDONED_AFTER)
            abandoned = self.photos.abandoned(photo.candidate_id, since)
        today = now.astimezone(KST).date().isoformat()
        after = before.released(len(abandoned)).taken(today, self.limits)
        return self.photos.add(photo, before, after, abandoned)


def new_photo_id() -> str:
    """`pho_` and 130 random bits: the key in storage says nothing about the owner."""
    return "pho_" + "".join(secrets.choice(_ALPHABET) for _ in range(26))
