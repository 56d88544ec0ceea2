"""What the embedded AWS keeps: over a stop all, over a kill all but the last moments."""

import resource
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import pytest

from tests.integration.embedded_aws import knowledge
from tests.integration.embedded_aws.server import PYTHON, REGION, Server, environment
from tests.integration.embedded_aws.stacks import Stack
from tests.integration.embedded_aws.state import (
    TABLE,
    create_table,
    kept,
    put,
    restart,
    rows,
    state_file,
    wait_until,
)  # fmt: skip


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


A_ROW_HANDED_ON = """
import asyncio, os, sqlite3, sys
from pathlib import Path
from embedded_aws import environment
os.environ.update(environment.ministack_environment(1, Path(sys.argv[1])))
from embedded_aws import persistence
from ministack.services import dynamodb
persistence.take_over()
table = dynamodb._tables["outbox"] = {
    "TableId": "t", "TableName": "outbox", "items": {}, "GlobalSecondaryIndexes": [],
    "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
}
dynamodb._set_item(table, "handed on", "", {"k": {"S": "handed on"}})

def rows_after_a_save():
    try:
        asyncio.run(persistence.save(set()))
    except persistence.CannotSave as error:
        print(error)
    with sqlite3.connect(persistence._file.path) as opened:
        return opened.execute("SELECT count(*) FROM rows").fetchone()[0]

def unreadable():
    raise %s("read while it changed")

assert rows_after_a_save() == 1
readable, persistence._messages = persistence._messages, unreadable
dynamodb._remove_item(table, "handed on", "")
print("rows:", rows_after_a_save(), "not saved:", persistence.trouble())
persistence._messages = readable
print("rows:", rows_after_a_save(), "not saved:", persistence.trouble())
"""


@pytest.mark.parametrize("error", ["RuntimeError", "TypeError"])
def test_no_row_is_gone_before_the_queues_can_be_read(tmp_path: Path, error: str) -> None:
    done = subprocess.run(
        [PYTHON, "-c", A_ROW_HANDED_ON % error, tmp_path],
        env=environment(), check=True, capture_output=True, text=True,
    )  # fmt: skip
    why = "tables and rows wait for the queues, which cannot be read"
    assert done.stdout.splitlines() == [
        why, f"rows: 1 not saved: {why}", "rows: 0 not saved: None",
    ]  # fmt: skip


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
