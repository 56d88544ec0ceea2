"""Do a thing once however often it is asked for: the same key and body get the same answer.

A record is claimed before the work and completed after it. Work whose outcome is not known keeps
its record and, in it, the id it was given, so that doing it again finds what is already there.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cufit_service.application.ports import Clock, Records
from cufit_service.application.retries import retry_lost_races
from cufit_service.domain.errors import (
    ConcurrentChange,
    KeyReused,
    Refusal,
    StillRunning,
    Unavailable,
)
from cufit_service.domain.record import Record, Recorded

KEPT = timedelta(days=15)
"""Longer than a message may lie in a dead-letter queue (14 days) before it comes back."""

LEASE = timedelta(seconds=20)
"""Work that has not ended by then has crashed: a request is given up sooner (lifetimes)."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Once:
    records: Records
    clock: Clock

    async def __call__(
        self,
        record_id: str,
        member_id: str,
        fingerprint: str,
        reserve: Callable[[], str],
        act: Callable[[str], Awaitable[Recorded]],
    ) -> tuple[Recorded, bool]:
        """What `act` answers, given the reserved id, and whether it was done before.

        Raises:
            KeyReused: the record is of another request.
            StillRunning: an earlier attempt has not ended.
            Refusal: what `act` refused; nothing is recorded then.
        """

        def first() -> Record:
            now = self.clock.now()
            return Record(
                record_id, member_id, now, fingerprint, reserve(), now + LEASE, now + KEPT
            )

        record = await retry_lost_races(lambda: self._claimed(first()))
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
        await self._keep(replace(record, answer=answer))
        return answer, False

    async def _claimed(self, first: Record) -> Record:
        try:
            # Nearly every request is the first with its key, so nothing is read before.
            await self.records.save(first)
        except ConcurrentChange:
            return await self._claimed_again(first, first.created_at)
        return first

    async def _claimed_again(self, first: Record, now: datetime) -> Record:
        known = await self.records.find(first.record_id)
        if known is None:  # in the meantime
            raise ConcurrentChange
        if known.expires_at > now:
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

    async def _keep(self, record: Record) -> None:
        """What happened is not undone by failing to write it down: the lease runs out then, or has
        run out and another attempt has the record."""
        try:
            await self.records.save(replace(record, version=record.version + 1))
        except (Unavailable, ConcurrentChange) as error:
            logger.warning("answer not recorded", extra={"reason": type(error).__name__})
