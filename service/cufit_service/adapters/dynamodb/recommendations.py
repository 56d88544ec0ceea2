"""Recommendations in their table (cufit_contracts.items.RecommendationItem)."""

import logging
from collections.abc import Sequence
from datetime import datetime
from functools import reduce

from cufit_contracts.items import Step
from cufit_contracts.results import MAX_RANKED, Failure
from cufit_contracts.stored import Unreadable, read, written
from cufit_contracts.vocabulary import RecommendationStatus, instant, timestamp
from cufit_service.adapters.dynamodb.database import DynamoDb
from cufit_service.adapters.dynamodb.expressions import Attr, Condition, Values
from cufit_service.adapters.dynamodb.members import still_member
from cufit_service.adapters.dynamodb.outbox import outbox_row
from cufit_service.adapters.dynamodb.writes import delete, put, update
from cufit_service.application.pages import Page, Window
from cufit_service.application.ports import Named, Ranking, Theirs
from cufit_service.domain.events import RecommendationRequested
from cufit_service.domain.member import Member
from cufit_service.domain.recommendation import Recommendation

logger = logging.getLogger(__name__)

OPEN = "PENDING"
"""Value of `open`, which only pending items have: the sparse index holds them alone."""


class DynamoDbRecommendations:
    def __init__(
        self, dynamodb: DynamoDb, table: str, members_table: str, outbox_table: str
    ) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._members_table = members_table
        self._outbox_table = outbox_table

    async def accept(
        self, pending: Recommendation, request: RecommendationRequested, maker: Member
    ) -> None:
        new = Attr("recommendation_id").not_exists()
        await self._dynamodb.write_together(
            put(self._table, written(pending) | {"open": OPEN}, new),
            outbox_row(self._outbox_table, request),
            still_member(self._members_table, maker),
        )

    async def upgrade(
        self, pending: Recommendation, request: RecommendationRequested, maker: Member
    ) -> None:
        again = {
            "status": pending.status.value,
            "open": OPEN,
            "timeline": [written(step) for step in pending.timeline],
        }
        await self._dynamodb.write_together(
            update(
                self._table,
                {"recommendation_id": pending.recommendation_id},
                again,
                remove=["finished_at", "result"],
                condition=Attr("status").eq(RecommendationStatus.DEGRADED.value),
            ),
            outbox_row(self._outbox_table, request),
            still_member(self._members_table, maker),
        )

    async def find(self, recommendation_id: str) -> Recommendation | None:
        item = await self._dynamodb.get(self._table, {"recommendation_id": recommendation_id})
        return None if item is None else read(Recommendation, item)

    async def of_maker(self, maker_id: str, window: Window) -> Page[Recommendation]:
        items, end = await self._dynamodb.newest(
            self._table,
            index="by_maker",
            owner=("maker_id", maker_id),
            key_name="recommendation_id",
            window=window,
            beginning="maker_joined_at",
        )
        return Page(_readable(items), end)

    async def pending(self, before: datetime) -> Sequence[Recommendation]:
        found = await self._dynamodb.oldest(
            self._table, index="open", owner=("open", OPEN), until=timestamp(before)
        )
        return _readable(found)

    async def fail(self, recommendation_id: str, failure: Failure, end: Step) -> bool:
        failed = update(
            self._table,
            {"recommendation_id": recommendation_id},
            {
                "status": RecommendationStatus.FAILED.value,
                "finished_at": timestamp(end.at),
                "failure": written(failure),
            },
            remove=["open"],
            append={"timeline": written(end)},
            condition=Attr("open").exists(),
        )
        return await self._dynamodb.try_write(failed)

    async def naming(self, member_id: str) -> Sequence[Named]:
        items = await self._dynamodb.scan(self._table, _names(member_id))
        return [_named(item, member_id) for item in items]

    async def remove(self, recommendation_id: str) -> None:
        key = {"recommendation_id": recommendation_id}
        await self._dynamodb.write(delete(self._table, key))

    async def strike(self, recommendation_id: str, candidate_id: str) -> None:
        key = {"recommendation_id": recommendation_id}
        item = await self._dynamodb.get(self._table, key)
        if item is None or "result" not in item:
            return
        # As stored: what another version of the worker wrote besides is kept.
        result = item["result"]
        kept = [one for one in result["candidates"] if one["candidate_id"] != candidate_id]
        ranked = [one | {"rank": rank} for rank, one in enumerate(kept, start=1)]
        struck = {"result": result | {"candidates": ranked}}
        unchanged = Attr("result").eq(result)
        await self._dynamodb.write(update(self._table, key, struck, condition=unchanged))

    async def note(self, recommendation_id: str, step: Step) -> None:
        entry = written(step)
        noted = update(
            self._table,
            {"recommendation_id": recommendation_id},
            {},
            append={"timeline": entry},
            condition=Attr("recommendation_id").exists() & Attr("timeline").lacks(entry),
        )
        await self._dynamodb.write_again_and_again(noted)


def _names(member_id: str) -> Condition:
    """The maker, the seeker, or one of those ranked."""
    own = Attr("maker_id").eq(member_id) | Attr("candidate_id").eq(member_id)
    ranked = (Attr("result", "candidates", place, "candidate_id") for place in range(MAX_RANKED))
    return reduce(Condition.__or__, (one.eq(member_id) for one in ranked), own)


def _readable(items: Sequence[Values]) -> list[Recommendation]:
    """One that is out of shape, as a newer worker may write it, holds up no other."""
    found = []
    for item in items:
        try:
            found.append(read(Recommendation, item))
        except Unreadable as error:
            logger.exception(
                "recommendation unreadable",
                extra={"correlation_id": item["recommendation_id"], "reason": str(error)},
            )
    return found


def _named(item: Values, member_id: str) -> Named:
    for one, joined_at in (("maker_id", "maker_joined_at"), ("candidate_id", "seeker_joined_at")):
        if item[one] == member_id:
            return Theirs(item["recommendation_id"], instant(item[joined_at]))
    return Ranking(item["recommendation_id"], instant(item["result"]["made_at"]))
