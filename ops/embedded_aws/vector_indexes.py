"""Which way an S3 Vectors index filters (user guide, index mode; botocore 1.44.5, s3vectors).

ENHANCED filters before it searches. CLASSIC filters while it searches: it looks at the nearest, and
may return fewer than asked although more match. Indexes are ENHANCED; those of vector buckets from
before 2026-09-30 are CLASSIC until somebody changes them.
"""

from collections.abc import Mapping
from typing import Any

from embedded_aws.account_facts import facts

ENHANCED, CLASSIC = "ENHANCED", "CLASSIC"

CLASSIC_REACH = 2
"""Times as many as asked are looked at by a CLASSIC index here. AWS does not say how many."""

_changed: dict[str, str] = {}
"""Mode by the ARN of an index."""


def mode_of(arn: str) -> str:
    return _changed.get(arn) or (CLASSIC if facts["old_vector_buckets"] else ENHANCED)


def change(arn: str, mode: str) -> None:
    _changed[arn] = mode


def arn_of(storage: Mapping[str, Any]) -> str:
    """Of the index that an s3VectorsConfiguration names, by its ARN or by bucket and name."""
    return storage.get("indexArn") or f"{storage['vectorBucketArn']}/index/{storage['indexName']}"


# MiniStack's contract of a service module with state.


def get_state() -> dict[str, str]:
    return dict(_changed)


def load_persisted_state(state: dict[str, str]) -> None:
    _changed.update(state)


def reset() -> None:
    _changed.clear()
