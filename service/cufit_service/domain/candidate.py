"""A candidate: a profile, the maker who introduces them, and whether they are resting."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from cufit_contracts.profile import Profile, ProfileOnCard, values_of
from cufit_contracts.vocabulary import IndexState, age_in_korea
from cufit_service.domain.errors import CandidatePaused, Invalid, NotAllowed
from cufit_service.domain.member import Member
from cufit_service.domain.profile import faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Card(ProfileOnCard):
    """What makers see of each other's candidates: nothing that identifies or reaches a person."""

    candidate_id: str
    age: int
    paused: bool


@dataclass(frozen=True, slots=True)
class ContactCard:
    """What each of a matched pair may know to reach the other."""

    candidate_id: str
    name: str
    nickname: str
    phone: str


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
    index_state: IndexState = IndexState.PENDING
    """Of this version."""

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
            self, **what, updated_at=now, version=self.version + 1, index_state=IndexState.PENDING
        )

    def require_active(self) -> None:
        """Raises CandidatePaused while the candidate rests."""
        if self.paused:
            raise CandidatePaused

    def card(self, now: datetime) -> Card:
        return Card(
            **values_of(ProfileOnCard, self.profile),
            candidate_id=self.candidate_id,
            age=age_in_korea(self.profile.birth_year, now),
            paused=self.paused,
        )

    def contact_card(self) -> ContactCard:
        profile = self.profile
        return ContactCard(self.candidate_id, profile.name, profile.nickname, profile.phone)


def _check(profile: Profile, now: datetime) -> None:
    if broken := list(faults(profile, now)):
        raise Invalid(broken)
