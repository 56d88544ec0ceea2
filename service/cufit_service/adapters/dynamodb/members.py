"""Members in their table: key `member_id`. photo_upload_url reads `role` and `joined_at` of
the same items."""

from datetime import datetime

from cufit_contracts.stored import read, written
from cufit_contracts.vocabulary import timestamp
from cufit_service.adapters.dynamodb.database import (
    Attr,
    Condition,
    DynamoDb,
    Write,
    check,
    delete,
    put,
    update,
)
from cufit_service.adapters.dynamodb.outbox import outbox_row
from cufit_service.domain.errors import ConcurrentChange
from cufit_service.domain.events import MemberLeft
from cufit_service.domain.member import Member, Role


class DynamoDbMembers:
    def __init__(self, dynamodb: DynamoDb, table: str, outbox_table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._outbox_table = outbox_table

    async def find(self, member_id: str) -> Member | None:
        item = await self._dynamodb.get(self._table, {"member_id": member_id})
        return None if item is None else read(Member, item)

    async def welcome(self, member: Member) -> Member:
        stored = await self.find(member.member_id)
        if stored is not None:
            return stored
        try:
            await self._dynamodb.write(
                put(self._table, written(member), Attr("member_id").not_exists())
            )
        except ConcurrentChange:
            return await self.find(member.member_id) or member
        return member

    async def remove(self, left: MemberLeft) -> None:
        key = {"member_id": left.member_id}
        await self._dynamodb.write_together(
            delete(self._table, key, _since(left.joined_at)),
            outbox_row(self._outbox_table, left),
        )


def still_member(table: str, member: Member) -> Write:
    """The condition that the membership has not ended: who came back has another."""
    return check(table, {"member_id": member.member_id}, _since(member.joined_at))


def joined_before(table: str, member_id: str, at: datetime) -> Write:
    """The condition that they are a member, and were at that time."""
    return check(table, {"member_id": member_id}, Attr("joined_at").lte(timestamp(at)))


def role_taken(table: str, member: Member, *, stored: bool) -> Write:
    """The write that gives `member` their role, provided nobody gave them one yet and, when they
    were `stored` before, the membership has not ended."""
    item = written(member)
    key = {"member_id": item.pop("member_id")}
    if stored:
        before = _since(member.joined_at) & Attr("role").eq(Role.BASIC.value)
    else:
        before = Attr("member_id").not_exists()
    return update(table, key, item, condition=before)


def _since(joined_at: datetime) -> Condition:
    return Attr("joined_at").eq(timestamp(joined_at))
