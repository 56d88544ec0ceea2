"""The use case: a candidate gets the URL for one upload, if their quota has room for it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cufit_contracts.photos import PENDING_KEPT, PhotoItem, PhotoState, UploadRefusal
from cufit_contracts.vocabulary import timestamp
from photo_upload_url.ports import Member, Members, Photos, SignedUpload, UploadUrls
from photo_upload_url.problems import Refused
from photo_upload_url.quota import Limits
from photo_upload_url.upload_request import UploadRequest

ABANDONED_AFTER = timedelta(hours=1)
"""An upload URL lives minutes and checking a photo takes seconds."""

_ATTEMPTS = 6
"""Writes tried when another upload of the same person comes between reading and writing: people
choose all their photos at once, six at most, and each write that fails had another come first."""

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
            expires_at_epoch=int((now + self.ttl + PENDING_KEPT).timestamp()),
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
        if not before.is_there(now):
            # Nothing was begun for days: the index shows all there is.
            taking = self.photos.taking_a_place(photo.candidate_id, member.joined_at)
            counted = counted.holding(taking)
        abandoned: list[str] = []
        if counted.is_full(self.limits):
            too_old = timestamp(now - ABANDONED_AFTER)
            rows = [one for one in self.photos.of_ids(counted.places) if one.state.takes_a_place]
            abandoned = [one.photo_id for one in rows if _is_abandoned(one, too_old)]
            counted = counted.holding({one.photo_id for one in rows} - {*abandoned})
        after = counted.taken(photo.photo_id, now, self.limits)
        return self.photos.add(photo, before, after, abandoned)


def _is_abandoned(photo: PhotoItem, created_before: str) -> bool:
    """Its upload cannot come any more."""
    return photo.state is PhotoState.PENDING and photo.created_at < created_before


def new_photo_id() -> str:
    """`pho_` and 130 random bits: the key in storage says nothing about the owner."""
    return "pho_" + "".join(secrets.choice(_ALPHABET) for _ in range(26))
