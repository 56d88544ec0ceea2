"""Which rows of DynamoDB's tables changed since the last save.

MiniStack saves a table with all of its rows, seconds of work for 20,000 of them. It changes rows at
three places only, which note them here: a save costs what was written, not what there is.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ministack.core import persistence as ministack_persistence
from ministack.core.responses import AccountRegionScopedDict
from ministack.services import dynamodb

from embedded_aws.state_file import Row

Table = dict[str, Any]
Place = tuple[str, str, str]
"""Table id, partition key, sort key."""

OTHER_STATE = {
    "tags": "_tags",
    "ttl_settings": "_ttl_settings",
    "pitr_settings": "_pitr_settings",
    "kinesis_destinations": "_kinesis_destinations",
    "contributor_insights": "_contributor_insights",
    "backups": "_backups",
    "resource_policies": "_resource_policies",
    "exports": "_exports",
    "imports": "_imports",
}
"""What MiniStack's `dynamodb.get_state` has beside "tables", and the name of the module's store."""


@dataclass
class Changes:
    """What changed between two saves."""

    emptied_tables: set[str]
    """Ids of tables that are gone, or whose rows were replaced as a whole."""

    items: dict[Place, dict[str, Any] | None]

    def rows(self) -> Iterable[Row]:
        for (table, pk, sk), item in self.items.items():
            text = None if item is None else _encoded(item)
            yield table, json.dumps([pk, sk]), text


_changed: dict[Place, Table] = {}
_replaced: dict[str, Table] = {}
_saved_tables: set[str] = set()


def watch() -> None:
    """Note from now on which rows change."""
    set_item, remove_item = dynamodb._set_item, dynamodb._remove_item
    items_replaced = dynamodb._items_replaced

    def noting_set(table: Table, pk: str, sk: str, item: dict[str, Any]) -> Any:
        before = set_item(table, pk, sk, item)
        _changed[table["TableId"], pk, sk] = table  # last: rows expire in a thread of their own
        return before

    def noting_removal(table: Table, pk: str, sk: str) -> Any:
        before = remove_item(table, pk, sk)
        _changed[table["TableId"], pk, sk] = table
        return before

    def noting_replacement(table: Table) -> None:
        items_replaced(table)
        _replaced[table["TableId"]] = table

    dynamodb._set_item = noting_set
    dynamodb._remove_item = noting_removal
    dynamodb._items_replaced = noting_replacement


def pending() -> bool:
    """Whether there is something to save."""
    return bool(_changed or _replaced or _saved_tables - _table_ids())


def take() -> Changes:
    """What changed since the last time; `give_back` it if it could not be kept."""
    items: dict[Place, dict[str, Any] | None] = {}
    replaced = [_replaced.pop(table) for table in list(_replaced)]
    for table in replaced:
        for pk, by_sort_key in list(table["items"].items()):
            items |= {(table["TableId"], pk, sk): row for sk, row in list(by_sort_key.items())}
    for place in list(_changed):
        table = _changed.pop(place)
        items[place] = table["items"].get(place[1], {}).get(place[2])
    existing = _table_ids()
    emptied = (_saved_tables - existing) | {table["TableId"] for table in replaced}
    kept = {place: item for place, item in items.items() if place[0] in existing}
    return Changes(emptied, kept)


def kept(changes: Changes) -> None:
    """`changes` are saved."""
    _saved_tables.difference_update(changes.emptied_tables)
    _saved_tables.update(table for table, _, _ in changes.items)


def give_back(changes: Changes) -> None:
    """`changes` are not saved: they are part of what `take` returns next."""
    by_id = {table["TableId"]: table for table in dynamodb._tables.all_values()}
    _replaced.update({name: by_id[name] for name in changes.emptied_tables if name in by_id})
    _changed.update({place: by_id[place[0]] for place in changes.items if place[0] in by_id})


def state_without_rows() -> dict[str, Any]:
    """As `dynamodb.get_state`, nothing of it copied."""
    left_out = ("items", dynamodb._INDEX_MEMBERS)
    tables = AccountRegionScopedDict()
    for scoped, table in dynamodb._tables.all_items():
        named = {key: value for key, value in table.items() if key not in left_out}
        tables.set_scoped(*scoped, named)
    return {"tables": tables, **{key: getattr(dynamodb, name) for key, name in OTHER_STATE.items()}}


def put_back(tables: AccountRegionScopedDict, rows: Iterable[Row], *, saved: bool) -> int:
    """Fill `tables` with `rows`. `saved` is whether the file holds the rows.

    Returns: how many rows could not be read.
    """
    unread = 0
    by_id = {table["TableId"]: table for table in tables.all_values()}
    for table in by_id.values():
        table["items"] = defaultdict(dict)
    for name, key, item in rows:
        if name in by_id:
            try:
                pk, sk = json.loads(key)
                by_id[name]["items"][pk][sk] = _decoded(item or "")
            except (ValueError, TypeError):
                unread += 1
    for table in by_id.values():
        dynamodb._update_counts(table)
    if saved:
        _saved_tables.update(by_id)
    else:
        _replaced.update(by_id)
    return unread


def _table_ids() -> set[str]:
    return {table["TableId"] for table in dynamodb._tables.all_values()}


def _encoded(item: dict[str, Any]) -> str:
    return json.dumps(item, default=ministack_persistence._json_default)


def _decoded(item: str) -> Any:
    hook = ministack_persistence._json_object_hook if '"__bytes__"' in item else None
    return json.loads(item, object_hook=hook)
