"""Candidates in their table (cufit_contracts.items.CandidateItem)."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final

from cufit_contracts.items import NO_HISTORY, PLACE_KEYS
from cufit_contracts.places import born, listed_province, place
from cufit_contracts.profile import Profile, ProfileOnCard, fields_of, values_of
from cufit_contracts.stored import read, written
from cufit_contracts.vocabulary import age_in_korea, timestamp
from cufit_service.adapters.dynamodb.database import DynamoDb
from cufit_service.adapters.dynamodb.expressions import Attr, Values
from cufit_service.adapters.dynamodb.members import still_candidate, still_member, still_there
from cufit_service.adapters.dynamodb.outbox import outbox_row
from cufit_service.adapters.dynamodb.writes import Write, check, delete, next_version, update
from cufit_service.application.pages import Page, Window
from cufit_service.domain.candidate import Candidate, Card
from cufit_service.domain.events import ProfileChanged
from cufit_service.domain.member import Member

CARD_ATTRIBUTES: Final = (
    *(field.name for field in fields_of(ProfileOnCard)),
    *("candidate_id", "birth_year", "paused", "joined_at", "maker_id"),
)


class DynamoDbCandidates:
    def __init__(
        self, dynamodb: DynamoDb, table: str, members_table: str, outbox_table: str
    ) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._members_table = members_table
        self._outbox_table = outbox_table

    async def find(self, candidate_id: str) -> Candidate | None:
        item = await self._dynamodb.get(self._table, {"candidate_id": candidate_id})
        return None if item is None else _candidate(item)

    async def cards(self, candidate_ids: Sequence[str], now: datetime) -> dict[str, Card]:
        # Names, phone numbers and wishes are not even read.
        items = await self._dynamodb.get_all(
            self._table, "candidate_id", candidate_ids, attributes=CARD_ATTRIBUTES
        )
        return {item["candidate_id"]: _card(item, now) for item in items}

    async def of_maker(self, maker_id: str, window: Window) -> Page[Candidate]:
        items, end = await self._dynamodb.newest(
            self._table,
            index="by_maker",
            owner=("maker_id", maker_id),
            key_name="candidate_id",
            window=window,
            beginning="maker_joined_at",
        )
        return Page([_candidate(item) for item in items], end)

    async def save(
        self, candidate: Candidate, change: ProfileChanged, member: Member | None = None
    ) -> None:
        there = [still_member(self._members_table, member)] if member else []
        await self._dynamodb.write_together(
            profile_saved(self._table, candidate), outbox_row(self._outbox_table, change), *there
        )

    async def add(self, candidate: Candidate, member: Member, change: ProfileChanged) -> None:
        writes = [still_candidate(self._members_table, member)]
        if candidate.maker_id is not None and candidate.maker_joined_at is not None:
            maker = (candidate.maker_id, candidate.maker_joined_at)
            writes.append(still_there(self._members_table, *maker))
        await self._dynamodb.write_together(
            profile_saved(self._table, candidate, with_values=_BEGINNING),
            outbox_row(self._outbox_table, change),
            *writes,
        )

    async def remove(self, candidate: Candidate) -> None:
        key = {"candidate_id": candidate.candidate_id}
        this = Attr("version").eq(candidate.version)
        await self._dynamodb.write(delete(self._table, key, this))


_BEGINNING: Final[Values] = {"history": asdict(NO_HISTORY), "attention": 0}
"""Also of who left, came back and is not forgotten yet: nothing is known of them."""


def profile_saved(table: str, candidate: Candidate, *, with_values: Values | None = None) -> Write:
    """The write of a version, provided the one before it is stored."""
    # An update and not a put: history and attention are counted on the item by others, and
    # profile_indexer keeps its own attributes there.
    values = _item(candidate) | _place(candidate) | (with_values or {})
    key = {"candidate_id": values.pop("candidate_id")}
    told = values_of(Profile, candidate.profile) | values_of(Candidate, candidate)
    gone = ["index_reason", *(name for name, value in told.items() if value is None)]
    gone += [name for name in PLACE_KEYS if name not in values]
    before = next_version(candidate.version, "candidate_id")
    return update(table, key, values, remove=gone, condition=before)


def no_profile(table: str, member: Member) -> Write:
    """The condition that the member has none; what a membership before has left may be there."""
    joined_at = timestamp(member.joined_at)
    none = Attr("candidate_id").not_exists() | Attr("joined_at").ne(joined_at)
    return check(table, {"candidate_id": member.member_id}, none)


def _item(candidate: Candidate) -> Values:
    item = written(candidate)
    profile: Values = item.pop("profile")
    return item | profile


def _place(candidate: Candidate) -> Values:
    """Keys of the index by_place; none, and the item leaves it."""
    if not candidate.may_be_recommended:
        return {}
    profile = candidate.profile
    return {
        "place": place(profile.gender, listed_province(profile.city)),
        "born": born(profile.birth_year, candidate.candidate_id),
    }


def _candidate(item: Values) -> Candidate:
    return read(Candidate, {"maker_id": None} | item | {"profile": item})


def _card(item: Values, now: datetime) -> Card:
    derived = {"age": age_in_korea(item["birth_year"], now), "attached": "maker_id" in item}
    return read(Card, item | derived)
