"""A whole service on the AWS in memory, with people in it."""

from collections.abc import Coroutine, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar

from cufit_contracts.photos import clean_keys, upload_key
from cufit_contracts.profile import IdealType, Profile, Range
from cufit_contracts.stored import written
from cufit_contracts.vocabulary import Gender, Mbti, ProfileChange
from cufit_service.adapters.dynamodb.database import OPERATIONS
from cufit_service.adapters.dynamodb.expressions import Values, packed, unpacked
from cufit_service.adapters.sqs.event_messages import event_of
from cufit_service.application.forget_member import SETTLED_AFTER
from cufit_service.application.sweep_outbox import GRACE
from cufit_service.application.use_cases import Ports, UseCases
from cufit_service.bootstrap import aws_ports
from cufit_service.domain.candidate import Candidate
from cufit_service.domain.events import Event, ProfileChanged
from cufit_service.domain.member import Member, Relation, Role
from cufit_service.domain.photo import Photo
from cufit_service.domain.quota import day_of
from cufit_service.domain.recommendation import Recommendation
from tests.in_memory_aws.clients import clients
from tests.in_memory_aws.cloud import MATCH_REQUESTS, PROFILE_CHANGES, Cloud
from tests.in_memory_aws.settings import SETTINGS
from tests.in_memory_aws.sqs import Queue

MORNING = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ADMIN_SUBJECT = "the-admin"


class SetClock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.time = now

    def now(self) -> datetime:
        return self.time

    def seconds(self) -> float:
        return self.time.timestamp()

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

    def request_id(self) -> str:
        self.count += 1
        return f"req_{self.count:04}"

    def invitation_code(self) -> str:
        self.count += 1
        return f"CODE{self.count:012}"


def member(member_id: str, role: Role, inviter_id: str | None = None) -> Member:
    relation = Relation.FRIEND if inviter_id else None
    inviter_joined_at = MORNING if role is Role.CANDIDATE else None
    return Member(member_id, role, MORNING, inviter_id, relation, inviter_joined_at)


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
    base = Candidate(candidate_id, maker_id, MORNING, MORNING, 1, PROFILE, MORNING, MORNING)
    return replace(base, **changes)  # type: ignore[arg-type]


SEEKER = candidate_of(MAKER.member_id, "m_seeker")


_CONDITION = "ConditionExpression"

Found = TypeVar("Found")


class World:
    def __init__(self) -> None:
        self.clock = SetClock()
        self.ids = CountingIds()
        self.cloud = Cloud(self.clock.seconds)
        on_aws = aws_ports(SETTINGS, clients(self.cloud.call))
        self.ports = replace(on_aws, clock=self.clock, ids=self.ids)
        self.members = self.ports.members
        self.invitations = self.ports.invitations
        self.candidates = self.ports.candidates
        self.recommendations = self.ports.recommendations
        self.matches = self.ports.matches
        self.quotas = self.ports.quotas
        self.outbox = self.ports.outbox
        self.records = self.ports.records
        self.photos = self.ports.photos
        self.photo_files = self.ports.photo_files
        self.requests = self.ports.requests
        self.changes = self.ports.changes
        self.requests_queue = self.cloud.sqs.queues[MATCH_REQUESTS]
        self.changes_queue = self.cloud.sqs.queues[PROFILE_CHANGES]
        self.use_cases = UseCases.on(self.ports, admin_subjects={ADMIN_SUBJECT})
        self.knows(MAKER, OTHER_MAKER, CANDIDATE)

    @property
    def requests_sent(self) -> list[Event]:
        return _events(self.requests_queue)

    @property
    def changes_sent(self) -> list[Event]:
        return _events(self.changes_queue)

    def rows(self, table: str) -> dict[str, Values]:
        """What is stored, by key; not what is counted beside it."""
        found = self.everything(table)
        return {key: item for key, item in found.items() if "quota#" not in key}

    def counted(self, kind: str, owner_id: str) -> set[str]:
        """What takes a place of `owner_id`'s today."""
        key = f"quota#{kind}#{owner_id}#{day_of(self.clock.now())}"
        items = self.cloud.dynamodb.tables["idempotency"].items
        counted: set[str] = unpacked(items.get(key, {})).get("ids", set())
        return counted

    def stored(self, finding: Coroutine[Any, Any, Found | None]) -> Found:
        """What a port's `find` finds, without waiting; it has to be there."""
        found = _done(finding)
        assert found is not None
        return found

    def knows(self, *people: Member) -> None:
        """Store them, whatever was there."""
        for person in people:
            _done(self._by_force.members.welcome(person))

    def has(self, *candidates: Candidate) -> None:
        """Store them, whatever was there."""
        for one in candidates:
            saved = ProfileChange.SAVED
            change = ProfileChanged(one.candidate_id, saved, one.version, one.updated_at)
            _done(self._by_force.candidates.add(one, CANDIDATE, change))

    def lost(self, table: str, key: str) -> None:
        """Nothing is stored there any more."""
        self.cloud.dynamodb.tables[table].write(key, None, 0)

    async def asked(self) -> Recommendation:
        """A maker has asked for SEEKER."""
        self.has(SEEKER)
        recommendation_id = self.ids.recommendation_id()
        return await self.use_cases.recommendations.ask(MAKER, "m_seeker", recommendation_id)

    def worker_ends(self, ended: Recommendation) -> None:
        """Store a recommendation as match_worker leaves it."""
        self.put("recommendations", ended.recommendation_id, written(ended))

    def has_photos(self, *photos: Photo) -> None:
        """Store them as the functions do, and their files."""
        for photo in photos:
            self.put("photos", photo.photo_id, written(photo))
            for key in (upload_key(photo.photo_id), *clean_keys(photo.photo_id)):
                self.cloud.s3.objects[key] = b"a picture"

    def everything(self, table: str) -> dict[str, Values]:
        """What is stored, by key."""
        items = self.cloud.dynamodb.tables[table].items
        return {key: unpacked(item) for key, item in items.items()}

    def put(self, table: str, key: str, values: Values) -> None:
        """Store `values` as they are, as another deployable leaves them."""
        held = self.cloud.dynamodb.tables[table]
        held.write(key, packed(values), self.cloud.dynamodb.lag)

    @cached_property
    def _by_force(self) -> Ports:
        """What it writes no condition hinders, and nobody is told of it."""

        def write(service: str, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
            if operation == "GetItem":
                return {}
            if operation == "TransactWriteItems":
                ((kind, request),) = request["TransactItems"][0].items()
                operation = OPERATIONS[kind]
            free = {name: value for name, value in request.items() if name != _CONDITION}
            return self.cloud.call(service, operation, free)

        return aws_ports(SETTINGS, clients(write))


async def settle(world: World) -> None:
    """What follows some time later: indexes show everything, what is due is done."""
    world.cloud.dynamodb.settle()
    world.clock.time += SETTLED_AFTER + GRACE + timedelta(seconds=1)
    await world.use_cases.sweep_outbox()
    await world.use_cases.sweep_outbox.forget()


def _done(work: Coroutine[Any, Any, Found]) -> Found:
    """AWS in memory never lets anybody wait."""
    try:
        work.send(None)
    except StopIteration as ended:
        found: Found = ended.value
        return found
    raise AssertionError("it waits")


def _events(queue: Queue) -> list[Event]:
    return [event_of(queue.name, message.body) for message in queue.messages]
