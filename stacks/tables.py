"""The tables: keys, indexes and what expires.

Plain values without the CDK: the Data stack makes these tables, and so does every double of
DynamoDB in the tests. None can have an index that the others lack.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from cufit_contracts.items import PLACE_KEYS, PLACED_ATTRIBUTES

Index = tuple[str, str]
"""Partition key and sort key, both strings."""


@dataclass(frozen=True, slots=True)
class Table:
    key: str
    """Partition key, a string; there is no sort key."""
    indexes: Mapping[str, Index] = field(default_factory=dict)
    """By name."""
    shows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By index, what it holds besides the keys; one that is not named holds every attribute. At
    most 20 of an index and 100 of a table (DynamoDB API reference, Projection; 2026-11)."""
    expires_by: str | None = None
    """Attribute of the TTL, in seconds since the epoch."""


TABLES: Final[Mapping[str, Table]] = {
    "members": Table("member_id"),
    "invitations": Table(
        "code", {"by_inviter": ("inviter_id", "created_at")}, expires_by="expires_at_epoch"
    ),
    "candidates": Table(
        "candidate_id",
        {"by_maker": ("maker_id", "created_at"), "by_place": PLACE_KEYS},
        # The phone is not even copied there.
        {"by_place": tuple(sorted({*PLACED_ATTRIBUTES} - {"candidate_id"}))},
    ),
    "recommendations": Table(
        "recommendation_id",
        {"by_maker": ("maker_id", "created_at"), "open": ("open", "created_at")},
    ),
    "matches": Table(
        "pair_id", {"by_left": ("left_id", "created_at"), "by_right": ("right_id", "created_at")}
    ),
    "photos": Table(
        "photo_id",
        {"by_candidate": ("candidate_id", "created_at")},
        expires_by="expires_at_epoch",
    ),
    "outbox": Table("outbox_id"),
    "idempotency": Table("id", expires_by="expiration"),
}
"""One per aggregate, so that a role can be granted one."""
