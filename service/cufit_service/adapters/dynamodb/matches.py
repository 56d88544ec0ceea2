"""Pairs in their table: key `pair_id`; indexes by_left (left_id, created_at) and by_right.

match_worker reads `status` of the same items. A blocked pair has no sides, so no index holds it.
A candidate's suggestions of the day are counted in the item `quota#<candidate id>`.
"""

from datetime import date, datetime

from cufit_contracts.vocabulary import KST, PairStatus, instant, timestamp
from cufit_service.adapters.dynamodb.database import (
    Attr,
    Condition,
    DynamoDb,
    Values,
    Write,
    check,
    delete,
    put,
    update,
)
from cufit_service.application.ports import Page, Position, Window
from cufit_service.domain.errors import ConcurrentChange
from cufit_service.domain.match import Block, Match, Side
from cufit_service.domain.suggestion_quota import SuggestionQuota


class DynamoDbMatches:
    def __init__(self, dynamodb: DynamoDb, table: str, candidates_table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._candidates_table = candidates_table

    async def find(self, match_id: str) -> Match | Block | None:
        item = await self._dynamodb.get(self._table, {"pair_id": match_id})
        if item is None or "status" not in item:
            return None
        if item["status"] == PairStatus.BLOCKED.value:
            return Block(item["pair_id"], item["maker_id"], instant(item["created_at"]))
        return _match(item)

    async def quota(self, candidate_id: str, now: datetime) -> SuggestionQuota:
        item = await self._dynamodb.get(self._table, {"pair_id": _quota_key(candidate_id)})
        if item is None:
            return SuggestionQuota(candidate_id, now.astimezone(KST).date(), used=0)
        day = date.fromisoformat(item["day"])
        return SuggestionQuota(candidate_id, day, item["used"], item["version"])

    async def add(self, match: Match, quota: SuggestionQuota) -> None:
        used = {
            "day": quota.day.isoformat(),
            "used": quota.used,
            "version": quota.version,
        }
        await self._dynamodb.write_together(
            put(self._table, _item(match), Attr("pair_id").not_exists()),
            update(
                self._table,
                {"pair_id": _quota_key(quota.candidate_id)},
                used,
                condition=_next_version(quota.version),
            ),
            self._still_active(match.left),
            self._still_active(match.right),
        )

    def _still_active(self, side: Side) -> Write:
        active = Attr("candidate_id").exists() & Attr("paused").eq(False)
        return check(self._candidates_table, {"candidate_id": side.candidate_id}, active)

    async def save(self, match: Match) -> None:
        values = _item(match)
        key = {"pair_id": values.pop("pair_id")}
        await self._dynamodb.write(
            update(self._table, key, values, condition=_next_version(match.version))
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

    async def block(self, blocked: Block) -> None:
        item = {
            "pair_id": blocked.pair_id,
            "status": PairStatus.BLOCKED.value,
            "maker_id": blocked.maker_id,
            "created_at": timestamp(blocked.created_at),
        }
        await self._dynamodb.write(put(self._table, item, Attr("pair_id").not_exists()))

    async def unblock(self, match_id: str, maker_id: str) -> None:
        own = Attr("status").eq(PairStatus.BLOCKED.value) & Attr("maker_id").eq(maker_id)
        try:
            await self._dynamodb.write(delete(self._table, {"pair_id": match_id}, own))
        except ConcurrentChange:
            return


def _quota_key(candidate_id: str) -> str:
    return f"quota#{candidate_id}"


def _next_version(version: int) -> Condition:
    if version == 1:
        return Attr("pair_id").not_exists()
    return Attr("version").eq(version - 1)


def _item(match: Match) -> Values:
    return {
        "pair_id": match.match_id,
        "left_id": match.left.candidate_id,
        "left_maker_id": match.left.maker_id,
        "right_id": match.right.candidate_id,
        "right_maker_id": match.right.maker_id,
        "status": match.status.value,
        "created_at": timestamp(match.created_at),
        "updated_at": timestamp(match.updated_at),
        "suggestion_id": match.suggestion_id,
        "accepted_by": list(match.accepted_by),
        "version": match.version,
    }


def _match(item: Values) -> Match:
    return Match(
        left=Side(item["left_id"], item["left_maker_id"]),
        right=Side(item["right_id"], item["right_maker_id"]),
        status=PairStatus(item["status"]),
        created_at=instant(item["created_at"]),
        updated_at=instant(item["updated_at"]),
        suggestion_id=item["suggestion_id"],
        accepted_by=tuple(item["accepted_by"]),
        version=item["version"],
    )
