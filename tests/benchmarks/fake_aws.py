"""Something that answers the service's AWS calls quickly, so that the service is what is measured.

It is not DynamoDB and not SQS: one process keeps items in dicts, evaluates no condition, checks no
signature and answers after a set time. Every call crosses a real connection in AWS's own wire
format (JSON protocol 1.0), so the service does all the work it does on AWS.

    python -m tests.benchmarks.fake_aws PORT LATENCY_MILLISECONDS

reads `{"tables": {name: [item…]}, "jwks": {…}}` from standard input, items as DynamoDB JSON, prints
a line when it listens, and ends when its standard input does.
"""

import asyncio
import json
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, Final, cast

from pydantic_core import to_json

Item = dict[str, Any]
Answer = dict[str, Any]

KEYS: Final = {
    "members": "member_id",
    "invitations": "code",
    "candidates": "candidate_id",
    "recommendations": "recommendation_id",
    "matches": "pair_id",
    "photos": "photo_id",
    "outbox": "outbox_id",
    "idempotency": "id",
}

INDEXED: Final = ("maker_id", "inviter_id", "candidate_id", "left_id", "right_id")

_ASSIGNMENT = re.compile(r"([#\w]+) = (:\w+)(?:,|$| REMOVE)")
_TARGET = re.compile(rb"x-amz-target: *\w+\.(\w+)", re.IGNORECASE)
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
JWKS_PATH = b"/jwks"


class Tables:
    """Items by table and key; queries see the newest first, of one owner."""

    def __init__(self, seed: dict[str, list[Item]]) -> None:
        self._items: dict[str, dict[str, Item]] = {table: {} for table in KEYS}
        self._owned: dict[tuple[str, str, str], dict[str, None]] = defaultdict(dict)
        for table, items in seed.items():
            for item in items:
                self.put(table, item)

    def put(self, table: str, item: Item) -> None:
        key = item[KEYS[table]]["S"]
        self._items[table][key] = item
        for attribute in INDEXED:
            if attribute in item:
                self._owned[table, attribute, item[attribute]["S"]][key] = None

    def get(self, table: str, key: Item) -> Item | None:
        return self._items[table].get(_text(key))

    def delete(self, table: str, key: Item) -> None:
        item = self._items[table].pop(_text(key), None)
        for attribute in INDEXED:
            if item is not None and attribute in item:
                self._owned[table, attribute, item[attribute]["S"]].pop(_text(key), None)

    def set(self, table: str, key: Item, parameters: Answer) -> None:
        """Plain assignments only: a list that would be appended to stays as it is."""
        item = dict(self.get(table, key) or key)
        names = parameters.get("ExpressionAttributeNames", {})
        values = parameters.get("ExpressionAttributeValues", {})
        for name, value in _ASSIGNMENT.findall(parameters["UpdateExpression"]):
            item[names.get(name, name)] = values[value]
        self.put(table, item)

    def newest(self, table: str, attribute: str, owner: str, limit: int) -> Iterator[Item]:
        keys = reversed(self._owned[table, attribute, owner])
        return (self._items[table][key] for _, key in zip(range(limit), keys, strict=False))


class Operations:
    """What is answered to each `X-Amz-Target`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self.by_name: dict[str, Callable[[Answer], Answer]] = {
            "GetItem": self._get_item,
            "BatchGetItem": self._batch_get_item,
            "PutItem": self._put_item,
            "UpdateItem": self._update_item,
            "DeleteItem": self._delete_item,
            "TransactWriteItems": self._transact,
            "Query": self._query,
            "Scan": lambda _: {"Items": [], "Count": 0, "ScannedCount": 0},
            "SendMessage": lambda _: {"MessageId": "0" * 36, "MD5OfMessageBody": ""},
        }

    def _get_item(self, asked: Answer) -> Answer:
        item = self._tables.get(asked["TableName"], asked["Key"])
        return {} if item is None else {"Item": item}

    def _batch_get_item(self, asked: Answer) -> Answer:
        ((table, wanted),) = asked["RequestItems"].items()
        found = (self._tables.get(table, key) for key in wanted["Keys"])
        names = wanted["ExpressionAttributeNames"].values()
        items = [{name: item[name] for name in names if name in item} for item in found if item]
        return {"Responses": {table: items}, "UnprocessedKeys": {}}

    def _put_item(self, asked: Answer) -> Answer:
        self._tables.put(asked["TableName"], asked["Item"])
        return {}

    def _update_item(self, asked: Answer) -> Answer:
        self._tables.set(asked["TableName"], asked["Key"], asked)
        return {}

    def _delete_item(self, asked: Answer) -> Answer:
        self._tables.delete(asked["TableName"], asked["Key"])
        return {}

    def _transact(self, asked: Answer) -> Answer:
        single: dict[str, Callable[[Answer], Answer]] = {
            "Put": self._put_item,
            "Update": self._update_item,
            "Delete": self._delete_item,
            "ConditionCheck": lambda _: {},
        }
        for write in asked["TransactItems"]:
            ((kind, parameters),) = write.items()
            single[kind](parameters)
        return {}

    def _query(self, asked: Answer) -> Answer:
        if asked.get("IndexName") == "open":
            return {"Items": []}  # the reconciler's question: nothing is overdue
        (attribute,) = asked["ExpressionAttributeNames"].values()
        (owner,) = (_text({"": value}) for value in asked["ExpressionAttributeValues"].values())
        found = self._tables.newest(asked["TableName"], attribute, owner, asked.get("Limit", 100))
        return {"Items": list(found)}


class Connection(asyncio.Protocol):
    def __init__(self, operations: Operations, jwks: bytes, latency: float) -> None:
        self._operations = operations
        self._jwks = jwks
        self._latency = latency
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            head = self._received[:end]
            length = _LENGTH.search(head)
            after = end + 4 + (int(length.group(1)) if length else 0)
            if len(self._received) < after:
                return
            body, self._received = self._received[end + 4 : after], self._received[after:]
            answer = self._answer(head, body)
            asyncio.get_running_loop().call_later(self._latency, self._transport.write, answer)

    def _answer(self, head: bytes, body: bytes) -> bytes:
        if head.startswith(b"GET " + JWKS_PATH):
            return _response(b"200 OK", self._jwks)
        target = _TARGET.search(head)
        operation = target and self._operations.by_name.get(target.group(1).decode())
        if not operation:
            return _response(b"400 Bad Request", b'{"__type": "UnknownOperationException"}')
        # Compact and not escaped, as AWS writes it: what is parsed is part of the figures.
        return _response(b"200 OK", to_json(operation(json.loads(body))))


def _response(status: bytes, body: bytes) -> bytes:
    return (
        b"HTTP/1.1 %b\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: %d\r\n\r\n%b"
        % (status, len(body), body)
    )


def _text(key: Item) -> str:
    ((value,),) = (attribute.values() for attribute in key.values())
    return str(value)


async def serve(port: int, latency: float) -> None:
    seed = json.loads(sys.stdin.readline())
    operations = Operations(Tables(seed["tables"]))
    jwks = json.dumps(seed["jwks"]).encode()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Connection(operations, jwks, latency), "127.0.0.1", port
    )
    print("listening", flush=True)  # noqa: T201 - what the parent process waits for
    async with server:
        await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    import uvloop

    uvloop.run(serve(int(sys.argv[1]), float(sys.argv[2]) / 1000))
