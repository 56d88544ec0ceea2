"""Do a thing once however often it is asked for: the same key and body get the same answer.

A record is claimed before the work and completed after it. Work whose outcome is not known keeps
its record and, in it, the id it was given, so that doing it again finds what is already there.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from cufit_service.application.ports import Clock, Members, Records
from cufit_service.application.retries import retry_lost_races
from cufit_service.domain.errors import (
    ConcurrentChange,
    KeyReused,
    Refusal,
    StillRunning,
    Unavailable,
)
from cufit_service.domain.member import Member, Role
from cufit_service.domain.record import Record, Recorded

KEPT = timedelta(days=15)
"""Longer than a message may lie in a dead-letter queue (14 days) before it comes back."""

LEASE = timedelta(seconds=20)
"""Work that has not ended by then has crashed: a request is given up sooner (lifetimes)."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Once:
    records: Records
    members: Members
    clock: Clock

    async def __call__(
        self,
        record_id: str,
        member: Member,
        fingerprint: str,
        reserve: Callable[[], str],
        act: Callable[[str], Awaitable[Recorded]],
    ) -> tuple[Recorded, bool]:
        """What `act` answers, given the reserved id, and whether it was done before, by the same
        membership: who left and came back is told nothing of what they asked then.

        Raises:
            KeyReused: the record is of another request.
            StillRunning: an earlier attempt has not ended.
            Refusal: what `act` refused; nothing is recorded then.
        """

        def first() -> Record:
            now = self.clock.now()
            lease_until, expires_at = now + LEASE, now + KEPT
            return Record(
                record_id,
                member.member_id,
                now,
                fingerprint,
                reserve(),
                lease_until,
                expires_at,
            )

        record = await retry_lost_races(lambda: self._claimed(first(), member))
        if record.answer is not None:
            return record.answer, True
        try:
            answer = await act(record.reserved_id)
        except Unavailable:
            await self._keep(replace(record, lease_until=self.clock.now()))
            raise
        except Refusal:
            await self.records.remove(record_id)
            raise
        await self._keep(replace(record, answer=answer, lease_until=self.clock.now()))
        return answer, False

    async def _claimed(self, first: Record, member: Member) -> Record:
        try:
            # Nearly every request is the first with its key, so nothing is read before.
            await self.records.save(first)
        except ConcurrentChange:
            return await self._claimed_again(first, member)
        return first

    async def _claimed_again(self, first: Record, member: Member) -> Record:
        now = first.created_at
        known = await self.records.find(first.record_id)
        if known is None:  # in the meantime
            raise ConcurrentChange
        if known.expires_at > now and not await self._is_of_before(known, member):
            if known.fingerprint != first.fingerprint:
                raise KeyReused
            if known.answer is not None:
                return known
            if known.lease_until > now:
                raise StillRunning
            claimed = replace(known, lease_until=now + LEASE, version=known.version + 1)
        else:
            claimed = replace(first, version=known.version + 1)
        await self.records.save(claimed)
        return claimed

    async def _is_of_before(self, known: Record, member: Member) -> bool:
        """Whether it is of a membership that has ended. A membership may begin with the request
        that was recorded, but not after that has ended."""
        if member.role is Role.ADMIN:  # configured, whether they are members or not
            return False
        stored = await self.members.find(member.member_id)
        if stored is None:  # nobody who is not a member has been answered without becoming one
            return known.answer is not None
        return known.lease_until < stored.joined_at

    async def _keep(self, record: Record) -> None:
        """What happened is not undone by failing to write it down: the lease runs out then, or has
        run out and another attempt has the record."""
        try:
            await self.records.save(replace(record, version=record.version + 1))
        except (Unavailable, ConcurrentChange) as error:
            logger.warning("answer not recorded", extra={"reason": type(error).__name__})
