"""A state that cannot be read is told with its path; the rest is loaded."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.integration.embedded_aws.server import Server
from tests.integration.embedded_aws.state import (
    TABLE,
    create_table,
    put,
    restart,
    rows,
    state_file,
)  # fmt: skip


def test_a_service_that_cannot_be_read_is_named_and_the_rest_loaded(own: Server) -> None:
    create_table(own, TABLE)
    put(own, TABLE, "a", v="kept")
    put(own, TABLE, "unreadable")
    own.client("sqs").create_queue(QueueName="gone")
    own.stop()
    with closing(sqlite3.connect(state_file(own))) as opened, opened:
        opened.execute("UPDATE services SET content = substr(content, 1, 50) WHERE name = 'sqs'")
        opened.execute("UPDATE rows SET item = '{' WHERE key LIKE '%unreadable%'")
    own.start()
    assert rows(own, TABLE) == {"a": "kept"}
    assert own.client("sqs").list_queues().get("QueueUrls", []) == []
    said = own.log.read_text()
    assert f"the state of sqs in {state_file(own)} cannot be read" in said
    assert "make reset" in said
    assert f"1 rows of tables in {state_file(own)} cannot be read" in said


def test_damaged_pages_cost_what_is_on_them(own: Server) -> None:
    create_table(own, TABLE)
    for number in range(200):
        put(own, TABLE, f"{number}", v=f"value-{number}" * 100)
    own.client("sqs").create_queue(QueueName="kept")
    own.stop()
    content = bytearray(state_file(own).read_bytes())
    half = content.index(b"value-100")
    content[half - 3000 : half + 5000] = b"\xff" * 8000
    state_file(own).write_bytes(content)
    own.start()
    assert len(own.client("sqs").list_queues()["QueueUrls"]) == 1
    found = rows(own, TABLE)
    assert 0 < len(found) < 200
    assert f"{state_file(own)} is damaged" in own.log.read_text()
    assert list(state_file(own).parent.glob("state.sqlite.damaged-*"))
    put(own, TABLE, "after")
    own.control("POST", "save")
    restart(own)
    assert rows(own, TABLE) == found | {"after": ""}


def test_a_file_that_is_no_state_does_not_keep_it_from_starting(own: Server) -> None:
    own.stop()
    state_file(own).write_bytes(b"not a database at all" * 500)
    own.start()
    assert f"{state_file(own)} is damaged" in own.log.read_text()
    create_table(own, TABLE)
    own.control("POST", "save")
    restart(own)
    assert rows(own, TABLE) == {}


def test_state_of_an_older_form_is_said(tmp_path: Path) -> None:
    old = tmp_path / "services/sqs.json"
    old.parent.mkdir()
    old.write_text(json.dumps({}))
    server = Server(tmp_path)
    with pytest.raises(AssertionError, match="state of an older version"):
        server.start()


def test_what_cannot_be_opened_is_not_taken_for_damaged(tmp_path: Path) -> None:
    """A full disk, for example: the file stays where it is."""
    file = tmp_path / "services/state.sqlite"
    file.mkdir(parents=True)
    with pytest.raises(AssertionError, match="cannot open"):
        Server(tmp_path).start()
    assert file.exists()
