"""Candidates in their table (cufit_contracts.items.CandidateItem)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from cufit_contracts.profile import Profile, ProfileOnCard, fields_of, values_of
from cufit_contracts.stored import read, written
from cufit_contracts.vocabulary import age_in_korea
from cufit_service.adapters.dynamodb.database import (
    Attr,
    DynamoDb,
    Values,
    delete,
    next_version,
    update,
)
from cufit_service.adapters.dynamodb.members import still_member
from cufit_service.adapters.dynamodb.outbox import outbox_row
from cufit_service.application.ports import Page, Window
from cufit_service.domain.candidate import Candidate, Card
from cufit_service.domain.events import ProfileChanged
from cufit_service.domain.member import Member

CARD_ATTRIBUTES: Final = (
    *(field.name for field in fields_of(ProfileOnCard)),
    *("candidate_id", "birth_year", "paused"),
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
        )
        return Page([_candidate(item) for item in items], end)

    async def save(self, candidate: Candidate, change: ProfileChanged, member: Member) -> None:
        # An update and not a put: profile_indexer keeps its own attributes on the item.
        values = _item(candidate)
        key = {"candidate_id": values.pop("candidate_id")}
        before = next_version(candidate.version)
        untold = [
            name for name, told in values_of(Profile, candidate.profile).items() if told is None
        ]
        gone = ["index_reason", *untold]
        saved = update(self._table, key, values, remove=gone, condition=before)
        await self._dynamodb.write_together(
            saved,
            outbox_row(self._outbox_table, change),
            still_member(self._members_table, member),
        )

    async def remove(self, candidate: Candidate) -> None:
        key = {"candidate_id": candidate.candidate_id}
        this = Attr("version").eq(candidate.version)
        await self._dynamodb.write(delete(self._table, key, this))


def _item(candidate: Candidate) -> Values:
    item = written(candidate)
    profile: Values = item.pop("profile")
    return item | profile


def _candidate(item: Values) -> Candidate:
    return read(Candidate, item | {"profile": item})


def _card(item: Values, now: datetime) -> Card:
    return read(Card, item | {"age": age_in_korea(item["birth_year"], now)})
