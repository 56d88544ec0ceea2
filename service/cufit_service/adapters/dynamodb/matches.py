"""Pairs in their table: key `pair_id`; indexes by_left (left_id, created_at) and by_right.

match_worker asks whether there is an item. A blocked pair, one item with the blocks of every maker,
has no sides, so no index holds it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from cufit_contracts.attention import PROPOSED, amount
from cufit_contracts.stored import read, written
from cufit_contracts.vocabulary import PairStatus, timestamp
from cufit_service.adapters.aws.api import NotComputed
from cufit_service.adapters.dynamodb.database import DynamoDb
from cufit_service.adapters.dynamodb.expressions import Attr, Condition, Values
from cufit_service.adapters.dynamodb.members import still_member
from cufit_service.adapters.dynamodb.writes import OneMore, Write, delete, next_version, put, update
from cufit_service.application.pages import Page, Position, Window
from cufit_service.domain.answers import Tally
from cufit_service.domain.match import BlockedPair, Match, Side
from cufit_service.domain.member import Member


class DynamoDbMatches:
    def __init__(
        self, dynamodb: DynamoDb, table: str, candidates_table: str, members_table: str
    ) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._members_table = members_table
        self._candidates_table = candidates_table

    async def find(self, match_id: str) -> Match | BlockedPair | None:
        item = await self._dynamodb.get(self._table, {"pair_id": match_id})
        if item is None:
            return None
        if item["status"] == PairStatus.BLOCKED.value:
            return read(BlockedPair, item)
        return _match(item)

    async def add(self, match: Match, maker: Member) -> None:
        new = put(self._table, _item(match), Attr("pair_id").not_exists())
        there = still_member(self._members_table, maker)
        added = {"attention": amount(PROPOSED, match.created_at)}
        proposed = [self._proposed(side, add=added) for side in match.sides]
        for _ in proposed:
            try:
                await self._dynamodb.write_together(*proposed, new, there)
            except NotComputed as error:  # after years, a sum has no digit left to be added to
                for place in error.places:
                    proposed[place] = self._proposed(match.sides[place], values=added)
            else:
                return
        await self._dynamodb.write_together(*proposed, new, there)

    def _proposed(
        self,
        side: Side,
        *,
        values: Values | None = None,
        add: Mapping[str, Decimal] | None = None,
    ) -> Write:
        """Nobody who has left, rests or has another maker."""
        active = _is_still(side) & Attr("maker_id").eq(side.maker_id) & Attr("paused").eq(False)
        key = {"candidate_id": side.candidate_id}
        return update(self._candidates_table, key, values or {}, add=add, condition=active)

    def _counted(self, tally: Tally) -> Write:
        key = {"candidate_id": tally.side.candidate_id}
        more = {"history": OneMore(tally.counts)}
        return update(self._candidates_table, key, more, condition=_is_still(tally.side))

    async def save(
        self, match: Match, member: Member | None = None, counted: Sequence[Tally] = ()
    ) -> None:
        values = _item(match)
        key = {"pair_id": values.pop("pair_id")}
        next_one = update(self._table, key, values, condition=next_version(match.version))
        others = [] if member is None else [still_member(self._members_table, member)]
        others += [self._counted(one) for one in counted]
        if others:
            await self._dynamodb.write_together(next_one, *others)
        else:
            await self._dynamodb.write(next_one)

    async def of_candidate(self, candidate_id: str, window: Window) -> Page[Match]:
        items: list[Values] = []
        for side in ("left", "right"):
            found, _ = await self._dynamodb.newest(
                self._table,
                index=f"by_{side}",
                owner=(f"{side}_id", candidate_id),
                key_name="pair_id",
                window=replace(window, limit=window.limit + 1),
                beginning=f"{side}_joined_at",
            )
            items += found
        items.sort(key=lambda item: (item["created_at"], item["pair_id"]), reverse=True)
        kept = items[: window.limit]
        end = None
        if len(items) > window.limit:
            end = Position(kept[-1]["created_at"], kept[-1]["pair_id"])
        return Page([_match(item) for item in kept], end)

    async def replace_blocks(self, before: BlockedPair | None, after: BlockedPair) -> None:
        same = Attr("pair_id").not_exists()
        if before is not None:
            # The whole list, which no other writer leaves as it was.
            same = Attr("blocks").eq(written(before)["blocks"])
        if after.blocks:
            item = written(after) | {"status": PairStatus.BLOCKED.value}
            await self._dynamodb.write(put(self._table, item, same))
        else:
            await self._dynamodb.write(delete(self._table, {"pair_id": after.pair_id}, same))


def _is_still(side: Side) -> Condition:
    return Attr("joined_at").eq(timestamp(side.joined_at))


def _item(match: Match) -> Values:
    item = written(match)
    for side in ("left", "right"):
        one = item.pop(side)
        item |= {f"{side}_{name}": one[name] for name in ("joined_at", "maker_id")}
        item[f"{side}_id"] = one["candidate_id"]
    return item | {"pair_id": match.match_id}


def _match(item: Values) -> Match:
    sides = {
        side: {
            "candidate_id": item[f"{side}_id"],
            "joined_at": item[f"{side}_joined_at"],
            "maker_id": item[f"{side}_maker_id"],
        }
        for side in ("left", "right")
    }
    return read(Match, item | sides)
