"""A candidate: a profile, the maker who introduces them, and whether they are resting."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from cufit_contracts.profile import Profile, ProfileOnCard, values_of
from cufit_contracts.vocabulary import IndexState, ProfileChange, age_in_korea
from cufit_service.domain.errors import CandidatePaused, Invalid, NotAllowed
from cufit_service.domain.events import ProfileChanged
from cufit_service.domain.member import Member, is_unattached
from cufit_service.domain.profile import faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Card(ProfileOnCard):
    """What makers see of each other's candidates: nothing that identifies or reaches a person."""

    candidate_id: str
    age: int
    paused: bool
    attached: bool
    """False while nobody introduces them (주선자 없음)."""
    joined_at: datetime
    """When their membership began; not shown."""


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
    maker_id: str | None
    """None while unattached (주선자 없음): their maker has left."""
    created_at: datetime
    updated_at: datetime
    version: int
    """Counts every change; the search index follows it."""
    profile: Profile
    joined_at: datetime
    """When the membership it belongs to began."""
    maker_joined_at: datetime | None = None
    """When the maker's membership began."""
    paused: bool = False
    """쉬어가기: neither recommended nor suggested."""
    index_state: IndexState = IndexState.PENDING
    """Of this version."""

    @classmethod
    def first(
        cls, member: Member, maker: Member | None, profile: Profile, now: datetime, version: int = 1
    ) -> Self:
        """The candidate a member becomes by saving a profile for the first time.

        Args:
            maker: who has the id of the member's maker now.
            version: 1, or the one after what an earlier membership left.

        Raises:
            NotAllowed: nobody invited the member.
            Invalid: the profile breaks a rule.
        """
        if member.inviter_id is None:
            raise NotAllowed
        _check(profile, now)
        candidate = cls(
            member.member_id, None, now, now, version, profile, joined_at=member.joined_at
        )
        if maker is None or is_unattached(member, maker):
            return candidate
        return replace(candidate, maker_id=maker.member_id, maker_joined_at=maker.joined_at)

    @property
    def change(self) -> ProfileChanged:
        """What the search index is told of this version."""
        return ProfileChanged(self.candidate_id, ProfileChange.SAVED, self.version, self.updated_at)

    @property
    def may_be_recommended(self) -> bool:
        """As far as it is about them alone."""
        return self.maker_id is not None and not self.paused

    def is_of(self, member: Member) -> bool:
        """Whether this is the profile of this very membership."""
        return member.is_one(self.candidate_id, self.joined_at)

    def is_introduced_by(self, maker: Member) -> bool:
        return maker.is_one(self.maker_id, self.maker_joined_at)

    def saved(self, profile: Profile, now: datetime) -> "Candidate":
        """Raises Invalid when the profile breaks a rule."""
        _check(profile, now)
        return self._changed(now, profile=profile)

    def resting(self, paused: bool, now: datetime) -> "Candidate":
        """The same object when nothing changes."""
        if paused == self.paused:
            return self
        return self._changed(now, paused=paused)

    def introduced_by(self, maker: Member | None, now: datetime) -> "Candidate":
        """With another maker, or unattached."""
        return self._changed(
            now,
            maker_id=maker and maker.member_id,
            maker_joined_at=maker and maker.joined_at,
        )

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
            attached=self.maker_id is not None,
            joined_at=self.joined_at,
        )

    def contact_card(self) -> ContactCard:
        profile = self.profile
        return ContactCard(self.candidate_id, profile.name, profile.nickname, profile.phone)


def _check(profile: Profile, now: datetime) -> None:
    if broken := list(faults(profile, now)):
        raise Invalid(broken)
