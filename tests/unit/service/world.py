"""A whole service on its in-memory adapters, with people in it."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from cufit_contracts.vocabulary import Gender, Mbti
from cufit_service.adapters.in_memory import (
    InMemoryCandidates,
    InMemoryInvitations,
    InMemoryMembers,
    InMemoryOutbox,
    InMemoryPhotos,
    InMemoryQueue,
    InMemoryRecommendations,
    InMemoryRecords,
)
from cufit_service.adapters.in_memory_matches import InMemoryMatches
from cufit_service.application.use_cases import Ports, UseCases
from cufit_service.domain.candidate import Candidate
from cufit_service.domain.member import Member, Relation, Role
from cufit_service.domain.profile import IdealType, Profile, Range

MORNING = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ADMIN_SUBJECT = "the-admin"


class SetClock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.time = now

    def now(self) -> datetime:
        return self.time

    def advance(self, **by: float) -> None:
        self.time += timedelta(**by)


class CountingIds:
    def __init__(self) -> None:
        self.count = 0

    def recommendation_id(self) -> str:
        self.count += 1
        return f"rec_{self.count:04}"

    def suggestion_id(self) -> str:
        self.count += 1
        return f"sug_{self.count:04}"

    def invitation_code(self) -> str:
        self.count += 1
        return f"CODE{self.count:012}"


def member(member_id: str, role: Role, inviter_id: str | None = None) -> Member:
    relation = Relation.FRIEND if inviter_id else None
    return Member(member_id, role, MORNING, inviter_id, relation)


BASIC = member("m_basic", Role.BASIC)
ADMIN = member("m_admin", Role.ADMIN)
MAKER = member("m_maker", Role.MAKER, "m_admin")
OTHER_MAKER = member("m_other_maker", Role.MAKER, "m_admin")
CANDIDATE = member("m_candidate", Role.CANDIDATE, "m_maker")

PROFILE = Profile(
    name="김하늘",
    phone="01012345678",
    nickname="산들바람",
    gender=Gender.FEMALE,
    birth_year=1996,
    height_cm=164,
    mbti=Mbti.INFJ,
    city="서울",
    district="마포구",
    job="디자이너",
    hobbies=("등산", "영화"),
    smoking=0,
    drinking=1,
    self_introduction="주말에는 한강을 걷습니다.",
    ideal_type=IdealType(Range(28, 35), Range(170, 190), (Mbti.ENFP,), 0, 2, "다정한 사람"),
)


def candidate_of(maker_id: str, candidate_id: str, **changes: object) -> Candidate:
    base = Candidate(candidate_id, maker_id, MORNING, MORNING, 1, PROFILE)
    return replace(base, **changes)  # type: ignore[arg-type]


@dataclass
class World:
    clock: SetClock = field(default_factory=SetClock)
    ids: CountingIds = field(default_factory=CountingIds)
    outbox: InMemoryOutbox = field(default_factory=InMemoryOutbox)
    photos: InMemoryPhotos = field(default_factory=InMemoryPhotos)
    records: InMemoryRecords = field(default_factory=InMemoryRecords)
    requests: InMemoryQueue = field(default_factory=InMemoryQueue)
    changes: InMemoryQueue = field(default_factory=InMemoryQueue)

    def __post_init__(self) -> None:
        self.members = InMemoryMembers(self.outbox)
        self.invitations = InMemoryInvitations(self.members)
        self.candidates = InMemoryCandidates(self.members, self.outbox)
        self.recommendations = InMemoryRecommendations(self.outbox)
        self.matches = InMemoryMatches(self.candidates)
        self.ports = Ports(
            members=self.members,
            invitations=self.invitations,
            candidates=self.candidates,
            recommendations=self.recommendations,
            matches=self.matches,
            records=self.records,
            outbox=self.outbox,
            photos=self.photos,
            photo_links=self.photos,
            photo_files=self.photos,
            requests=self.requests,
            changes=self.changes,
            ids=self.ids,
            clock=self.clock,
        )
        self.use_cases = UseCases.on(self.ports, admin_subjects={ADMIN_SUBJECT})

    def knows(self, *people: Member) -> None:
        for person in people:
            self.members.items[person.member_id] = person

    def has(self, *candidates: Candidate) -> None:
        for candidate in candidates:
            self.candidates.items[candidate.candidate_id] = candidate
