"""Plug-ins sqs_move_tasks, sqs_move_task_permissions: dead letters go back, once, none is lost."""

import json
import signal
import time
from typing import Any

import pytest

from tests.integration.embedded_aws.server import ACCOUNT, REGION, Server, allow
from tests.integration.embedded_aws.state import wait_until


def arn(name: str) -> str:
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"


class Letters:
    """Queue `name`, `name-dead` for its dead letters, and `name-other`."""

    def __init__(self, server: Server, name: str) -> None:
        self.name, self.sqs = name, server.client("sqs")
        self.dead, self.source = f"{name}-dead", arn(f"{name}-dead")
        redrive = {"deadLetterTargetArn": arn(self.dead), "maxReceiveCount": 1}
        self.sqs.create_queue(QueueName=self.dead)
        self.sqs.create_queue(QueueName=f"{name}-other")
        self.sqs.create_queue(
            QueueName=name,
            Attributes={"RedrivePolicy": json.dumps(redrive), "VisibilityTimeout": "0"},
        )

    def bury(self, *bodies: str) -> None:
        """Send `bodies` and receive them once too often."""
        for body in bodies:
            self.sqs.send_message(QueueUrl=self.url(self.name), MessageBody=body)
        while self.received(self.name, keep=True):
            """Until all are dead."""
        assert self.count(self.dead) == len(bodies)

    def url(self, name: str) -> str:
        found: str = self.sqs.get_queue_url(QueueName=name)["QueueUrl"]
        return found

    def count(self, name: str) -> int:
        attribute = "ApproximateNumberOfMessages"
        answer = self.sqs.get_queue_attributes(QueueUrl=self.url(name), AttributeNames=[attribute])
        return int(answer["Attributes"][attribute])

    def received(self, name: str, *, keep: bool = False) -> list[dict[str, Any]]:
        answer = self.sqs.receive_message(
            QueueUrl=self.url(name), MaxNumberOfMessages=10,
            MessageSystemAttributeNames=["All"], **({} if keep else {"VisibilityTimeout": 30}),
        )  # fmt: skip
        found: list[dict[str, Any]] = answer.get("Messages", [])
        return found

    def start(self, **settings: Any) -> str:
        answer = self.sqs.start_message_move_task(SourceArn=self.source, **settings)
        handle: str = answer["TaskHandle"]
        return handle

    def tasks(self, count: int = 10) -> list[dict[str, Any]]:
        answer = self.sqs.list_message_move_tasks(SourceArn=self.source, MaxResults=count)
        found: list[dict[str, Any]] = answer["Results"]
        return found

    def wait_until_moved(self, count: int) -> None:
        wait_until(lambda: self.tasks()[0]["ApproximateNumberOfMessagesMoved"] >= count)

    def wait_for(self, status: str) -> dict[str, Any]:
        wait_until(lambda: self.tasks()[0]["Status"] == status)
        return self.tasks()[0]


@pytest.fixture
def letters(server: Server, request: pytest.FixtureRequest) -> Letters:
    return Letters(server, request.node.name.replace("_", "-")[:60])


def test_back_to_where_they_came_from_as_new_messages(letters: Letters) -> None:
    letters.bury("a", "b", "c")
    started = time.time() * 1000
    letters.start()
    task = letters.wait_for("COMPLETED")
    assert started - 1 <= task.pop("StartedTimestamp") <= time.time() * 1000
    assert task == {
        "Status": "COMPLETED",
        "SourceArn": letters.source,
        "ApproximateNumberOfMessagesMoved": 3,
        "ApproximateNumberOfMessagesToMove": 3,
    }
    found = letters.received(letters.name)
    assert sorted(one["Body"] for one in found) == ["a", "b", "c"]
    for one in found:
        assert one["Attributes"]["ApproximateReceiveCount"] == "1"
        assert float(one["Attributes"]["SentTimestamp"]) >= started - 1
        assert "DeadLetterQueueSourceArn" not in one["Attributes"]
    assert letters.count(letters.dead) == 0


def test_to_another_queue(letters: Letters) -> None:
    letters.bury("a")
    destination = arn(f"{letters.name}-other")
    letters.start(DestinationArn=destination)
    assert letters.wait_for("COMPLETED")["DestinationArn"] == destination
    assert [one["Body"] for one in letters.received(f"{letters.name}-other")] == ["a"]


def test_at_a_rate_until_it_is_cancelled(letters: Letters) -> None:
    letters.bury(*(f"letter-{number}" for number in range(40)))
    handle = letters.start(MaxNumberOfMessagesPerSecond=4)
    with pytest.raises(letters.sqs.exceptions.UnsupportedOperation, match="a task is running"):
        letters.start()
    letters.wait_until_moved(2)
    running = letters.tasks()[0]
    assert (running["Status"], running["TaskHandle"]) == ("RUNNING", handle)
    assert running["MaxNumberOfMessagesPerSecond"] == 4
    cancelled = letters.sqs.cancel_message_move_task(TaskHandle=handle)
    task = letters.wait_for("CANCELLED")
    assert task["ApproximateNumberOfMessagesMoved"] < 40
    assert task["ApproximateNumberOfMessagesMoved"] == cancelled["ApproximateNumberOfMessagesMoved"]
    assert "TaskHandle" not in task
    moved = letters.count(letters.name)
    assert moved == task["ApproximateNumberOfMessagesMoved"]
    assert letters.count(letters.dead) == 40 - moved
    with pytest.raises(letters.sqs.exceptions.UnsupportedOperation, match="CANCELLED"):
        letters.sqs.cancel_message_move_task(TaskHandle=handle)


