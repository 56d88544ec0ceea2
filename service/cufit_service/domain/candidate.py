"""A candidate: a profile, the maker who introduces them, and whether they are resting."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from cufit_contracts.vocabulary import Gender, Mbti, age_in_korea
from cufit_service.domain.errors import CandidatePaused, Invalid, NotAllowed
from cufit_service.domain.member import Member
from cufit_service.domain.profile import Profile


@dataclass(frozen=True, slots=True)
class Card:
    """What makers see of each other's candidates: nothing that identifies or reaches a person."""

    candidate_id: str
    nickname: str
    gender: Gender
    age: int
    height_cm: int
    mbti: Mbti
    city: str
    district: str
    job: str
    hobbies: tuple[str, ...]
    smoking: int
    drinking: int
    self_introduction: str
    paused: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    candidate_id: str
    """The member id of the person."""
    maker_id: str
    created_at: datetime
    updated_at: datetime
    version: int
    """Counts every change; the search index follows it."""
    profile: Profile
    paused: bool = False
    """쉬어가기: neither recommended nor suggested."""
    index_state: str = "PENDING"
    """PENDING, INDEXED or FAILED: whether the search index holds this version."""

    @classmethod
    def first(cls, member: Member, profile: Profile, now: datetime) -> Self:
        """The candidate a member becomes by saving a profile for the first time.

        Raises:
            NotAllowed: nobody invited the member.
            Invalid: the profile breaks a rule.
        """
        if member.inviter_id is None:
            raise NotAllowed
        _check(profile, now)
        return cls(member.member_id, member.inviter_id, now, now, 1, profile)

    def saved(self, profile: Profile, now: datetime) -> "Candidate":
        """Raises Invalid when the profile breaks a rule."""
        _check(profile, now)
        return self._changed(now, profile=profile)

    def resting(self, paused: bool, now: datetime) -> "Candidate":
        """The same object when nothing changes."""
        if paused == self.paused:
            return self
        return self._changed(now, paused=paused)

    def _changed(self, now: datetime, **what: Any) -> "Candidate":
        return replace(
            self, **what, updated_at=now, version=self.version + 1, index_state="PENDING"
        )

    def require_active(self) -> None:
        """Raises CandidatePaused while the candidate rests."""
        if self.paused:
            raise CandidatePaused

    def card(self, now: datetime) -> Card:
        profile = self.profile
        return Card(
            candidate_id=self.candidate_id,
            nickname=profile.nickname,
            gender=profile.gender,
            age=age_in_korea(profile.birth_year, now),
            height_cm=profile.height_cm,
            mbti=profile.mbti,
            city=profile.city,
            district=profile.district,
            job=profile.job,
            hobbies=profile.hobbies,
            smoking=profile.smoking,
            drinking=profile.drinking,
            self_introduction=profile.self_introduction,
            paused=self.paused,
        )


def _check(profile: Profile, now: datetime) -> None:
    faults = list(profile.faults(now))
    if faults:
        raise Invalid(faults)
