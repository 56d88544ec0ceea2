"""What the embedded AWS keeps: over a stop all, over a kill all but the last moments."""

import json
import resource
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import pytest

from tests.integration.embedded_aws import knowledge
from tests.integration.embedded_aws.server import PYTHON, REGION, Server, environment
from tests.integration.embedded_aws.stacks import Stack

TABLE = "people"


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Server]:
    """A server of this test alone."""
    started = Server(tmp_path / "state").start()
    yield started
    if started.process and started.process.poll() is None:
        started.stop(signal.SIGKILL)


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
    deadline = time.monotonic() + 10
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


@contextmanager
def limited(server: Server) -> Iterator[None]:
    """Meanwhile no file of the server grows beyond 1 MB, as on a full disk."""
    process = psutil.Process(server.process.pid if server.process else 0)
    process.rlimit(psutil.RLIMIT_FSIZE, (1_000_000, resource.RLIM_INFINITY))
    yield
    process.rlimit(psutil.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def test_keeps_what_was_saved_over_a_kill_and_everything_over_a_stop(own: Server) -> None:
    s3 = own.client("s3")
    s3.create_bucket(Bucket="kept", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket="kept", Key="k", Body=b"bytes")
    base = knowledge.Knowledge.deployed(own, Stack(own, "kept"))
    base.ingest_and_wait(knowledge.document("m_1", "등산"))
    assert own.control("POST", "save") == {"saved": True}
    restart(own)
    assert base.found("등산") == ["m_1"]
    assert s3.get_object(Bucket="kept", Key="k")["Body"].read() == b"bytes"
    own.client("sqs").create_queue(QueueName="at-the-last-moment")
    create_table(own, "at-the-last-moment")
    put(own, "at-the-last-moment", "a")
    own.client("logs").create_log_group(logGroupName="/at-the-last-moment")
    assert own.stop() == 0
    assert "at-the-last-moment" in kept(own, "sqs")
    assert "at-the-last-moment" in kept(own, "cloudwatch_logs")
    own.start()
    assert rows(own, "at-the-last-moment") == {"a": ""}


def test_saves_by_itself_soon_after_a_call(server: Server) -> None:
    server.client("sqs").create_queue(QueueName="written-soon")
    with closing(Stack(server, "saves-by-itself")) as stack:
        base = knowledge.Knowledge.deployed(server, stack)
        base.ingest_and_wait(knowledge.document("m_written_soon", "등산"))
        wait_until(lambda: "written-soon" in kept(server, "sqs"))
        wait_until(lambda: "m_written_soon" in kept(server, "cufit_bedrock_documents"))


def test_logs_are_saved_at_the_end_alone(server: Server) -> None:
    """They grow with every call: copied each time somebody asks for a stack, they stop the server
    for seconds."""
    logs, group = server.client("logs"), "/cufit/at-the-end"
    logs.create_log_group(logGroupName=group)
    server.client("cloudformation").describe_stacks()
    create_table(server, "after-the-stacks")
    wait_until(lambda: "after-the-stacks" in kept(server, "dynamodb"))
    assert group not in kept(server, "cloudwatch_logs")


def test_every_way_to_change_a_row_is_saved(own: Server) -> None:
    create_table(own, TABLE)
    create_table(own, "made-anew")
    for key in "abcdefg":
        put(own, TABLE, key, v="old")
        put(own, "made-anew", key, v="old")
    own.control("POST", "save")
    dynamodb = own.client("dynamodb")
    one = {letter: {"id": {"S": letter}} for letter in "abcdefghi"}
    set_v = {
        "UpdateExpression": "SET v = :v",
        "ExpressionAttributeValues": {":v": {"S": "new"}},
    }
    dynamodb.update_item(TableName=TABLE, Key=one["a"], **set_v)
    dynamodb.delete_item(TableName=TABLE, Key=one["b"])
    batch = [{"DeleteRequest": {"Key": one["c"]}}, {"PutRequest": {"Item": one["h"]}}]
    dynamodb.batch_write_item(RequestItems={TABLE: batch})
    dynamodb.transact_write_items(
        TransactItems=[
            {"Delete": {"TableName": TABLE, "Key": one["d"]}},
            {"Update": {"TableName": TABLE, "Key": one["e"], **set_v}},
            {"Put": {"TableName": TABLE, "Item": one["i"]}},
        ]
    )
    dynamodb.execute_statement(Statement="UPDATE people SET v='new' WHERE id='f'")
    dynamodb.delete_table(TableName="made-anew")
    create_table(own, "made-anew")
    put(own, "made-anew", "z")
    wanted = {"a": "new", "e": "new", "f": "new", "g": "old", "h": "", "i": ""}
    assert rows(own, TABLE) == wanted
    own.control("POST", "save")
    restart(own)
    assert rows(own, TABLE) == wanted
    assert rows(own, "made-anew") == {"z": ""}


def test_knows_all_that_ministack_keeps_of_tables() -> None:
    code = (
        "from ministack.services import dynamodb; from embedded_aws import table_rows; "
        "assert set(dynamodb.get_state()) == {'tables', *table_rows.OTHER_STATE}; "
        "assert set(table_rows.state_without_rows()) == set(dynamodb.get_state())"
    )
    subprocess.run([PYTHON, "-c", code], env=environment(), check=True)


def test_a_save_that_fails_is_said_and_tried_again(own: Server) -> None:
    create_table(own, TABLE)
    own.control("POST", "save")
    with limited(own):
        for number in range(20):
            put(own, TABLE, f"large-{number}", v="x" * 300_000)
        wait_until(lambda: own.control("GET", "health")["not_saved"] is not None)
        assert str(state_file(own)) in own.control("GET", "health")["not_saved"]
        assert "NOT SAVED" in own.log.read_text()
        refused = own.request("POST", "/_cufit/save")
        assert refused.status_code == 507
        assert refused.json()["saved"] is False
        put(own, TABLE, "in-between", v="kept")
    wait_until(lambda: own.control("GET", "health")["not_saved"] is None)
    assert "saved again" in own.log.read_text()
    restart(own)
    found = rows(own, TABLE)
    assert len(found) == 21
    assert found["in-between"] == "kept"


def test_an_object_whose_file_fails_is_said_and_tried_again(own: Server) -> None:
    s3 = own.client("s3")
    s3.create_bucket(Bucket="photos", CreateBucketConfiguration={"LocationConstraint": REGION})
    own.control("POST", "save")
    with limited(own):
        s3.put_object(Bucket="photos", Key="large", Body=b"x" * 2_000_000)
        assert "1 objects of S3" in own.control("GET", "health")["not_saved"]
    wait_until(lambda: own.control("GET", "health")["not_saved"] is None)
    restart(own)
    assert len(s3.get_object(Bucket="photos", Key="large")["Body"].read()) == 2_000_000


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
