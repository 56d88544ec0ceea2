"""The use case: a candidate gets the URL for one upload, if their quota has room for it."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cufit_contracts.photos import PhotoItem, PhotoState, UploadRefusal
from cufit_contracts.vocabulary import KST, timestamp
from photo_upload_url.ports import Member, Members, Photos, SignedUpload, UploadUrls
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
        member = self._candidate(member_id)
        now = self.now()
        photo = PhotoItem(
            photo_id=new_photo_id(),
            candidate_id=member_id,
            state=PhotoState.PENDING,
            created_at=timestamp(now),
            content_type=upload.content_type,
            content_length=upload.content_length,
            sha256=upload.sha256,
        )
        # Signed first: signing makes no call, and a photo without URL would take a place.
        signed = self.urls.sign(photo.photo_id, upload)
        for _ in range(_ATTEMPTS):
            if self._added(photo, member, now):
                return IssuedUpload(photo.photo_id, signed, timestamp(now + self.ttl))
            if self._candidate(member_id) != member:
                break  # they left and came back: the photo would be older than their membership
        raise Refused(UploadRefusal.UPLOADS_COLLIDE)

    def _candidate(self, member_id: str) -> Member:
        member = self.members.find(member_id)
        if member is None or member.role != "CANDIDATE":
            raise Refused(UploadRefusal.ROLE_NOT_ALLOWED)
        return member

    def _added(self, photo: PhotoItem, member: Member, now: datetime) -> bool:
        before = self.photos.quota_of(photo.candidate_id)
        counted = before.of_membership(member.joined_at)
        abandoned: Sequence[str] = ()
        if counted.is_full(self.limits):
            too_old = timestamp(now - ABANDONED_AFTER)
            abandoned = self.photos.abandoned(photo.candidate_id, member.joined_at, too_old)
        today = now.astimezone(KST).date().isoformat()
        after = counted.released(len(abandoned)).taken(today, self.limits)
        return self.photos.add(photo, before, after, abandoned)


def new_photo_id() -> str:
    """`pho_` and 130 random bits: the key in storage says nothing about the owner."""
    return "pho_" + "".join(secrets.choice(_ALPHABET) for _ in range(26))
