"""Members in their table: key `member_id`. photo_upload_url reads `role` from the same items."""

from cufit_contracts.stored import read, written
from cufit_service.adapters.dynamodb.database import (
    Attr,
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
        await self._dynamodb.write_together(
            delete(self._table, {"member_id": left.member_id}),
            outbox_row(self._outbox_table, left),
        )


def still_candidate(table: str, member_id: str) -> Write:
    """The condition that a member has the role CANDIDATE."""
    return check(table, {"member_id": member_id}, Attr("role").eq(Role.CANDIDATE.value))


def role_taken(table: str, member: Member) -> Write:
    """The write that gives `member` their role, provided nobody gave them one yet."""
    item = written(member)
    key = {"member_id": item.pop("member_id")}
    basic = Attr("member_id").not_exists() | Attr("role").eq(Role.BASIC.value)
    return update(table, key, item, condition=basic)
