"""Candidates in their table (cufit_contracts.items.CandidateItem)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from cufit_contracts.items import CandidateItem
from cufit_contracts.items import IdealType as IdealTypeItem
from cufit_contracts.items import Range as RangeItem
from cufit_contracts.vocabulary import Gender, Mbti, age_in_korea, timestamp
from cufit_service.adapters.dynamodb.database import (
    Attr,
    Condition,
    DynamoDb,
    Values,
    delete,
    update,
)
from cufit_service.adapters.dynamodb.members import still_candidate
from cufit_service.adapters.dynamodb.outbox import outbox_row
from cufit_service.adapters.instants import instant
from cufit_service.application.ports import Page, Window
from cufit_service.domain.candidate import Candidate, Card
from cufit_service.domain.events import ProfileChanged
from cufit_service.domain.profile import IdealType, Profile, Range

CARD_ATTRIBUTES: Final = (
    *("candidate_id", "nickname", "gender", "birth_year", "height_cm", "mbti", "city", "district"),
    *("job", "hobbies", "smoking", "drinking", "self_introduction", "paused"),
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

    async def save(self, candidate: Candidate, change: ProfileChanged) -> None:
        # An update and not a put: profile_indexer keeps its own attributes on the item.
        values = _item(candidate)
        key = {"candidate_id": values.pop("candidate_id")}
        writes = [outbox_row(self._outbox_table, change)]
        if candidate.version == 1:
            before: Condition = Attr("candidate_id").not_exists()
            writes.append(still_candidate(self._members_table, candidate.candidate_id))
        else:
            before = Attr("version").eq(candidate.version - 1)
        saved = update(self._table, key, values, remove=["index_reason"], condition=before)
        await self._dynamodb.write_together(saved, *writes)

    async def remove(self, candidate: Candidate, gone: ProfileChanged) -> None:
        key = {"candidate_id": candidate.candidate_id}
        await self._dynamodb.write_together(
            delete(self._table, key, Attr("version").eq(candidate.version)),
            outbox_row(self._outbox_table, gone),
        )


def _item(candidate: Candidate) -> Values:
    profile = candidate.profile
    item = CandidateItem(
        candidate_id=candidate.candidate_id,
        maker_id=candidate.maker_id,
        created_at=timestamp(candidate.created_at),
        updated_at=timestamp(candidate.updated_at),
        version=candidate.version,
        name=profile.name,
        phone=profile.phone,
        nickname=profile.nickname,
        gender=profile.gender,
        birth_year=profile.birth_year,
        height_cm=profile.height_cm,
        mbti=profile.mbti,
        city=profile.city,
        district=profile.district,
        job=profile.job,
        hobbies=list(profile.hobbies),
        smoking=profile.smoking,
        drinking=profile.drinking,
        self_introduction=profile.self_introduction,
        ideal_type=_ideal_type_item(profile.ideal_type),
        paused=candidate.paused,
    ).to_item()
    del item["index_version"]
    return item


def _ideal_type_item(ideal: IdealType) -> IdealTypeItem:
    height = ideal.height_range
    return IdealTypeItem(
        age_range=RangeItem(min=ideal.age_range.min, max=ideal.age_range.max),
        height_range=None if height is None else RangeItem(min=height.min, max=height.max),
        mbti=list(ideal.mbti),
        smoking_max=ideal.smoking_max,
        drinking_max=ideal.drinking_max,
        free_text=ideal.free_text,
    )


def _candidate(raw: Values) -> Candidate:
    item = CandidateItem.from_item(raw)
    return Candidate(
        candidate_id=item.candidate_id,
        maker_id=item.maker_id,
        created_at=instant(item.created_at),
        updated_at=instant(item.updated_at),
        version=item.version,
        paused=item.paused,
        index_state=item.index_state,
        profile=Profile(
            name=item.name,
            phone=item.phone,
            nickname=item.nickname,
            gender=item.gender,
            birth_year=item.birth_year,
            height_cm=item.height_cm,
            mbti=item.mbti,
            city=item.city,
            district=item.district,
            job=item.job,
            hobbies=tuple(item.hobbies),
            smoking=item.smoking,
            drinking=item.drinking,
            self_introduction=item.self_introduction,
            ideal_type=_ideal_type(item.ideal_type),
        ),
    )


def _card(item: Values, now: datetime) -> Card:
    return Card(
        candidate_id=item["candidate_id"],
        nickname=item["nickname"],
        gender=Gender(item["gender"]),
        age=age_in_korea(item["birth_year"], now),
        height_cm=item["height_cm"],
        mbti=Mbti(item["mbti"]),
        city=item["city"],
        district=item["district"],
        job=item["job"],
        hobbies=tuple(item["hobbies"]),
        smoking=item["smoking"],
        drinking=item["drinking"],
        self_introduction=item["self_introduction"],
        paused=item["paused"],
    )


def _ideal_type(item: IdealTypeItem) -> IdealType:
    height = item.height_range
    return IdealType(
        age_range=Range(item.age_range.min, item.age_range.max),
        height_range=None if height is None else Range(height.min, height.max),
        mbti=tuple(item.mbti),
        smoking_max=item.smoking_max,
        drinking_max=item.drinking_max,
        free_text=item.free_text,
    )
