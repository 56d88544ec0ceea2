"""A table of DynamoDB, what its indexes show of it, and how its items age.

Stored items are never changed in place, so a snapshot is a copy of the table's dictionary.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from stacks import tables
from tests.in_memory_aws.values import Item

Items = dict[str, Item]
Owners = dict[str, dict[str, None]]
"""Keys of items by the value of an index's partition attribute, in the order of writing."""

TTL_REACHES_BACK: Final = 5 * 365 * 86_400
"""Seconds. What expired longer ago is never removed (DynamoDB developer guide, "TTL")."""


class Late(NamedTuple):
    """A write that no index shows before a time."""

    shown_at: float
    key: str
    before: Item | None


class Held(NamedTuple):
    """A table at one moment."""

    items: Items
    late: tuple[Late, ...]


class Table:
    def __init__(self, declared: tables.Table, seconds: Callable[[], float]) -> None:
        self.key = declared.key
        self.indexes = declared.indexes
        self.index_keys = {part for keys in declared.indexes.values() for part in keys}
        self._shows = {
            index: {self.key, *keys, *declared.shows[index]}
            for index, keys in declared.indexes.items()
            if index in declared.shows
        }
        self._expires_by = declared.expires_by
        self._seconds = seconds
        self.hold(Held({}, ()))

    def hold(self, held: Held) -> None:
        """Have these items and no others."""
        self.items = dict(held.items)
        self._late = list(held.late)
        self._owners: dict[str, Owners] = {}

    def held(self) -> Held:
        return Held(dict(self.items), tuple(self._late))

    def write(self, key: str, after: Item | None, lag: float) -> None:
        """Store `after` under `key`, or nothing; indexes show it in `lag` seconds."""
        before = self.items.get(key)
        if after is None:
            self.items.pop(key, None)
        else:
            self.items[key] = after
        if lag:
            self._late.append(Late(self._seconds() + lag, key, before))
        for partition, owners in self._owners.items():
            was, now = _owner(before, partition), _owner(after, partition)
            if was != now and was is not None:
                owners[was].pop(key, None)
            if now is not None:
                owners.setdefault(now, {})[key] = None

    def settle(self) -> None:
        """Let the indexes show everything."""
        self._late = []

    def expire(self, lag: float) -> None:
        """What DynamoDB does within days: remove whatever has expired."""
        now = self._seconds()
        due = [key for key, item in self.items.items() if self._has_expired(item, now)]
        for key in due:
            self.write(key, None, lag)

    def shown(self, index: str, owner: str) -> Iterator[tuple[str, str, Item]]:
        """Sort key, key and item of what `index` shows of `owner`: items with both attributes, and
        of them what is projected."""
        partition, sort = self.indexes[index]
        stale = self._stale()
        keys = self._owned(partition).get(owner, {})
        for key in keys | dict.fromkeys(stale):
            item = stale[key] if key in stale else self.items[key]
            if item is not None and _owner(item, partition) == owner and sort in item:
                yield item[sort]["S"], key, self._seen_in(index, item)

    def unseen_in(self, index: str, names: Iterable[str]) -> set[str]:
        """Which attributes the index does not hold."""
        return set(names) - self._shows[index] if index in self._shows else set()

    def _seen_in(self, index: str, item: Item) -> Item:
        if index not in self._shows:
            return item
        return {name: value for name, value in item.items() if name in self._shows[index]}

    def _stale(self) -> dict[str, Item | None]:
        """Items as the indexes still show them, where that differs from what is stored."""
        if not self._late:
            return {}
        now = self._seconds()
        self._late = [late for late in self._late if late.shown_at > now]
        return {late.key: late.before for late in reversed(self._late)}

    def _owned(self, partition: str) -> Owners:
        if partition not in self._owners:
            owners: Owners = {}
            for key, item in self.items.items():
                if (owner := _owner(item, partition)) is not None:
                    owners.setdefault(owner, {})[key] = None
            self._owners[partition] = owners
        return self._owners[partition]

    def _has_expired(self, item: Item, now: float) -> bool:
        at = item.get(self._expires_by or "", {}).get("N")
        return at is not None and now - TTL_REACHES_BACK < float(at) < now


def _owner(item: Item | None, partition: str) -> str | None:
    value = None if item is None else item.get(partition, {}).get("S")
    return None if value is None else str(value)
