"""Everything that matters of a world's state, in a form that two runs can be compared by.

Left out is what may differ between two runs that went equally well: times, random ids, versions,
and the story a recommendation tells of itself.
"""

import json
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from tests.drills.world import World
from tests.in_memory_aws.values import Item

Plain = dict[str, Any]
Picture = dict[str, Any]

OF = "#"
"""In the key of what is counted for somebody: `quota#m_…`; no other key has it."""

DAYS = "idempotency"
"""The table with what is counted in a day: `quota#suggestions#m_…#2026-11-23`."""

COUNTED = "counted in a day"


KEPT_ROWS = 20_000

_rows: dict[int, tuple[Item, Plain]] = {}
"""By the identity of the item, which is never changed in place and is held here."""


def rows(world: World, table: str) -> list[Plain]:
    """The items of a table in Python values, but for quotas; not to be changed."""
    items = world.cloud.dynamodb.tables[table].items
    return [_row(item) for key, item in items.items() if OF not in key]


def everything(world: World, table: str) -> list[Plain]:
    """All items of a table, also what is counted; not to be changed."""
    return [_row(item) for item in world.cloud.dynamodb.tables[table].items.values()]


def quotas(world: World, table: str) -> dict[str, Plain]:
    """What is counted beside the items of a table, by whom it is counted for."""
    items = world.cloud.dynamodb.tables[table].items
    return {key.partition(OF)[2]: _row(item) for key, item in items.items() if OF in key}


def _row(item: Item) -> Plain:
    known = _rows.get(id(item))
    if known is None:
        if len(_rows) >= KEPT_ROWS:
            _rows.clear()
        known = _rows[id(item)] = item, {name: plain(value) for name, value in item.items()}
    return known[1]


def plain(value: Mapping[str, Any]) -> Any:
    ((kind, content),) = value.items()
    match kind:
        case "N":
            return int(content) if content.isdecimal() else Decimal(content)
        case "SS":
            return sorted(content)
        case "L":
            return [plain(inner) for inner in content]
        case "M":
            return {name: plain(inner) for name, inner in content.items()}
        case "NULL":
            return None
    return content


def picture(world: World) -> Picture:
    """At rest."""
    return {
        "members": {
            row["member_id"]: (row["role"], row.get("inviter_id"), row.get("relation"))
            for row in rows(world, "members")
        },
        "invitations": sorted(
            (row["kind"], row["inviter_id"], row.get("accepted_by") or "")
            for row in rows(world, "invitations")
        ),
        "candidates": {row["candidate_id"]: _candidate(row) for row in rows(world, "candidates")},
        "recommendations": sorted(
            (_recommendation(row) for row in rows(world, "recommendations")), key=str
        ),
        "matches": {row["pair_id"]: _match(row) for row in rows(world, "matches")},
        "photos counted": {
            owner: _without(row, "revision", "since", "expires_at_epoch")
            | {"places": len(row["places"])}
            for owner, row in quotas(world, "photos").items()
        },
        COUNTED: {day: len(row["ids"]) for day, row in quotas(world, DAYS).items() if "ids" in row},
        **_photos(world),
        "unsent": sorted(row["outbox_id"] for row in rows(world, "outbox")),
        "dead letters": {
            name: [letter.body for letter in queue.dead_letters]
            for name, queue in world.cloud.sqs.queues.items()
            if queue.dead_letters
        },
        "documents": {
            candidate_id: (content.text, _without(content.metadata, "version"))
            for candidate_id, content in world.cloud.bedrock.searchable().items()
        },
    }


def differences(
    one: Picture, other: Picture, *, but: Collection[str] = ()
) -> dict[str, tuple[Any, Any]]:
    """Each part that differs, as it is in either; parts in `but` may."""
    return {
        part: (one[part], other[part])
        for part in one
        if one[part] != other[part] and part not in but
    }


_TIMES = (
    *("created_at", "updated_at", "joined_at", "maker_joined_at"),
    *("left_joined_at", "right_joined_at"),
)


def _candidate(row: Plain) -> Plain:
    kept = _without(row, *_TIMES, "version", "index_version", "attention")
    return kept | {"indexed": row.get("index_version") == row["version"]}


def _recommendation(row: Plain) -> Plain:
    return {
        "maker": row["maker_id"],
        "seeker": row["candidate_id"],
        "status": row["status"],
        "open": row.get("open"),
        "failure": row.get("failure"),
        "ranking": [
            (one["candidate_id"], one["score"], json.dumps(one["parts"]), one["reason"])
            for one in row.get("result", {}).get("candidates", [])
        ],
    }


def _match(row: Plain) -> Plain:
    return _without(row, *_TIMES, "version", "blocks", *_REQUESTS) | {
        "accepted_by": sorted(row.get("accepted_by", [])),
        "blocked by": sorted(block["maker_id"] for block in row.get("blocks", [])),
    }


_REQUESTS = ("suggestion_id", "answered_with")


def _photos(world: World) -> Picture:
    held = world.cloud.s3.objects
    return {
        "photos": sorted(
            (row["candidate_id"], row["state"], row.get("reason") or "", row.get("position", 0))
            for row in rows(world, "photos")
        ),
        "files": sorted(_without_id(key) for key in held),
    }


def _without_id(key: str) -> str:
    """`photos/1280.jpg` of `photos/pho_…/1280.jpg`."""
    folder, _, name = key.partition("/")
    return folder + name[name.find("/") :] if "/" in name else folder


def _without(row: Mapping[str, Any], *names: str) -> Plain:
    return {name: value for name, value in row.items() if name not in names}
