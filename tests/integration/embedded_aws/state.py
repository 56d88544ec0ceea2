"""What a server's state holds: the file, and tables with rows."""

import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.integration.embedded_aws.server import Server

TABLE = "people"


def state_file(server: Server) -> Path:
    return server.state / "services/state.sqlite"


def kept(server: Server, service: str) -> str:
    """The text that is kept of a service's state; empty when there is none."""
    query = "SELECT content FROM services WHERE name = ?"
    try:
        with closing(sqlite3.connect(f"file:{state_file(server)}?mode=ro", uri=True)) as opened:
            return "".join(text for (text,) in opened.execute(query, (service,)))
    except sqlite3.OperationalError:  # nothing was saved yet
        return ""


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 15
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def create_table(server: Server, name: str) -> None:
    server.client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


def put(server: Server, table: str, key: str, **attributes: str) -> None:
    item = {name: {"S": value} for name, value in {"id": key, **attributes}.items()}
    server.client("dynamodb").put_item(TableName=table, Item=item)


def rows(server: Server, table: str) -> dict[str, str]:
    """The value of attribute `v` by key."""
    pages = server.client("dynamodb").get_paginator("scan").paginate(TableName=table)
    found = [item for page in pages for item in page["Items"]]
    return {item["id"]["S"]: item.get("v", {}).get("S", "") for item in found}


def restart(server: Server, number: signal.Signals = signal.SIGKILL) -> None:
    server.stop(number)
    server.start()
