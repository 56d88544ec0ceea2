"""SIGKILL under load: what the embedded AWS answered more than 2 seconds before is still there."""

import itertools
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tests.integration.embedded_aws.server import REGION, Server

MAY_LOSE_SECONDS = 2.0
MARGIN_SECONDS = 1.0
"""On a slow machine. Less than the shortest time until a kill leaves for pauses of 5 seconds."""

KILLS = 2
ROWS = 2000
"""Rows there are beside what is written. A save costs what changed: 20,000 make no difference."""

TABLE, NAME = "written", "written"


class Writer:
    """Calls `write(n)` with 0, 1, 2, … in a thread, and remembers when each was answered."""

    def __init__(self, write: Callable[[int], None]) -> None:
        self.first = 0
        self._answered: dict[int, float] = {}
        self._write = write

    def start(self) -> None:
        self.first += len(self._answered) + 1  # the one that was not answered may be there
        self._answered = {}
        self._stopped = False
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def stop(self) -> None:
        self._stopped = True
        self._thread.join()

    def seconds_lost(self, found: set[int], killed_at: float) -> float:
        """How long before the kill the first write was answered that is not `found`."""
        assert self._answered
        lost = [answered for number, answered in self._answered.items() if number not in found]
        return killed_at - min(lost, default=killed_at)

    def longest_silence(self, killed_at: float) -> float:
        """Seconds between two answers, or the last one and the kill."""
        times = [*self._answered.values(), killed_at]
        return max(after - before for before, after in itertools.pairwise(times))

    def _run(self) -> None:
        with suppress(ClientError, BotoCoreError):
            for number in itertools.count(self.first):
                if self._stopped:
                    return
                self._write(number)
                self._answered[number] = time.monotonic()


def test_a_kill_loses_two_seconds_of_writes_at_most(own: Server) -> None:
    prepare(own, ROWS)
    for lost, silence in kills(own, KILLS):
        assert max(lost.values()) <= MAY_LOSE_SECONDS + MARGIN_SECONDS + silence, (lost, silence)
        assert lost["objects"] == 0


def prepare(server: Server, count: int) -> None:
    dynamodb = server.client("dynamodb")
    dynamodb.create_table(
        TableName=TABLE,
        KeySchema=[
            {"AttributeName": "kind", "KeyType": "HASH"},
            {"AttributeName": "n", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "kind", "AttributeType": "S"},
            {"AttributeName": "n", "AttributeType": "N"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    for first in range(0, count, 25):
        numbers = range(first, min(first + 25, count))
        puts = [{"PutRequest": {"Item": row(f"other-{n % 1000}", n)}} for n in numbers]
        dynamodb.batch_write_item(RequestItems={TABLE: puts})
    server.client("sqs").create_queue(QueueName=NAME)
    location = {"LocationConstraint": REGION}
    server.client("s3").create_bucket(Bucket=NAME, CreateBucketConfiguration=location)
    server.control("POST", "save")


def row(kind: str, number: int) -> dict[str, Any]:
    """Of the size of a candidate: 20 attributes, 1 kB."""
    texts = {f"attribute{index}": {"S": f"value {index} of {number} "} for index in range(16)}
    return {"kind": {"S": kind}, "n": {"N": str(number)}, "text": {"S": "x" * 300}, **texts}


def kills(server: Server, count: int) -> Iterator[tuple[dict[str, float], float]]:
    """Kill `server` while it is written to, `count` times.

    Yields: for each kill and kind of write, how many seconds of answered writes are lost; and for
        how many seconds at most nothing was answered, because the machine was busy elsewhere.
    """
    dynamodb, sqs, s3 = (server.client(name) for name in ("dynamodb", "sqs", "s3"))
    url = sqs.get_queue_url(QueueName=NAME)["QueueUrl"]

    def hand_on(number: int) -> None:
        """As the outbox does: a row, the message it is for, the row is deleted."""
        dynamodb.put_item(TableName=TABLE, Item=row("outbox", number))
        sqs.send_message(QueueUrl=url, MessageBody=str(number))
        key = {"kind": {"S": "outbox"}, "n": {"N": str(number)}}
        dynamodb.delete_item(TableName=TABLE, Key=key)

    writers = {
        "rows": Writer(lambda n: dynamodb.put_item(TableName=TABLE, Item=row("written", n))),
        "objects": Writer(lambda n: s3.put_object(Bucket=NAME, Key=str(n), Body=b"x" * 10_000)),
        "handed on": Writer(hand_on),
    }
    for _ in range(count):
        for writer in writers.values():
            writer.start()
        time.sleep(random.uniform(3.2, 4.2))  # noqa: S311  no secret
        killed_at = time.monotonic()
        server.stop(signal.SIGKILL)
        for writer in writers.values():
            writer.stop()
        server.start()
        handed_on = received(server, url) | numbers(server, "outbox")
        found = {
            "rows": numbers(server, "written"),
            "objects": {int(key) for key in keys(server)},
            "handed on": {n for n in handed_on if n >= writers["handed on"].first},
        }
        last = max(found["handed on"], default=0)
        before = set(range(writers["handed on"].first, last))
        assert before <= found["handed on"], "some are neither row nor message"
        lost = {kind: one.seconds_lost(found[kind], killed_at) for kind, one in writers.items()}
        yield lost, max(writer.longest_silence(killed_at) for writer in writers.values())


def numbers(server: Server, kind: str) -> set[int]:
    pages = server.client("dynamodb").get_paginator("query").paginate(
        TableName=TABLE,
        KeyConditionExpression="kind = :kind",
        ExpressionAttributeValues={":kind": {"S": kind}},
        ConsistentRead=True,
    )  # fmt: skip
    return {int(item["n"]["N"]) for page in pages for item in page["Items"]}


def keys(server: Server) -> list[str]:
    pages = server.client("s3").get_paginator("list_objects_v2").paginate(Bucket=NAME)
    return [entry["Key"] for page in pages for entry in page.get("Contents", [])]


def received(server: Server, url: str) -> set[int]:
    sqs = server.client("sqs")
    found: set[int] = set()
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found |= {int(message["Body"]) for message in messages}
    return found
