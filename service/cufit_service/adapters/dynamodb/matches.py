"""Pairs in their table: key `pair_id`; indexes by_left (left_id, created_at) and by_right.

match_worker reads `status` of the same items. A blocked pair has no sides, so no index holds it.
A candidate's suggestions of the day are counted in the item `quota#<candidate id>`.
"""

from datetime import datetime

from cufit_contracts.stored import read, written
from cufit_contracts.vocabulary import PairStatus
from cufit_service.adapters.dynamodb.database import (
    Attr,
    DynamoDb,
    Values,
    Write,
    check,
    delete,
    next_version,
    put,
    update,
)
from cufit_service.adapters.dynamodb.members import still_member
from cufit_service.adapters.dynamodb.quotas import quota_used, stored_quota
from cufit_service.application.ports import Page, Position, Window
from cufit_service.domain.match import Block, Match, Side
from cufit_service.domain.member import Member
from cufit_service.domain.quota import Quota


class DynamoDbMatches:
    def __init__(
        self, dynamodb: DynamoDb, table: str, candidates_table: str, members_table: str
    ) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._members_table = members_table
        self._candidates_table = candidates_table

    async def find(self, match_id: str) -> Match | Block | None:
        item = await self._dynamodb.get(self._table, {"pair_id": match_id})
        if item is None or "status" not in item:
            return None
        if item["status"] == PairStatus.BLOCKED.value:
            return read(Block, item)
        return _match(item)

    async def quota(self, candidate_id: str, now: datetime) -> Quota:
        key = _quota_key(candidate_id)
        return await stored_quota(self._dynamodb, self._table, key, candidate_id, now)

    async def add(self, match: Match, quota: Quota, maker: Member) -> None:
        await self._dynamodb.write_together(
            put(self._table, _item(match), Attr("pair_id").not_exists()),
            quota_used(self._table, _quota_key(quota.owner_id), quota),
            self._still_active(match.left),
            self._still_active(match.right),
            still_member(self._members_table, maker),
        )

    def _still_active(self, side: Side) -> Write:
        active = Attr("candidate_id").exists() & Attr("paused").eq(False)
        return check(self._candidates_table, {"candidate_id": side.candidate_id}, active)

    async def save(self, match: Match) -> None:
        values = _item(match)
        key = {"pair_id": values.pop("pair_id")}
        await self._dynamodb.write(
            update(self._table, key, values, condition=next_version(match.version))
        )

    async def of_candidate(self, candidate_id: str, window: Window) -> Page[Match]:
        items: list[Values] = []
        for index, side in (("by_left", "left_id"), ("by_right", "right_id")):
            found, _ = await self._dynamodb.newest(
                self._table,
                index=index,
                owner=(side, candidate_id),
                key_name="pair_id",
                window=Window(window.limit + 1, window.after),
            )
            items += found
        items.sort(key=lambda item: (item["created_at"], item["pair_id"]), reverse=True)
        kept = items[: window.limit]
        end = None
        if len(items) > window.limit:
            end = Position(kept[-1]["created_at"], kept[-1]["pair_id"])
        return Page([_match(item) for item in kept], end)

    async def forget_quota(self, candidate_id: str) -> None:
        await self._dynamodb.write(delete(self._table, _quota_key(candidate_id)))

    async def block(self, blocked: Block) -> None:
        item = written(blocked) | {"status": PairStatus.BLOCKED.value}
        await self._dynamodb.write(put(self._table, item, Attr("pair_id").not_exists()))

    async def unblock(self, match_id: str, maker_id: str) -> None:
        own = Attr("status").eq(PairStatus.BLOCKED.value) & Attr("maker_id").eq(maker_id)
        await self._dynamodb.try_write(delete(self._table, {"pair_id": match_id}, own))


def _quota_key(candidate_id: str) -> Values:
    return {"pair_id": f"quota#{candidate_id}"}


def _item(match: Match) -> Values:
    item = written(match)
    for side in ("left", "right"):
        one = item.pop(side)
        item |= {f"{side}_id": one["candidate_id"], f"{side}_maker_id": one["maker_id"]}
    return item | {"pair_id": match.match_id}


def _match(item: Values) -> Match:
    sides = {
        side: {"candidate_id": item[f"{side}_id"], "maker_id": item[f"{side}_maker_id"]}
        for side in ("left", "right")
    }
    return read(Match, item | sides)
