"""Invitations in their table: key `code`; index by_inviter (inviter_id, created_at).

`expires_at_epoch` is the table's TTL attribute: the item may go 30 days after the invitation
expired, so that until then a late visitor learns that it expired and not that it never was.
"""

from collections.abc import Sequence
from datetime import timedelta

from cufit_contracts.stored import read, written
from cufit_service.adapters.dynamodb.candidates import no_profile, profile_saved
from cufit_service.adapters.dynamodb.database import DynamoDb
from cufit_service.adapters.dynamodb.expressions import Attr
from cufit_service.adapters.dynamodb.members import role_taken, still_member, still_there
from cufit_service.adapters.dynamodb.outbox import outbox_row
from cufit_service.adapters.dynamodb.writes import delete, put, update
from cufit_service.application.pages import Page, Window
from cufit_service.domain.candidate import Candidate
from cufit_service.domain.invitation import Invitation
from cufit_service.domain.member import Member, Role

KEPT_AFTER_EXPIRY = timedelta(days=30)


class DynamoDbInvitations:
    def __init__(
        self,
        dynamodb: DynamoDb,
        table: str,
        members_table: str,
        candidates_table: str,
        outbox_table: str,
    ) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._members_table = members_table
        self._candidates_table = candidates_table
        self._outbox_table = outbox_table

    async def add(self, invitation: Invitation, inviter: Member) -> None:
        item = written(invitation)
        item["expires_at_epoch"] = int((invitation.expires_at + KEPT_AFTER_EXPIRY).timestamp())
        added = put(self._table, item, Attr("code").not_exists())
        if inviter.role is Role.ADMIN:  # configured, not stored
            await self._dynamodb.write(added)
        else:
            await self._dynamodb.write_together(added, still_member(self._members_table, inviter))

    async def find(self, code: str) -> Invitation | None:
        item = await self._dynamodb.get(self._table, {"code": code})
        return None if item is None else read(Invitation, item)

    async def of_inviter(self, inviter_id: str, window: Window) -> Page[Invitation]:
        items, end = await self._dynamodb.newest(
            self._table,
            index="by_inviter",
            owner=("inviter_id", inviter_id),
            key_name="code",
            window=window,
            beginning="inviter_joined_at",
        )
        return Page([read(Invitation, item) for item in items], end)

    async def naming(self, member_id: str) -> Sequence[Invitation]:
        theirs = Attr("inviter_id").eq(member_id) | Attr("accepted_by").eq(member_id)
        items = await self._dynamodb.scan(self._table, theirs)
        return [read(Invitation, item) for item in items]

    async def remove(self, code: str) -> None:
        await self._dynamodb.write(delete(self._table, {"code": code}))

    async def forget_who_accepted(self, code: str) -> None:
        there = Attr("accepted_by").exists()
        nameless = update(self._table, {"code": code}, {}, remove=["accepted_by"], condition=there)
        await self._dynamodb.try_write(nameless)

    async def record_acceptance(
        self,
        accepted: Invitation,
        member: Member,
        *,
        stored: bool,
        before: Member | None = None,
        saved: Candidate | None = None,
    ) -> None:
        item = written(accepted)
        acceptance = ("accepted_at", "accepted_by", "accepted_with")
        used = update(
            self._table,
            {"code": accepted.code},
            {name: item[name] for name in acceptance if name in item},
            condition=Attr("code").exists() & Attr("accepted_at").not_exists(),
        )
        writes = [used, role_taken(self._members_table, member, before, stored=stored)]
        if accepted.inviter_joined_at is not None:
            maker = (accepted.inviter_id, accepted.inviter_joined_at)
            writes.append(still_there(self._members_table, *maker))
        if saved is not None:
            writes.append(profile_saved(self._candidates_table, saved))
            writes.append(outbox_row(self._outbox_table, saved.change))
        elif before is not None:
            writes.append(no_profile(self._candidates_table, before))
        await self._dynamodb.write_together(*writes)
