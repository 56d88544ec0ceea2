"""The file that keeps the state: SQLite, one transaction for each save.

A kill leaves the last whole save, never half of one: SQLite's write-ahead log sees to it. `NORMAL`
leaves out the fsync at each commit. What was committed survives the end of the process; the end of
the machine (power) may take the last saves, and still leaves a whole file.
"""

import contextlib
import logging
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from embedded_aws.exclusive import CannotStart

logger = logging.getLogger("embedded_aws.state_file")

Row = tuple[str, str, str | None]
"""Id of a DynamoDB table, the row's key, the item as JSON; None for a row to delete."""

_SCHEMA = """
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS services (name TEXT PRIMARY KEY, content TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS rows (
        table_id TEXT, key TEXT, item TEXT NOT NULL, UNIQUE (table_id, key)
    );
"""


class CannotSave(OSError):
    """The state could not be written; the message names the file and says why."""


@dataclass
class Content:
    """What a state file holds."""

    services: dict[str, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    damaged: bool = False
    """Whether something could not be read."""


class StateFile:
    """`path` and what is in it. Used by one thread at a time, not always the same."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None

    def read(self) -> Content:
        """All that can be read. Of a damaged file a copy is kept, and a new one begun.

        Raises:
            CannotStart: it cannot be opened, which is no damage: the disk, permissions.
        """
        content = Content()
        if self.path.exists():
            self._read_services(content)
            self._read_rows(content)
            self._check(content)
        if content.damaged:
            self._set_aside()
        return content

    def write(
        self, services: Mapping[str, str], emptied_tables: Iterable[str], rows: Iterable[Row]
    ) -> None:
        """Keep `services`, forget what is in `emptied_tables`, keep `rows`; all of it or nothing.

        Raises:
            CannotSave: nothing of it was kept.
        """
        try:
            connection = self._opened()
            with connection:
                _write(connection, services, emptied_tables, rows)
        except (sqlite3.Error, OSError) as error:
            self.close()
            raise CannotSave(f"{self.path}: {error}") from error

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            opened = sqlite3.connect(self.path, check_same_thread=False)
            try:
                opened.executescript(_SCHEMA)
            except sqlite3.Error:
                opened.close()
                raise
            self._connection = opened
        return self._connection

    def close(self) -> None:
        """The next read or write opens it again."""
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _read_services(self, content: Content) -> None:
        """One by one, so that a damaged page costs what is on it."""
        try:
            names = [name for (name,) in self._opened().execute("SELECT name FROM services")]
        except sqlite3.Error as error:
            self._tell(content, "which services it holds", error)
            return
        for name in names:
            try:
                ((text,),) = self._opened().execute(
                    "SELECT content FROM services WHERE name = ?", (name,)
                )
            except (sqlite3.Error, ValueError) as error:
                self._tell(content, f"the state of {name}", error)
            else:
                content.services[name] = text

    def _read_rows(self, content: Content) -> None:
        try:  # in the order they were first written
            query = "SELECT table_id, key, item FROM rows ORDER BY rowid"
            for row in self._opened().execute(query):
                content.rows.append(row)
        except sqlite3.Error as error:
            self._tell(content, f"rows of tables after the first {len(content.rows)}", error)

    def _check(self, content: Content) -> None:
        """Damage that reading does not meet, an index for example, would end every save."""
        if content.damaged:
            return
        try:
            said = [line for (line,) in self._opened().execute("PRAGMA quick_check")]
        except sqlite3.Error as error:
            self._tell(content, "all of it", error)
            return
        if said != ["ok"]:
            self._tell(content, "all of it", ValueError(said[0]))

    def _tell(self, content: Content, what: str, error: Exception) -> None:
        if isinstance(error, sqlite3.OperationalError):  # damage is another DatabaseError
            raise CannotStart(
                f"cannot open {self.path} ({error}). Look at the disk and its permissions; "
                "`make reset` begins anew"
            ) from error
        content.damaged = True
        logger.error("%s is damaged: cannot read %s (%s)", self.path, what, error)

    def _set_aside(self) -> None:
        self.close()
        kept = self.path.with_name(f"{self.path.name}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S}")
        self.path.replace(kept)
        for suffix in ("-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                self.path.with_name(self.path.name + suffix).replace(f"{kept}{suffix}")
        logger.error(
            "kept as %s; what could be read is loaded. If something is missing: "
            "`make up` deploys the stacks again, `make reset` begins anew",
            kept,
        )


def _write(
    connection: sqlite3.Connection,
    services: Mapping[str, str],
    emptied_tables: Iterable[str],
    rows: Iterable[Row],
) -> None:
    connection.executemany(
        "INSERT INTO services VALUES (?, ?) "
        "ON CONFLICT (name) DO UPDATE SET content = excluded.content",
        services.items(),
    )
    connection.executemany(
        "DELETE FROM rows WHERE table_id = ?", ((table,) for table in emptied_tables)
    )
    for table, key, item in rows:
        if item is None:
            connection.execute("DELETE FROM rows WHERE table_id = ? AND key = ?", (table, key))
        else:
            connection.execute(
                "INSERT INTO rows VALUES (?, ?, ?) "
                "ON CONFLICT (table_id, key) DO UPDATE SET item = excluded.item",
                (table, key, item),
            )
