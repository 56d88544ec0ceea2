"""Who left, and that nothing is left of them. Part of what must hold whatever happened."""

import json
from collections.abc import Iterator
from typing import Any

from stacks.tables import TABLES
from tests.drills.picture import Plain, everything, rows
from tests.drills.world import World

KEPT = {
    "matches": {
        *("pair_id", "left_id", "right_id", "left_maker_id", "right_maker_id"),
        *("accepted_by", "rejected_by", "blocks"),
    },
    "members": {"inviter_id"},
    "idempotency": {"data"},
}
"""Where the id of who left may stay, in what is of others: matches and blocks, who introduced whom,
answers that others were given. It says nothing any more."""

OWNERS = {
    "members": ("member_id",),
    "candidates": ("candidate_id",),
    "photos": ("candidate_id",),
    "invitations": ("inviter_id",),
    "recommendations": ("maker_id",),
    "idempotency": ("member_id",),
}
"""Whose an item is."""

MADE_BY = {
    **{table: OWNERS[table] for table in ("candidates", "photos", "invitations")},
    "recommendations": ("maker_id",),
    "matches": ("left_id", "right_id", "left_maker_id"),
}
"""Of whom nothing is made without a membership, not even by a request under way."""

Belongings = frozenset[tuple[str, str]]
"""Tables and keys."""


class Departures:
    """Remembers who was a member since when, and what those had who left."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._since = self._members()
        self._left_behind: dict[tuple[str, bool], Belongings] = {}
        """By who left, and whether their profile is gone as well."""
        self.ever: set[str] = set()
        """Ids of who left at some time, also when they are back."""

    def always(self) -> None:
        """Nothing is made of who left."""
        now = self._members()
        for member_id, before in self._since.items():
            if now.get(member_id) != before:
                self.ever.add(member_id)
            assert now.get(member_id, "~") >= before, f"{member_id} has an older membership"
        for member_id in self.ever:
            if member_id in now:
                self._left_behind.pop((member_id, False), None)
                self._left_behind.pop((member_id, True), None)
            else:
                self._nothing_more(member_id)
        self._since |= now

    def _nothing_more(self, member_id: str) -> None:
        """Matches are made as long as the profile is there."""
        has = self._belongings(member_id)
        profile_gone = ("candidates", member_id) not in has
        more = has - self._left_behind.setdefault((member_id, profile_gone), has)
        if not profile_gone:
            more = frozenset(one for one in more if one[0] != "matches")
        assert not more, f"{member_id} has left, and then came {set(more)}"

    def at_rest(self) -> None:
        """Nothing of them is left; of who is back, nothing older."""
        now = self._members()
        for member_id in self.ever:
            for table, row in self._rows():
                if member_id not in now:
                    found = {name for name, value in row.items() if member_id in json.dumps(value)}
                    assert found <= KEPT.get(table, set()), f"{member_id} left {row} in {table}"
                elif any(row.get(owner) == member_id for owner in OWNERS.get(table, ())):
                    made = row.get("created_at", "~")
                    assert made >= now[member_id], f"{member_id} left {row} in {table}"

    def _members(self) -> dict[str, str]:
        return {row["member_id"]: row["joined_at"] for row in rows(self._world, "members")}

    def _belongings(self, member_id: str) -> Belongings:
        return frozenset(
            (table, row[TABLES[table].key])
            for table, row in self._rows()
            if any(row.get(maker) == member_id for maker in MADE_BY.get(table, ()))
        )

    def _rows(self) -> Iterator[tuple[str, Plain]]:
        for table in TABLES:
            for row in everything(self._world, table):
                yield table, row


def without(people: set[str], result: Any) -> Any:
    """A result as it is once they are struck from it; ranks tell nothing then."""
    if not isinstance(result, dict):
        return result
    stay = [one for one in result["candidates"] if one["candidate_id"] not in people]
    return result | {"candidates": [{**one, "rank": 0} for one in stay]}