def test_a_fifo_queue_gets_its_letters_back_in_order(server: Server) -> None:
    sqs = server.client("sqs")
    fifo = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
    sqs.create_queue(QueueName="orders-dead.fifo", Attributes=fifo)
    redrive = {"deadLetterTargetArn": arn("orders-dead.fifo"), "maxReceiveCount": 1}
    url = sqs.create_queue(
        QueueName="orders.fifo",
        Attributes=fifo | {"RedrivePolicy": json.dumps(redrive), "VisibilityTimeout": "0"},
    )["QueueUrl"]  # fmt: skip
    for body in "abc":
        sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId="g")
    while sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        """Until all are dead."""
    standard = arn(sqs.create_queue(QueueName="orders")["QueueUrl"].rpartition("/")[2])
    source = arn("orders-dead.fifo")
    with pytest.raises(sqs.exceptions.UnsupportedOperation, match="FIFO"):
        sqs.start_message_move_task(SourceArn=source, DestinationArn=standard)
    sqs.start_message_move_task(SourceArn=source)
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "30"})
    tasks = sqs.list_message_move_tasks
    wait_until(lambda: tasks(SourceArn=source)["Results"][0]["Status"] == "COMPLETED")
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert [message["Body"] for message in found] == ["a", "b", "c"]


def test_of_unknown_origin_fails_and_stays(letters: Letters) -> None:
    letters.sqs.send_message(QueueUrl=letters.url(letters.dead), MessageBody="sent directly")
    letters.start()
    assert letters.wait_for("FAILED")["FailureReason"] == "CouldNotDetermineMessageSource"
    assert letters.count(letters.dead) == 1


def test_the_newest_ten_are_listed_newest_first(letters: Letters) -> None:
    for number in range(1, 13):
        letters.start(MaxNumberOfMessagesPerSecond=number)
        letters.wait_for("COMPLETED")
    rates = [task["MaxNumberOfMessagesPerSecond"] for task in letters.tasks()]
    assert rates == list(range(12, 2, -1))
    newest = letters.sqs.list_message_move_tasks(SourceArn=letters.source)["Results"]
    assert [task["MaxNumberOfMessagesPerSecond"] for task in newest] == [12]


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        ({"SourceArn": "nonsense"}, "InvalidAddress"),
        ({"SourceArn": arn("nowhere")}, "ResourceNotFoundException"),
        ({"DestinationArn": arn("nowhere")}, "ResourceNotFoundException"),
        ({"DestinationArn": "nonsense"}, "InvalidAddress"),
        ({"MaxNumberOfMessagesPerSecond": 501}, "InvalidParameterValue"),
        ({"MaxNumberOfMessagesPerSecond": 0}, "InvalidParameterValue"),
    ],
)
def test_what_cannot_start(server: Server, request_: dict[str, Any], error: str) -> None:
    letters = Letters(server, "cannot-start")
    with pytest.raises(letters.sqs.exceptions.ClientError, match=error):
        letters.sqs.start_message_move_task(**{"SourceArn": letters.source} | request_)


def test_only_from_a_dead_letter_queue(letters: Letters) -> None:
    with pytest.raises(letters.sqs.exceptions.UnsupportedOperation, match="not the dead-letter"):
        letters.sqs.start_message_move_task(SourceArn=arn(letters.name))


def test_handles_and_sources_that_are_none(letters: Letters) -> None:
    sqs = letters.sqs
    with pytest.raises(sqs.exceptions.InvalidAddress):
        sqs.cancel_message_move_task(TaskHandle="nonsense")
    with pytest.raises(sqs.exceptions.ResourceNotFoundException):
        sqs.list_message_move_tasks(SourceArn=arn("nowhere"))
    with pytest.raises(sqs.exceptions.ClientError, match="InvalidParameterValue"):
        sqs.list_message_move_tasks(SourceArn=letters.source, MaxResults=11)


def test_a_role_needs_the_source_alone(server: Server, letters: Letters) -> None:
    actions = ["sqs:StartMessageMoveTask", "sqs:CancelMessageMoveTask"]
    role = server.role(letters.name, allow(actions, letters.source))
    sqs = server.client("sqs", server.credentials_of(role))
    letters.bury(*"abcdef")
    handle = sqs.start_message_move_task(
        SourceArn=letters.source, MaxNumberOfMessagesPerSecond=1
    )["TaskHandle"]  # fmt: skip
    sqs.cancel_message_move_task(TaskHandle=handle)
    elsewhere = Letters(server, "elsewhere")
    with pytest.raises(sqs.exceptions.ClientError, match="AccessDenied"):
        sqs.start_message_move_task(SourceArn=elsewhere.source)
    with pytest.raises(sqs.exceptions.ClientError, match="AccessDenied"):
        sqs.list_message_move_tasks(SourceArn=letters.source)


def test_a_kill_in_the_middle_loses_and_doubles_nothing(own: Server) -> None:
    letters = Letters(own, "killed")
    bodies = [f"letter-{number}" for number in range(60)]
    letters.bury(*bodies)
    own.control("POST", "save")
    handle = letters.start(MaxNumberOfMessagesPerSecond=10)
    for moved in (8, 16):  # the first moves are saved by then
        letters.wait_until_moved(moved)
        own.stop(signal.SIGKILL)
        own.start()
        assert letters.tasks()[0]["Status"] == "RUNNING"
    letters.sqs.cancel_message_move_task(TaskHandle=handle)
    letters.wait_for("CANCELLED")
    letters.start()  # the rest at once
    letters.wait_for("COMPLETED")
    found: list[str] = []
    while messages := letters.received(letters.name):
        found += [message["Body"] for message in messages]
    assert sorted(found) == sorted(bodies)
