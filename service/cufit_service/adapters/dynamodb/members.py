"""Members in their table: key `member_id`. photo_upload_url reads `role` from the same items."""

from typing import Any

from cufit_contracts.vocabulary import timestamp
from cufit_service.adapters.dynamodb.database import (
    Attr,
    DynamoDb,
    Values,
    Write,
    check,
    delete,
    put,
    update,
)
from cufit_service.adapters.dynamodb.outbox import outbox_row
from cufit_service.adapters.instants import instant
from cufit_service.domain.errors import ConcurrentChange
from cufit_service.domain.events import MemberLeft
from cufit_service.domain.member import Member, Relation, Role


class DynamoDbMembers:
    def __init__(self, dynamodb: DynamoDb, table: str, outbox_table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._outbox_table = outbox_table

    async def find(self, member_id: str) -> Member | None:
        item = await self._dynamodb.get(self._table, {"member_id": member_id})
        return None if item is None else _member(item)

    async def welcome(self, member: Member) -> Member:
        stored = await self.find(member.member_id)
        if stored is not None:
            return stored
        try:
            await self._dynamodb.write(
                put(self._table, _item(member), Attr("member_id").not_exists())
            )
        except ConcurrentChange:
            return await self.find(member.member_id) or member
        return member

    async def remove(self, left: MemberLeft) -> None:
        await self._dynamodb.write_together(
            delete(self._table, {"member_id": left.member_id}),
            outbox_row(self._outbox_table, left),
        )


def still_candidate(table: str, member_id: str) -> Write:
    """The condition that a member has the role CANDIDATE."""
    return check(table, {"member_id": member_id}, Attr("role").eq(Role.CANDIDATE.value))


def role_taken(table: str, member: Member) -> Write:
    """The write that gives `member` their role, provided nobody gave them one yet."""
    item = _item(member)
    key = {"member_id": item.pop("member_id")}
    basic = Attr("member_id").not_exists() | Attr("role").eq(Role.BASIC.value)
    return update(table, key, item, condition=basic)


def _item(member: Member) -> Values:
    item: dict[str, Any] = {
        "member_id": member.member_id,
        "role": member.role.value,
        "joined_at": timestamp(member.joined_at),
    }
    if member.inviter_id is not None:
        item["inviter_id"] = member.inviter_id
    if member.relation is not None:
        item["relation"] = member.relation.value
    return item


def _member(item: Values) -> Member:
    return Member(
        member_id=item["member_id"],
        role=Role(item["role"]),
        joined_at=instant(item["joined_at"]),
        inviter_id=item.get("inviter_id"),
        relation=Relation(item["relation"]) if "relation" in item else None,
    )
