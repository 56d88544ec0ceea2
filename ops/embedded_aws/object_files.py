"""S3's objects whose files could not be written: said, and tried again.

MiniStack writes an object's file before it answers. When that fails it logs a warning, answers as
if nothing were, and keeps the object in memory until the process ends.
"""

from typing import Any

from ministack.services import s3

Record = dict[str, Any]

_unwritten: dict[tuple[str, str], Record] = {}


def watch() -> None:
    """Note from now on which files could not be written."""
    persist = s3._persist_object

    def noting(bucket: str, key: str, record: Any) -> None:
        persist(bucket, key, record)
        if isinstance(record, dict) and record.get("body") is not None:
            _unwritten[bucket, key] = record
        else:
            _unwritten.pop((bucket, key), None)

    s3._persist_object = noting


def write_again() -> None:
    """Try the files again of objects that are still there."""
    for (bucket, key), record in list(_unwritten.items()):
        del _unwritten[bucket, key]
        objects = s3._buckets.get(bucket, {}).get("objects", {})
        if objects.get(key) is record:
            s3._persist_object(bucket, key, record)


def trouble() -> str | None:
    """How many objects have no file; None when all have."""
    if not _unwritten:
        return None
    return f"{len(_unwritten)} objects of S3 could not be written below {s3.DATA_DIR}"
