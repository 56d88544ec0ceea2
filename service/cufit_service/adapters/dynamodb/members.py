"""Members in their table: key `member_id`. photo_upload_url reads `role` and `joined_at` of
the same items."""

from datetime import datetime

from cufit_contracts.stored import read, written
from cufit_contracts.vocabulary import timestamp
from cufit_service.adapters.dynamodb.database import DynamoDb
from cufit_service.adapters.dynamodb.expressions import Attr, Condition
from cufit_service.adapters.dynamodb.outbox import outbox_row
from cufit_service.adapters.dynamodb.writes import Write, check, delete, put, update
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


def still_there(table: str, member_id: str, joined_at: datetime) -> Write:
    """The condition that the membership that began then has not ended: who came back has
    another."""
    return check(table, {"member_id": member_id}, _since(joined_at))


def still_member(table: str, member: Member) -> Write:
    return still_there(table, member.member_id, member.joined_at)


def still_candidate(table: str, member: Member) -> Write:
    """The condition that the membership has not ended, and the maker is whom they had."""
    same = _since(member.joined_at) & _invited_as(member)
    return check(table, {"member_id": member.member_id}, same)


def role_taken(table: str, member: Member, before: Member | None, *, stored: bool) -> Write:
    """The write that gives `member` their role, provided nobody gave them one yet and, when they
    were `stored`, the membership has not ended; or, to who was a candidate `before`, another
    maker, provided nobody gave them one since."""
    item = written(member)
    key = {"member_id": item.pop("member_id")}
    if before is not None:
        same = _since(before.joined_at) & _invited_as(before)
    elif stored:
        same = _since(member.joined_at) & Attr("role").eq(Role.BASIC.value)
    else:
        same = Attr("member_id").not_exists()
    return update(table, key, item, condition=same)


def _since(joined_at: datetime) -> Condition:
    return Attr("joined_at").eq(timestamp(joined_at))


def _invited_as(candidate: Member) -> Condition:
    """Nobody but a candidate has an inviter with a beginning."""
    invited = written(candidate)
    same = Attr("inviter_id").eq(invited["inviter_id"])
    return same & Attr("inviter_joined_at").eq(invited["inviter_joined_at"])
